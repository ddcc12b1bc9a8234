"""Ten steps with six fields each: from a wish to its invoice."""

from hotfire import Actor, critical_path, sign_in


@sign_in
def buyer(nobody: Actor) -> dict[str, str]:
    """Ann, who wants something."""
    return {"Authorization": "Bearer of-ann-1f0c7d5be2"}


@sign_in(like="buyer")
def other_buyer(nobody: Actor) -> dict[str, str]:
    """Bob, who is a buyer as Ann is."""
    return {"Authorization": "Bearer of-bob-93a6e8c014"}


@sign_in
def approver(nobody: Actor) -> dict[str, str]:
    """Evelyn, who decides."""
    return {"Authorization": "Bearer of-evelyn-5d27b1f9a8"}


@critical_path(
    owner="purchasing team <purchasing@example.org>",
    expected="What was wanted is ordered once, received and invoiced.",
    rollback="Withdraw the request: DELETE /requests/{id}. The supplier is told by telephone.",
    deadline=2.0,
)
def purchase(buyer: Actor, approver: Actor) -> None:
    """From the wish to the invoice."""
    wish = {
        "reference": buyer.unique("wish"),
        "title": "A lathe for the workshop",
        "department": "workshop",
        "needed_by": "2027-05-01",
        "budget_cents": 450000,
        "currency": "EUR",
    }
    made = buyer.post("/requests", json=wish).json()
    request = f"/requests/{made['id']}"
    item = {"position": 1, "sku": "lathe-200", "quantity": 3, "unit": "piece", "price_cents": 1290, "note": "In green"}
    buyer.post(f"{request}/items", json=item)
    delivery = {
        "recipient": "Ann Miller",
        "street": "Am Wehr 7",
        "city": "Konstanz",
        "postcode": "78462",
        "country": "DE",
        "floor": 2,
    }
    buyer.put(f"{request}/delivery", json=delivery)
    enquiry = {
        "sku": "lathe-200",
        "quantity": 3,
        "currency": "EUR",
        "express": False,
        "wanted_on": "2027-04-15",
        "contact": "Ann Miller, 07531 1234",
    }
    buyer.put(f"{request}/quote", json=enquiry)
    submission = {
        "approver": "evelyn",
        "reason": "The old one is worn out",
        "urgency": 3,
        "decide_by": "2027-02-01",
        "confidential": False,
        "project": "workshop-2027",
    }
    buyer.post(f"{request}/submission", json=submission)
    decision = {
        "approved": True,
        "limit_cents": 500000,
        "cost_centre": "cc-4711",
        "valid_until": "2027-12-31",
        "conditions": "Three offers are on file",
        "risk": "low",
    }
    approver.post(f"{request}/decision", json=decision)
    placement = {
        "terms": "DAP",
        "payment_days": 30,
        "partial": False,
        "ship_by": "2027-04-20",
        "contact": "Ann Miller",
        "remark": "Ring twice",
    }
    buyer.post(f"{request}/order", json=placement)
    shipment = {
        "carrier": "lorry",
        "tracking": "rr-123456",
        "parcels": 2,
        "weight_grams": 84000,
        "expected_on": "2027-04-28",
        "insured": True,
    }
    buyer.put(f"{request}/shipment", json=shipment)
    receipt = {
        "received_on": "2027-04-29",
        "parcels": 2,
        "damaged": 0,
        "complete": True,
        "place": "Gate 3",
        "remark": "As ordered",
    }
    buyer.put(f"{request}/receipt", json=receipt)
    invoice = {
        "number": "inv-2027-0815",
        "amount_cents": 3870,
        "currency": "EUR",
        "due_on": "2027-05-29",
        "vat_percent": 19,
        "paid": False,
    }
    approver.put(f"{request}/invoice", json=invoice)


@purchase.undo
def withdraw(buyer: Actor, request: str) -> None:
    """Take it all back."""
    buyer.delete(request)
