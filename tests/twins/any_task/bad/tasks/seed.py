"""Makes the tables, and two planners."""

from tasks.site import application  # sets Django up
from django.contrib.auth.models import User
from django.core.management import call_command

assert application
call_command("migrate", run_syncdb=True, verbosity=0)
for name in ("ann", "bob"):
    User.objects.create_user(name, password=f"{name} in the morning")
