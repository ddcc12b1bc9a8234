"""The first tables."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Baskets."""

    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="Item",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=100)),
                ("reader", models.ForeignKey(settings.AUTH_USER_MODEL, django.db.models.deletion.CASCADE)),
            ],
            options={
                "constraints": (models.UniqueConstraint(fields=("reader", "title"), name="once_in_a_basket"),),
            },
        ),
    ]
