"""The critical path of a payment that the provider tells us of."""

from hotfire import Actor, critical_path


@critical_path(
    owner="payments team <payments@example.org>",
    expected="The account is credited once.",
    rollback="Write a counter-entry into the ledger and lower the balance.",
)
def receive_payment(provider: Actor) -> None:
    """Deliver an event and see the balance."""
    provider.post("/webhooks/payments", json={"event": provider.unique("evt"), "account": 1, "amount": 500})
    provider.get("/accounts/1")
