"""Articles with a copy in Django's cache (Django's ORM, psycopg; its Redis backend; ATOMIC_REQUESTS).

Modelled on Suor/django-cacheops #22 and PR 171: what a transaction has written is in Redis before it is committed, and
stays there when it is rolled back.
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
    CACHES={"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": os.environ["REDIS_URL"]}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
django.setup()

from django.core.cache import cache  # noqa: E402  # needs the settings
from django.db import models  # noqa: E402  # likewise


class Article(models.Model):
    """What is to be read, under a slug that its author chose."""

    slug = models.TextField(unique=True)
    title = models.TextField()

    class Meta:
        """Where it lies."""

        app_label, db_table = "press", "articles"


def page_of(article: Article) -> dict[str, object]:
    """What is shown of an article."""
    return {"id": article.pk, "slug": article.slug, "title": article.title}


def keep(article: Article) -> None:
    """Keep a copy in the cache."""
    cache.set(f"article:{article.pk}", page_of(article), timeout=3600)


def write(request: HttpRequest) -> JsonResponse:
    """Publish an article, once for each slug."""
    wanted = json.loads(request.body)
    article, _ = Article.objects.get_or_create(slug=wanted["slug"], defaults={"title": wanted["title"]})
    keep(article)
    return JsonResponse(page_of(article), status=201)


def read(request: HttpRequest, number: int) -> JsonResponse:
    """An article, from the cache where it is there."""
    page = cache.get(f"article:{number}") or page_of(Article.objects.get(pk=number))
    return JsonResponse(page)


urlpatterns = [path("articles", csrf_exempt(write)), path("articles/<int:number>", read)]
app = get_wsgi_application()
