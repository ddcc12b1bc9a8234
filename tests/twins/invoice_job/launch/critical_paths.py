"""The critical path of an invoice."""

from hotfire import Actor, critical_path


@critical_path(
    owner="billing team <billing@example.org>",
    expected="The invoice is final, and one job makes its PDF.",
    rollback="Write a credit note for the invoice.",
)
def finalize_invoice(billing: Actor) -> None:
    """Draw an invoice and finalise it."""
    invoice = billing.post("/invoices", json={"number": billing.unique("inv"), "amount": 4900}).json()
    billing.post(f"/invoices/{invoice['id']}/finalize")
