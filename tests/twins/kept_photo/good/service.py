"""An album that guests add photos to (Django's FileField, psycopg; ATOMIC_REQUESTS).

Modelled on https://github.com/un1t/django-cleanup/issues/112: a rollback does not take the file back. So a file is
kept under the digest of what is in it: the retry finds it, or writes the same once more.
"""

import hashlib
import os
from pathlib import Path
from tempfile import NamedTemporaryFile
from urllib.parse import urlsplit

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import FileResponse, HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

database = urlsplit(os.environ["DATABASE_URL"])
settings.configure(
    SECRET_KEY=os.environ["SECRET_KEY"],
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    MEDIA_ROOT=os.environ["MEDIA_ROOT"],
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

from django.core.files import File  # noqa: E402  # likewise
from django.db import models  # noqa: E402  # models need the settings


class Photo(models.Model):
    """A photo, by a reference of the guest's own."""

    reference = models.TextField(unique=True)
    file = models.FileField(upload_to="photos", max_length=None)

    class Meta:
        """Where it lies."""

        app_label, db_table = "album", "photos"


def kept(upload: File) -> str:
    """Keep a file under the digest of its content, whole or not at all; its name."""
    content = upload.read()
    name = f"photos/{hashlib.sha256(content).hexdigest()}.png"
    place = Path(settings.MEDIA_ROOT, name)
    place.parent.mkdir(exist_ok=True)
    with NamedTemporaryFile(dir=place.parent, delete=False) as draft:
        draft.write(content)
    Path(draft.name).replace(place)
    return name


def add(request: HttpRequest) -> JsonResponse:
    """Add a photo, once for each reference."""
    photo, _ = Photo.objects.get_or_create(
        reference=request.POST["reference"], defaults={"file": kept(request.FILES["photo"])}
    )
    return JsonResponse({"url": f"/photos/{photo.reference}"}, status=201)


def show(request: HttpRequest, reference: str) -> FileResponse:
    """A photo."""
    return FileResponse(Photo.objects.get(reference=reference).file.open("rb"))


urlpatterns = [path("photos", csrf_exempt(add)), path("photos/<reference>", show)]
app = get_wsgi_application()
