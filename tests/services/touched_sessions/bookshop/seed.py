"""Two readers."""

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402  # models need the settings

for name in ("ann", "bob"):
    User.objects.create_user(name, password="open")
