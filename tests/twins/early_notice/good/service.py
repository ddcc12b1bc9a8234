"""Bundles of pages that are reviewed before they are published (Django's mail, psycopg; ATOMIC_REQUESTS).

Modelled on https://github.com/ONSdigital/dis-wagtail/pull/826: a mail leaves when what it tells of is committed. What is
to be told is committed with it, so that a retry sends what was not sent; what may have been sent keeps its Message-ID.
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

from django.core.mail import EmailMessage  # noqa: E402  # likewise
from django.db import models, transaction  # noqa: E402  # models need the settings


class Bundle(models.Model):
    """Pages that are published together."""

    name = models.TextField(unique=True)
    status = models.TextField(default="in review")

    class Meta:
        """Where it lies."""

        app_label, db_table = "bundles", "bundles"


class Notice(models.Model):
    """What the reviewers are to be told, and whether they were."""

    bundle = models.OneToOneField(Bundle, models.CASCADE, primary_key=True)
    sent = models.BooleanField(default=False)

    class Meta:
        """Where it lies."""

        app_label, db_table = "bundles", "notices"


@transaction.atomic
def notify() -> None:
    """Tell the reviewers what they were not told yet."""
    for notice in Notice.objects.select_for_update().filter(sent=False):
        name = notice.bundle.name
        EmailMessage(
            subject=f"Bundle {name} is ready for review",
            body=f"Look at it: https://cms.example/bundles/{name}\n",
            from_email="cms@example.org",
            to=["reviewers@example.org"],
            headers={"Message-ID": f"<notice-{notice.pk}@cms.example>"},
        ).send()
        notice.sent = True
        notice.save()


def submit(request: HttpRequest) -> JsonResponse:
    """Submit a bundle, once for each name."""
    bundle, new = Bundle.objects.get_or_create(name=json.loads(request.body)["name"])
    if new:
        Notice.objects.create(bundle=bundle)
    transaction.on_commit(notify)
    return JsonResponse({"name": bundle.name, "status": bundle.status}, status=201)


def show(request: HttpRequest, name: str) -> JsonResponse:
    """A bundle."""
    return JsonResponse({"name": name, "status": Bundle.objects.get(name=name).status})


urlpatterns = [path("bundles", csrf_exempt(submit)), path("bundles/<name>", show)]
app = get_wsgi_application()
