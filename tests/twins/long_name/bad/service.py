"""Tables of a team, by name (Django's ORM, psycopg).

Modelled on baserow/baserow #3099 (https://github.com/baserow/baserow/issues/3099): a name that is longer than its
column is the database's to refuse.
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
from django.views.decorators.http import require_POST

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


class Table(models.Model):
    """A table of the team."""

    name = models.CharField(max_length=60)

    class Meta:
        """Where it lies."""

        app_label, db_table = "tables", "tables"


def printable(value: object) -> bool:
    """Whether a value is a text that a person can read."""
    return isinstance(value, str) and bool(value.strip()) and value.isprintable()


@csrf_exempt
@require_POST
def create(request: HttpRequest) -> JsonResponse:
    """Create a table."""
    try:
        name = json.loads(request.body.decode())["name"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return JsonResponse({"error": "write a JSON object with a name"}, status=400)
    if not printable(name):
        return JsonResponse({"error": "the name is empty, or cannot be read"}, status=400)
    table = Table.objects.create(name=name)
    return JsonResponse({"id": table.pk, "name": table.name}, status=201)


urlpatterns = [path("tables", create)]
app = get_wsgi_application()
