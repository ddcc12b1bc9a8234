"""Makes the tables, and one item."""

from shop.site import application  # sets Django up
from django.core.management import call_command

from shop.models import Item

assert application
call_command("migrate", run_syncdb=True, verbosity=0)
Item.objects.create(name="lamp", left=5)
