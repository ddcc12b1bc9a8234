"""What is kept."""

from django.db import models


class Booking(models.Model):
    """A room for a day; `ticket` is the form's own number."""

    ticket = models.UUIDField(unique=True)
    room = models.CharField(max_length=20, choices=[("hall", "The hall"), ("attic", "The attic")])
    guest = models.CharField(max_length=80)
    email = models.EmailField()
    first_day = models.DateField()
    last_day = models.DateField()
    seats = models.PositiveSmallIntegerField(default=1)
    remark = models.TextField(blank=True, max_length=500)
