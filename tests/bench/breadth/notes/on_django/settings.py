"""The settings: PostgreSQL by the psycopg that is there, 3 before 2, or SQLite."""

import os
from urllib.parse import unquote, urlsplit

from stores import LIBPQ

SECRET_KEY = "not a secret: a benched service"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "on_django.urls"
INSTALLED_APPS = ["on_django"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"]},
}

if path := os.environ.get("DATABASE_PATH"):
    DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": path}}
else:
    url = urlsplit(os.environ["DATABASE_URL"])
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": url.hostname,
            "PORT": url.port,
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "NAME": url.path.lstrip("/"),
            "OPTIONS": LIBPQ,
        }
    }
