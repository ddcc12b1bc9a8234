"""The critical path of a sale that a provider tells of."""

from hotfire import Actor, critical_path


@critical_path(
    owner="market team <market@example.org>",
    expected="The seller is paid out once.",
    rollback="Reverse the transfer at Stripe, then delete the payout.",
)
def pay_seller(provider: Actor) -> None:
    """Deliver an event and look at its payout."""
    event = provider.unique("event")
    provider.post("/webhooks/sales", json={"id": event, "seller": "acct_1032D82eZvKYlo2C", "cents": 1900})
    provider.get(f"/payouts/{event}")
