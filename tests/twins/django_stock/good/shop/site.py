"""Reservations of items (Django's ORM on SQLite, ASGI)."""

import os

import django
from django.conf import settings

settings.configure(
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": os.environ["DATABASE"],
            "OPTIONS": {"transaction_mode": "IMMEDIATE"},  # who reads in order to write waits for his turn first
        }
    },
    INSTALLED_APPS=["shop"],
    ROOT_URLCONF="shop.site",
    SECRET_KEY="only for tests",
    ALLOWED_HOSTS=["*"],
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
django.setup()

from django.core.asgi import get_asgi_application
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, JsonResponse
from django.urls import path

from shop.models import Item, Reservation


def reserve(request: HttpRequest, name: str) -> JsonResponse:
    """Keep one for the buyer."""
    buyer = request.POST["buyer"]
    with transaction.atomic():
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
