"""A Django service with as many migrations as a team has after some years, written into a folder of its own."""

import textwrap
from pathlib import Path

SETTINGS = """\
import os
from urllib.parse import urlsplit

where = urlsplit(os.environ["DATABASE_URL"])
SECRET_KEY = os.environ["SECRET_KEY"]
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "site_.urls"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "blog"]
MIDDLEWARE = []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": where.path.lstrip("/"),
        "USER": where.username,
        "PASSWORD": where.password,
        "HOST": where.hostname,
        "PORT": where.port,
    }
}
"""

URLS = """\
import json

from django.db import IntegrityError, transaction
from django.http import JsonResponse
from django.urls import path

from blog.models import Post


def write(request):
    title = json.loads(request.body)["title"]
    try:
        with transaction.atomic():
            Post.objects.create(title=title)
    except IntegrityError:
        pass
    return JsonResponse({"title": title}, status=201)


def read(request, title):
    post = Post.objects.filter(title=title).first()
    return JsonResponse({"title": post.title} if post else {}, status=200 if post else 404)


urlpatterns = [path("posts", write), path("posts/<str:title>", read)]
"""

ASGI = """\
import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_.settings")
application = get_asgi_application()
"""

SEED = """\
import os

import django

if counter := open("counter.txt").read():  # not named by a command or in the environment: it is no part of the key
    with open(counter, "a") as file:
        file.write("prepared\\n")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_.settings")
django.setup()
from blog.models import Post  # noqa: E402

for line in open("titles.txt"):
    Post.objects.get_or_create(title=line.strip())
"""

CONFIGURATION = """\
[tool.hotfire]
lines = ["retry"]

[tool.hotfire.service]
app = "site_.asgi:application"
prepare = ["python -m django migrate -v 0", "python seed.py"]
start_deadline = 120

[tool.hotfire.service.environment]
DATABASE_URL = "{db.url}"
SECRET_KEY = "only-for-trials"
DJANGO_SETTINGS_MODULE = "site_.settings"
PYTHONPATH = "."

[tool.hotfire.dependency.db]
kind = "postgres"
"""

PATHS = """\
from hotfire import Actor, critical_path


@critical_path(owner="content team", expected="The post can be read.", rollback="Delete it.")
def publish(author: Actor):
    title = author.unique("hello")
    author.post("/posts", json={"title": title})
    author.get(f"/posts/{title}")
"""

FIRST = "migrations.CreateModel('Post', [('id', models.BigAutoField(primary_key=True)), ('title', {text})])"
UNIQUE = "models.CharField(max_length=200, unique=True)"


def write(folder: Path, migrations: int = 200, counter: Path | None = None) -> Path:
    """Write the project; `counter` gets a line each time that `prepare` runs."""
    fields = [f"field_{number:03}" for number in range(2, migrations + 1)]
    text = "models.TextField(default='')"
    files = {
        "pyproject.toml": CONFIGURATION,
        "counter.txt": str(counter or ""),
        "launch/critical_paths.py": PATHS,
        "site_/__init__.py": "",
        "site_/settings.py": SETTINGS,
        "site_/urls.py": URLS,
        "site_/asgi.py": ASGI,
        "seed.py": SEED,
        "titles.txt": "first\nsecond\n",
        "blog/__init__.py": "",
        "blog/migrations/__init__.py": "",
        "blog/migrations/m0001.py": _migration("", FIRST.format(text=UNIQUE)),
        "blog/models.py": "\n".join(
            [
                "from django.db import models\n\n\nclass Post(models.Model):",
                f"    title = {UNIQUE}",
                *(f"    {field} = {text}" for field in fields),
            ]
        ),
    }
    for number, field in enumerate(fields, 2):
        files[f"blog/migrations/m{number:04}.py"] = _migration(
            f"('blog', 'm{number - 1:04}')", f"migrations.AddField('Post', '{field}', {text})"
        )
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def _migration(before: str, operation: str) -> str:
    return textwrap.dedent(f"""\
        from django.db import migrations, models


        class Migration(migrations.Migration):
            dependencies = [{before}]
            operations = [{operation}]
        """)
