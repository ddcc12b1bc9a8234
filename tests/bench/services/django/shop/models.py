"""The tables: those of the other benched services."""

# ruff: noqa: DJ008  # nobody reads them in an admin's page

from django.db import models


class Shopper(models.Model):
    name = models.TextField()
    token = models.TextField(unique=True)


class Product(models.Model):
    sku = models.TextField(unique=True)
    title = models.TextField()
    price = models.IntegerField()
    stock = models.IntegerField()


class Order(models.Model):
    shopper = models.ForeignKey(Shopper, models.PROTECT)
    reference = models.TextField()
    note = models.TextField()
    status = models.TextField(default="placed")
    placed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["shopper", "reference"], name="one_order_a_reference"),)

    @property
    def amount(self) -> int:
        return sum(line.quantity * line.price for line in self.lines.all())


class OrderLine(models.Model):
    order = models.ForeignKey(Order, models.PROTECT, related_name="lines")
    product = models.ForeignKey(Product, models.PROTECT)
    quantity = models.IntegerField()
    price = models.IntegerField()


class Reservation(models.Model):
    order = models.OneToOneField(Order, models.PROTECT, primary_key=True)
    units = models.IntegerField()


class Payment(models.Model):
    order = models.OneToOneField(Order, models.PROTECT, primary_key=True)
    amount = models.IntegerField()


class Mail(models.Model):
    order = models.OneToOneField(Order, models.PROTECT, primary_key=True)
    text = models.TextField()
