"""What is in stock, and who has ordered of it."""

from django.db import models


class Item(models.Model):
    """A thing to be had, how many are left, and when that was last counted."""

    name = models.CharField(max_length=40, unique=True)
    left = models.IntegerField()
    counted = models.DateTimeField(auto_now=True)


class Order(models.Model):
    """Some of an item, for a buyer."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT)
    buyer = models.CharField(max_length=40)
    quantity = models.IntegerField()
    cancelled = models.DateTimeField(null=True)
