"""Two readers who are there from the beginning."""

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402

from library.models import Key  # noqa: E402

for name in ("ann", "bob"):
    Key.objects.create(reader=User.objects.create_user(name, f"{name}@example.org", "correct horse"))
