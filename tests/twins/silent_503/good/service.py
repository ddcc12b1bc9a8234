"""A library's loans (Django's ORM, psycopg)."""

import json
import logging
import os
from collections.abc import Callable
from urllib.parse import urlsplit

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError, InterfaceError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

log = logging.getLogger("library")
database = urlsplit(os.environ["DATABASE_URL"])
settings.configure(
    SECRET_KEY=os.environ["SECRET_KEY"],
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[f"{__name__}.Unavailable"],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": database.hostname,
            "PORT": database.port,
            "USER": database.username,
            "PASSWORD": database.password,
            "NAME": database.path[1:],
            "OPTIONS": {"connect_timeout": 2, "options": "-c statement_timeout=500"},
        }
    },
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    LOGGING={
        "version": 1,
        "disable_existing_loggers": False,
        "handlers": {"console": {"class": "logging.StreamHandler"}},
        "root": {"handlers": ["console"]},
    },
)
django.setup()

from django.db import models  # noqa: E402  # models need the settings


class Loan(models.Model):
    """A book that somebody has."""

    reference = models.TextField(unique=True)
    reader = models.TextField()

    class Meta:
        """Where it lies."""

        app_label, db_table = "library", "loans"


class Unavailable:
    """Answers 503 where the database is not there, or not as it should be."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Say that it may be tried again."""
        if not isinstance(error, DatabaseError | InterfaceError):
            return None
        log.error("%s %s: the database failed", request.method, request.path, exc_info=error)
        return JsonResponse({"error": "try again later"}, status=503)


def lend(request: HttpRequest) -> JsonResponse:
    """Lend a book, once for each reference."""
    wanted = json.loads(request.body)
    with transaction.atomic():
        loan, _ = Loan.objects.get_or_create(reference=wanted["reference"], defaults={"reader": wanted["reader"]})
    return JsonResponse({"id": loan.pk}, status=201)


def show(request: HttpRequest, reference: str) -> JsonResponse:
    """Who has it."""
    return JsonResponse({"readers": list(Loan.objects.filter(reference=reference).values_list("reader", flat=True))})


urlpatterns = [path("loans", csrf_exempt(lend)), path("loans/<reference>", show)]
app = get_wsgi_application()
