"""Mailing lists, whose readers are known by their address (Django's ORM over ASGI, psycopg; sync and async views)."""

import json
import os
from urllib.parse import urlsplit

import django
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

database = urlsplit(os.environ["DATABASE_URL"])
settings.configure(
    SECRET_KEY=os.environ["SECRET_KEY"],
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
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


@csrf_exempt
@transaction.atomic
def subscribe(request: HttpRequest, slug: str) -> JsonResponse:
    """Subscribe an address, once; the list is counted while it is locked."""
    email = json.loads(request.body)["email"]
    mailing_list = List.objects.select_for_update().get(slug=slug)
    _, new = Reader.objects.get_or_create(list=mailing_list, email=email)
    if new:
        mailing_list.readers = models.F("readers") + 1
        mailing_list.save(update_fields=["readers"])
    return JsonResponse({"email": email}, status=201)


async def count(request: HttpRequest, slug: str) -> JsonResponse:
    """How many read a list."""
    mailing_list = await List.objects.aget(slug=slug)
    return JsonResponse({"readers": mailing_list.readers})


urlpatterns = [path("lists/<slug>/readers", subscribe), path("lists/<slug>", count)]
app = get_asgi_application()
