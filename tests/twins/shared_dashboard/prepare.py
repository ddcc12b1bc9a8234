"""Applies the variant's schema.sql, and adds somebody who signs in."""

import sys
from pathlib import Path

sys.path.insert(0, ".")

import service  # noqa: F401, E402  (it configures Django)
from django.contrib.auth.models import User  # noqa: E402
from django.db import connection  # noqa: E402

with connection.cursor() as cursor:
    cursor.execute(Path("schema.sql").read_text())
User.objects.create_user("ann", password="correct horse")
