"""The shop of the benched service, by Django's ORM and psycopg 3."""

import json
from datetime import UTC, datetime

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from shop import orders
from shop.forms import LineForm, OrderForm
from shop.models import Order, Product, Shopper


def shopper(request: HttpRequest) -> Shopper | None:
    return Shopper.objects.filter(token=request.headers.get("Authorization", "").removeprefix("Bearer ")).first()


@require_GET
def alive(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "alive", "at": datetime.now(UTC).isoformat()})


@require_GET
def products(request: HttpRequest) -> JsonResponse:
    if shopper(request) is None:
        return refusal(401, "who are you?")
    limit = min(int(request.GET.get("limit", 50)), 100)
    return JsonResponse(list(Product.objects.order_by("sku").values("sku", "title", "price")[:limit]), safe=False)


@csrf_exempt
@require_POST
def place(request: HttpRequest) -> JsonResponse:
    if (who := shopper(request)) is None:
        return refusal(401, "who are you?")
    content = json.loads(request.body)
    form, lines = OrderForm(content), [LineForm(line) for line in content.get("lines", [])[:50]]
    if not lines or not all(each.is_valid() for each in [form, *lines]):
        return refusal(422, "no order can be read from this")
    try:
        order = orders.placed(who, *form.cleaned_data.values(), [line.cleaned_data for line in lines])
    except orders.NoSuchProductError as missing:
        return refusal(422, str(missing))
    orders.reserve(order)
    orders.pay(order)
    orders.tell(order)
    return JsonResponse(told(order), status=201)


def refusal(status: int, detail: str) -> JsonResponse:
    return JsonResponse({"detail": detail}, status=status)


def told(order: Order) -> dict[str, object]:
    return {
        "id": order.id,
        "reference": order.reference,
        "status": order.status,
        "placed_at": order.placed_at,
        "amount": order.amount,
        "lines": [
            {"sku": line.product.sku, "title": line.product.title, "quantity": line.quantity, "price": line.price}
            for line in order.lines.all()
        ],
    }
