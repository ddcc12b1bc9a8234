"""What is kept."""

from django.conf import settings
from django.db import models


class Item(models.Model):
    """A book in somebody's basket."""

    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    title = models.CharField(max_length=100)

    class Meta:
        """A basket holds a book once."""

        constraints = (models.UniqueConstraint(fields=("reader", "title"), name="once_in_a_basket"),)
