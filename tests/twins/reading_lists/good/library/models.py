"""What is kept."""

from django.conf import settings
from django.db import models


class Shelf(models.Model):
    """A shelf of a reader's."""

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    name = models.TextField()

    class Meta:
        """Where it lies."""

        db_table = "shelves"
        unique_together = (("reader", "name"),)
