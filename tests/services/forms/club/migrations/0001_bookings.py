"""The first tables."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Bookings."""

    operations = [
        migrations.CreateModel(
            name="Booking",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ticket", models.UUIDField(unique=True)),
                ("room", models.CharField(choices=[("hall", "The hall"), ("attic", "The attic")], max_length=20)),
                ("guest", models.CharField(max_length=80)),
                ("email", models.EmailField(max_length=254)),
                ("first_day", models.DateField()),
                ("last_day", models.DateField()),
                ("seats", models.PositiveSmallIntegerField(default=1)),
                ("remark", models.TextField(blank=True, max_length=500)),
            ],
        ),
    ]
