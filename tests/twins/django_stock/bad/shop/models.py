"""What is in stock, and who has reserved of it."""

from django.db import models


class Item(models.Model):
    """A thing to be had, and how many are left."""

    name = models.CharField(max_length=40, unique=True)
    left = models.IntegerField()


class Reservation(models.Model):
    """One of an item, kept for a buyer."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE)
    buyer = models.CharField(max_length=40)
    made = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Whether a buyer may have one twice."""

        constraints = (models.UniqueConstraint(fields=("item", "buyer"), name="one_for_each_buyer"),)
