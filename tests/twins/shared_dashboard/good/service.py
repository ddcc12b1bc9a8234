"""Dashboards of one's own (Django with sessions, on SQLite)."""

import os
import sys

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="only-for-trials",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions"],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["DATABASE"]}},
    USE_TZ=True,
)
django.setup()

from django.contrib.auth import authenticate, login  # noqa: E402
from django.contrib.auth.decorators import login_required  # noqa: E402
from django.core.management import execute_from_command_line  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpRequest, HttpResponse, JsonResponse  # noqa: E402
from django.shortcuts import redirect  # noqa: E402
from django.urls import path  # noqa: E402
from django.utils.html import format_html  # noqa: E402
from django.views.decorators.cache import cache_control  # noqa: E402


def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign somebody in."""
    user = authenticate(request, username=request.POST["username"], password=request.POST["password"])
    if user is None:
        return HttpResponse(status=403)
    login(request, user)
    return redirect("/")


@login_required
def queries(request: HttpRequest) -> HttpResponse:
    """Add a query to one's own dashboard."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO queries (owner, sql) VALUES (%s, %s)", [request.user.pk, request.POST["sql"]])
    return JsonResponse({"id": cursor.lastrowid}, status=201)


@cache_control(private=True, max_age=60)
@login_required
def dashboard(request: HttpRequest) -> HttpResponse:
    """One's own dashboard."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM queries WHERE owner = %s ORDER BY id", [request.user.pk])
        rows = cursor.fetchall()
    items = "".join(format_html("<li>{}</li>", sql) for (sql,) in rows)
    return HttpResponse(f"<h1>Dashboard of {request.user.username}</h1><ul>{items}</ul>")


urlpatterns = [path("sign-in", sign_in), path("queries", queries), path("dashboard", dashboard)]
app = get_wsgi_application()

if __name__ == "__main__":
    execute_from_command_line(sys.argv)
