"""Bundles of pages that are reviewed before they are published (Django's mail, psycopg; ATOMIC_REQUESTS).

Modelled on https://github.com/ONSdigital/dis-wagtail/pull/826: the mail is on its way before anything is committed.
"""

import json
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
    EMAIL_HOST=os.environ["MAIL_HOST"],
    EMAIL_PORT=int(os.environ["MAIL_PORT"]),
    EMAIL_TIMEOUT=2,
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

from django.core.mail import send_mail  # noqa: E402  # likewise
from django.db import models  # noqa: E402  # models need the settings


class Bundle(models.Model):
    """Pages that are published together."""

    name = models.TextField(unique=True)
    status = models.TextField(default="in review")

    class Meta:
        """Where it lies."""

        app_label, db_table = "bundles", "bundles"


def notify(bundle: Bundle) -> None:
    """Tell the reviewers."""
    send_mail(
        subject=f"Bundle {bundle.name} is ready for review",
        message=f"Look at it: https://cms.example/bundles/{bundle.name}\n",
        from_email="cms@example.org",
        recipient_list=["reviewers@example.org"],
    )


def submit(request: HttpRequest) -> JsonResponse:
    """Submit a bundle, once for each name."""
    bundle, new = Bundle.objects.get_or_create(name=json.loads(request.body)["name"])
    if new:
        notify(bundle)
    return JsonResponse({"name": bundle.name, "status": bundle.status}, status=201)


def show(request: HttpRequest, name: str) -> JsonResponse:
    """A bundle."""
    return JsonResponse({"name": name, "status": Bundle.objects.get(name=name).status})


urlpatterns = [path("bundles", csrf_exempt(submit)), path("bundles/<name>", show)]
app = get_wsgi_application()
