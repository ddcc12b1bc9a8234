"""Orders of items (Django's ORM on SQLite, ASGI).

Modelled on https://github.com/diefenbach/django-lfs/issues/54 and https://github.com/samuelcolvin/nosht/pull/226:
what an order takes is not given back when the order is cancelled.
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
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone

from shop.models import Item, Order


@transaction.atomic
def order(request: HttpRequest, name: str) -> JsonResponse:
    """Take some for the buyer."""
    quantity = int(request.POST["quantity"])
    item = get_object_or_404(Item, name=name)
    if item.left < quantity:
        return JsonResponse({"left": item.left}, status=409)
    item.left -= quantity
    item.save()
    made = Order.objects.create(item=item, buyer=request.POST["buyer"], quantity=quantity)
    return JsonResponse({"number": made.pk}, status=201)


@transaction.atomic
def cancel(request: HttpRequest, number: int) -> HttpResponse:
    """Keep the order as cancelled."""
    if request.headers.get("X-Desk-Key") != os.environ["DESK_KEY"]:
        return HttpResponse(status=403)
    found = get_object_or_404(Order, pk=number, cancelled=None)
    found.cancelled = timezone.now()
    found.save()
    return HttpResponse(status=204)


def show(request: HttpRequest, name: str) -> JsonResponse:
    """Show what is left."""
    return JsonResponse({"left": get_object_or_404(Item, name=name).left})


urlpatterns = [
    path("items/<name>/orders", order),
    path("items/<name>", show),
    path("orders/<int:number>/cancel", cancel),
]
application = get_asgi_application()
