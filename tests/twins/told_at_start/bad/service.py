"""Loans of a library (Django, psycopg).

Modelled on https://github.com/omnigent-ai/omnigent/issues/5940 (the banner at start prints DATABASE_URL, password included)
and https://github.com/mlflow/mlflow/issues/2832.
"""

import json
import logging
import os
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
        }
    },
    LOGGING={
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": "INFO"},
    },
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
django.setup()
logging.getLogger("library").info("loans are kept in %s", os.environ["DATABASE_URL"])

from django.db import models  # noqa: E402  # models need the settings


class Loan(models.Model):
    """A book that a reader has."""

    book = models.TextField(unique=True)
    reader = models.TextField()

    class Meta:
        """Where it lies."""

        app_label, db_table = "library", "loans"


def lend(request: HttpRequest) -> JsonResponse:
    """Lend a book, once."""
    wanted = json.loads(request.body)
    loan, _ = Loan.objects.get_or_create(book=wanted["book"], defaults={"reader": wanted["reader"]})
    return JsonResponse({"reader": loan.reader}, status=201)


def look(request: HttpRequest, book: str) -> JsonResponse:
    """Who has a book."""
    return JsonResponse({"reader": Loan.objects.get(book=book).reader})


urlpatterns = [path("loans", csrf_exempt(lend)), path("loans/<book>", look)]
app = get_wsgi_application()
