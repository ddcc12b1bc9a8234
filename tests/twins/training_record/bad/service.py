"""A list of trainings with a form for more (Django, psycopg).

Modelled on carpentries/amy #2511: whoever clicks twice creates two records.
"""

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
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": os.environ["DB_HOST"],
            "PORT": os.environ["DB_PORT"],
            "USER": os.environ["DB_USER"],
            "PASSWORD": os.environ["DB_PASSWORD"],
            "NAME": os.environ["DB_NAME"],
        }
    },
    LOGIN_URL="/sign-in",
    USE_TZ=True,
)
django.setup()

from django.contrib.auth import authenticate, login  # noqa: E402
from django.contrib.auth.decorators import login_required  # noqa: E402
from django.core.asgi import get_asgi_application  # noqa: E402
from django.core.management import execute_from_command_line  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.middleware.csrf import get_token  # noqa: E402
from django.shortcuts import redirect  # noqa: E402
from django.urls import path  # noqa: E402
from django.utils.html import escape  # noqa: E402


def page(request: HttpRequest, *fields: str) -> HttpResponse:
    """A page with one form."""
    token = f'<input type="hidden" name="csrfmiddlewaretoken" value="{get_token(request)}">'
    return HttpResponse(f'<form method="post">{token}{"".join(fields)}<button>Save</button></form>')


def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign a trainer in."""
    if request.method == "POST":
        user = authenticate(request, username=request.POST["username"], password=request.POST["password"])
        if user is not None:
            login(request, user)
            return redirect("/trainings")
    return page(request, '<input name="username">', '<input name="password" type="password">')


@login_required
def trainings(request: HttpRequest) -> HttpResponse:
    """The trainer's own trainings."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT trainee, kind FROM trainings WHERE trainer = %s ORDER BY trainee", [request.user.pk])
        rows = cursor.fetchall()
    return HttpResponse("".join(f"<li>{escape(trainee)}: {escape(kind)}</li>" for trainee, kind in rows))


@login_required
def new_training(request: HttpRequest) -> HttpResponse:
    """Record a training."""
    if request.method == "POST":
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO trainings (trainer, trainee, kind) VALUES (%s, %s, %s)",
                [request.user.pk, request.POST["trainee"], request.POST["kind"]],
            )
        return redirect("/trainings")
    kinds = "<option>Teaching<option>Welcome"
    return page(request, '<input name="trainee">', f'<select name="kind">{kinds}</select>')


urlpatterns = [path("sign-in", sign_in), path("trainings", trainings), path("trainings/new", new_training)]
app = get_asgi_application()

if __name__ == "__main__":
    execute_from_command_line(sys.argv)
