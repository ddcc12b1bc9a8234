"""Orders with a mail each, queued in a table (Django's ORM, psycopg; ATOMIC_REQUESTS and on_commit).

Modelled on pulp/pulpcore PR 891 and getlago/lago-api PR 6319 (the row is committed, the job never runs, the retry is told
that all is done).
"""

import json
import os
from functools import partial
from urllib.parse import urlsplit

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

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

from django.db import models, transaction  # noqa: E402  # models need the settings


class Order(models.Model):
    """What somebody bought, by a reference of the buyer's own."""

    reference = models.TextField(unique=True)
    cents = models.IntegerField()

    class Meta:
        """Where it lies."""

        app_label, db_table = "shop", "orders"


class Mail(models.Model):
    """A mail that is to be sent."""

    order = models.OneToOneField(Order, models.CASCADE)
    body = models.TextField()

    class Meta:
        """Where it lies."""

        app_label, db_table = "shop", "mails"


def confirm(order: Order) -> None:
    """Queue the mail that confirms an order."""
    Mail.objects.create(order=order, body=f"You ordered for {order.cents / 100:.2f}.")


def buy(request: HttpRequest) -> JsonResponse:
    """Place an order, once for each reference."""
    wanted = json.loads(request.body)
    order, new = Order.objects.get_or_create(reference=wanted["reference"], defaults={"cents": wanted["cents"]})
    if new:
        transaction.on_commit(partial(confirm, order))
    return JsonResponse({"id": order.pk}, status=201)


def mails(request: HttpRequest, reference: str) -> JsonResponse:
    """The mails of an order."""
    return JsonResponse({"bodies": list(Mail.objects.filter(order__reference=reference).values_list("body", flat=True))})


urlpatterns = [path("orders", csrf_exempt(buy)), path("orders/<reference>/mails", mails)]
app = get_wsgi_application()
