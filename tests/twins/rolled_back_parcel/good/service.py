"""Orders that a carrier delivers (Django's ORM, psycopg; requests): committed first, shipped under the order's own key."""

import json
import os
from urllib.parse import urlsplit

import django
import requests
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

CARRIER = "https://api.carrier.example"
database = urlsplit(os.environ["DATABASE_URL"])
settings.configure(
    SECRET_KEY=os.environ["SECRET_KEY"],
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": database.hostname,
            "PORT": database.port,
            "USER": database.username,
            "PASSWORD": database.password,
            "NAME": database.path[1:],
        }
    },
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
django.setup()

from django.db import models  # noqa: E402  # models need the settings


class Order(models.Model):
    """What somebody bought, by a reference of the buyer's own."""

    reference = models.TextField(unique=True)
    item = models.TextField()
    shipped = models.BooleanField(default=False)

    class Meta:
        """Where it lies."""

        app_label, db_table = "shop", "orders"


def buy(request: HttpRequest) -> JsonResponse:
    """Place an order, once for each reference, and have it delivered unless it was."""
    wanted = json.loads(request.body)
    order, _ = Order.objects.get_or_create(reference=wanted["reference"], defaults={"item": wanted["item"]})
    if not order.shipped:
        parcel, key = {"reference": order.reference, "item": order.item}, {"Idempotency-Key": f"order-{order.pk}"}
        requests.post(f"{CARRIER}/v1/shipments", json=parcel, headers=key, timeout=3).raise_for_status()
        Order.objects.filter(pk=order.pk).update(shipped=True)
    return JsonResponse({"id": order.pk}, status=201)


def show(request: HttpRequest, reference: str) -> JsonResponse:
    """An order."""
    return JsonResponse(Order.objects.filter(reference=reference).values("id", "item").get())


urlpatterns = [path("orders", csrf_exempt(buy)), path("orders/<reference>", show)]
app = get_wsgi_application()
