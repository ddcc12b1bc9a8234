"""Rooms of a hub (Django without its ORM, sqlite3).

Modelled on jupyterhub/jupyterhub PR 5461 (https://github.com/jupyterhub/jupyterhub/pull/5461): the body is decoded
outside of what catches a body that is not JSON.
"""

import json
import os
import sqlite3
from contextlib import closing

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

settings.configure(SECRET_KEY=os.environ["SECRET_KEY"], ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__)
django.setup()


def refuse(problem: str) -> JsonResponse:
    """Say what is wrong with a request."""
    return JsonResponse({"error": problem}, status=400)


@csrf_exempt
@require_POST
def create(request: HttpRequest) -> JsonResponse:
    """Open a room; it may be open already."""
    body = request.body.strip().decode("utf-8")
    try:
        room = json.loads(body)
    except (json.JSONDecodeError, RecursionError):
        return refuse("the body is not JSON")
    name = room.get("name") if isinstance(room, dict) else None
    if not isinstance(name, str) or not name.isascii() or not 0 < len(name) <= 40:
        return refuse("write a name of 1 to 40 ASCII characters")
    with closing(sqlite3.connect(os.environ["DATABASE"])) as connection, connection:
        connection.execute("INSERT INTO rooms (name) VALUES (?) ON CONFLICT DO NOTHING", (name,))
    return JsonResponse({"name": name}, status=201)


urlpatterns = [path("rooms", create)]
app = get_wsgi_application()
