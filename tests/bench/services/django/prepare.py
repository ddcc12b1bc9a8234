"""Makes the tables, and enough stock for any number of orders."""

import os

import django
from django.core.management import call_command

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
django.setup()

from shop.models import Product, Shopper  # noqa: E402  # models need the settings

call_command("migrate", run_syncdb=True, verbosity=0)
Shopper.objects.bulk_create(Shopper(name=f"shopper {number}", token=f"token-{number}") for number in range(100))
Product.objects.bulk_create(
    Product(sku=f"sku-{n}", title=f"Thing no. {n}", price=100 + n, stock=10**8) for n in range(500)
)
