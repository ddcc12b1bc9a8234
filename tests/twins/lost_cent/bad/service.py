"""Orders in a shop (Django on SQLite).

Modelled on https://github.com/renderbox/django-vendor/pull/460: a price of 7.77 is charged as 7.76.
"""

import os
import sys

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="only-for-trials",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[],
    MIDDLEWARE=[],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["DATABASE"]}},
    USE_TZ=True,
)
django.setup()

import json  # noqa: E402

from django.core.management import execute_from_command_line  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpRequest, HttpResponse, JsonResponse  # noqa: E402
from django.urls import path  # noqa: E402


def cents(amount: str) -> int:
    """An amount as the bank wants it."""
    return int(float(amount) * 100)


def orders(request: HttpRequest) -> HttpResponse:
    """Place an order."""
    wish = json.loads(request.body)
    with connection.cursor() as cursor:
        cursor.execute("SELECT price FROM goods WHERE name = %s", [wish["goods"]])
        (price,) = cursor.fetchone()
        cursor.execute("INSERT INTO orders (goods, amount_cents) VALUES (%s, %s)", [wish["goods"], cents(price)])
        number = cursor.lastrowid
    charge = {"amount": cents(price), "currency": "eur"}
    return JsonResponse({"order": number, "price": price, "charge": charge}, status=201)


def order(_: HttpRequest, number: int) -> HttpResponse:
    """One order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT goods, amount_cents FROM orders WHERE id = %s", [number])
        goods, amount = cursor.fetchone()
    return JsonResponse({"order": number, "goods": goods, "amount": amount})


urlpatterns = [path("orders", orders), path("orders/<int:number>", order)]
app = get_wsgi_application()

if __name__ == "__main__":
    execute_from_command_line(sys.argv)
