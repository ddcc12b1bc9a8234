"""Applies the variant's schema.sql to the database that hotfire made, and adds two trainers."""

import sys
from pathlib import Path

sys.path.insert(0, ".")

import service  # noqa: F401, E402  (it configures Django)
from django.contrib.auth.models import User  # noqa: E402
from django.db import connection  # noqa: E402

with connection.cursor() as cursor:
    cursor.execute(Path("schema.sql").read_text())
for name in ("ann", "bob"):
    User.objects.create_user(name, password="correct horse")
