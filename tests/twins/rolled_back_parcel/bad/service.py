"""Orders that a carrier delivers (Django's ORM, psycopg, ATOMIC_REQUESTS; requests).

Modelled on https://github.com/yunojuno/django-side-effects/pull/22 (a card charged and a mail sent from within a transaction
that was rolled back) and https://github.com/netbox-community/netbox/issues/9466 (webhooks of what was never committed).
"""

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
            "ATOMIC_REQUESTS": True,
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

    class Meta:
        """Where it lies."""

        app_label, db_table = "shop", "orders"


def buy(request: HttpRequest) -> JsonResponse:
    """Place an order, once for each reference, and have it delivered."""
    wanted = json.loads(request.body)
    order, new = Order.objects.get_or_create(reference=wanted["reference"], defaults={"item": wanted["item"]})
    if new:
        parcel = {"reference": order.reference, "item": order.item}
        requests.post(f"{CARRIER}/v1/shipments", json=parcel, timeout=3).raise_for_status()
    return JsonResponse({"id": order.pk}, status=201)


def show(request: HttpRequest, reference: str) -> JsonResponse:
    """An order."""
    return JsonResponse(Order.objects.filter(reference=reference).values("id", "item").get())


urlpatterns = [path("orders", csrf_exempt(buy)), path("orders/<reference>", show)]
app = get_wsgi_application()
