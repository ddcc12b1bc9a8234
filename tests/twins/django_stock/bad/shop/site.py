"""Reservations of items (Django's ORM on SQLite, ASGI).

Modelled on climateconnect/climatehub PR 1408: two saves that belong together, each in a transaction of its own. A crash
between them keeps the lamp for the buyer and leaves the stock as it was, and the retry finds the reservation made.
"""

import os

import django
from django.conf import settings

settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["DATABASE"]}},
    INSTALLED_APPS=["shop"],
    ROOT_URLCONF="shop.site",
    SECRET_KEY="only for tests",
    ALLOWED_HOSTS=["*"],
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
django.setup()

from django.core.asgi import get_asgi_application
from django.db.models import F
from django.http import HttpRequest, JsonResponse
from django.urls import path

from shop.models import Item, Reservation


def reserve(request: HttpRequest, name: str) -> JsonResponse:
    """Keep one for the buyer."""
    buyer = request.POST["buyer"]
    item = Item.objects.get(name=name)
    _, made = Reservation.objects.get_or_create(item=item, buyer=buyer)
    if made:
        Item.objects.filter(name=name).update(left=F("left") - 1)
    return JsonResponse({"item": name, "buyer": buyer}, status=201)


def show(request: HttpRequest, name: str) -> JsonResponse:
    """Show what is left."""
    return JsonResponse({"left": Item.objects.get(name=name).left})


urlpatterns = [path("items/<name>/reservations", reserve), path("items/<name>", show)]
application = get_asgi_application()
