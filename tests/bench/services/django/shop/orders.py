"""An order's four transactions. Each may be sent again: the reference is the idempotency key of all four."""

from django.db import transaction
from django.db.models import F

from shop.models import Mail, Order, OrderLine, Payment, Product, Reservation, Shopper


class NoSuchProductError(Exception):
    pass


@transaction.atomic
def placed(shopper: Shopper, reference: str, note: str, wanted: list[dict[str, object]]) -> Order:
    """First transaction: the order with its lines."""
    known = Order.objects.filter(shopper=shopper, reference=reference).prefetch_related("lines__product")
    if (order := known.first()) is not None:
        return order
    skus = [line["sku"] for line in wanted]
    catalogue = {product.sku: product for product in Product.objects.filter(sku__in=skus)}
    if missing := set(skus) - set(catalogue):
        raise NoSuchProductError(f"no such product: {', '.join(sorted(missing))}")
    order = Order.objects.create(shopper=shopper, reference=reference, note=note)
    OrderLine.objects.bulk_create(
        OrderLine(order=order, product=product, quantity=line["quantity"], price=product.price)
        for line in wanted
        for product in [catalogue[line["sku"]]]
    )
    return known.get()


@transaction.atomic
def reserve(order: Order) -> None:
    """Second transaction: the stock goes down, once."""
    units = sum(line.quantity for line in order.lines.all())
    _, fresh = Reservation.objects.get_or_create(order=order, defaults={"units": units})
    if fresh:
        for line in sorted(order.lines.all(), key=lambda line: line.product_id):
            Product.objects.filter(pk=line.product_id).update(stock=F("stock") - line.quantity)


@transaction.atomic
def pay(order: Order) -> None:
    """Third transaction: the payment is noted and the order paid."""
    Payment.objects.get_or_create(order=order, defaults={"amount": order.amount})
    order.status = "paid"
    order.save(update_fields=["status"])


@transaction.atomic
def tell(order: Order) -> None:
    """Fourth transaction: a mail waits to be sent."""
    text = f"Order {order.reference}: {len(order.lines.all())} lines, {order.amount / 100:.2f}"
    Mail.objects.get_or_create(order=order, defaults={"text": text})
