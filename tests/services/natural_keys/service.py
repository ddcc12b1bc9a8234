"""Mailing lists, whose readers are known by their address (Django's ORM over ASGI, psycopg; sync and async views)."""

import json
import logging
import os
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import django
from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.db import DatabaseError, InterfaceError
from django.http import Http404, HttpRequest, JsonResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

log = logging.getLogger("mails")
ADDRESS = re.compile(r"[a-z0-9.-]{1,60}@[a-z0-9.-]{1,60}")
database = urlsplit(os.environ["DATABASE_URL"])
settings.configure(
    SECRET_KEY=os.environ["SECRET_KEY"],
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[f"{__name__}.Unavailable"],
    LOGGING={
        "version": 1,
        "disable_existing_loggers": False,
        "handlers": {"console": {"class": "logging.StreamHandler"}},
        "root": {"handlers": ["console"], "level": "WARNING"},
    },
    USE_TZ=True,
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
)
django.setup()

from django.db import models, transaction  # noqa: E402  # models need the settings


class List(models.Model):
    """A mailing list, by its natural key."""

    slug = models.TextField(unique=True)
    readers = models.IntegerField(default=0)

    class Meta:
        """Where it lies."""

        app_label, db_table = "mails", "lists"


class Reader(models.Model):
    """Somebody who reads a list."""

    list = models.ForeignKey(List, models.CASCADE)
    email = models.TextField()
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        """Where it lies, and its natural key."""

        app_label, db_table = "mails", "readers"
        unique_together = (("list", "email"),)


class Unavailable:
    """Answers 503 where the database is not there, or not as it should be."""

    sync_capable = async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        """Go on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> JsonResponse | None:
        """Say that it may be tried again, and write down why."""
        if not isinstance(error, DatabaseError | InterfaceError):
            return None
        log.error("%s %s: the database failed", request.method, request.path, exc_info=error)
        return JsonResponse({"error": "try again later"}, status=503)


def address_in(body: bytes) -> str:
    """The address that a body names, or ""."""
    try:
        wanted = json.loads(body)
    except ValueError:
        return ""
    match wanted:
        case {"email": str(email)} if ADDRESS.fullmatch(email):
            return email
    return ""


@csrf_exempt
@transaction.atomic
def subscribe(request: HttpRequest, slug: str) -> JsonResponse:
    """Subscribe an address, once; the list is counted while it is locked."""
    email = address_in(request.body)
    if not email:
        return JsonResponse({"error": "an address is needed"}, status=400)
    mailing_list = List.objects.select_for_update().filter(slug=slug).first()
    if mailing_list is None:
        raise Http404
    _, new = Reader.objects.get_or_create(list=mailing_list, email=email)
    if new:
        mailing_list.readers = models.F("readers") + 1
        mailing_list.save(update_fields=["readers"])
    return JsonResponse({"email": email}, status=201)


async def count(request: HttpRequest, slug: str) -> JsonResponse:
    """How many read a list."""
    mailing_list = await List.objects.filter(slug=slug).afirst()
    if mailing_list is None:
        raise Http404
    return JsonResponse({"readers": mailing_list.readers})


urlpatterns = [path("lists/<slug>/readers", subscribe), path("lists/<slug>", count)]
app = get_asgi_application()
