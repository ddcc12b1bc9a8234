"""The critical path of buying a ticket."""

from hotfire import Actor, critical_path, sign_in


@sign_in
def buyer(nobody: Actor) -> dict[str, str]:
    """Sign in as Ann."""
    answer = nobody.post("/sessions", json={"name": "ann"})
    return {"Authorization": f"Bearer {answer.json()['token']}"}


@sign_in(like="buyer")
def other_buyer(nobody: Actor) -> dict[str, str]:
    """Sign in as Bob."""
    answer = nobody.post("/sessions", json={"name": "bob"})
    return {"Authorization": f"Bearer {answer.json()['token']}"}


@critical_path(
    owner="tickets team <tickets@example.org>",
    expected="The buyer has one ticket, and there is one ticket less.",
    rollback="Delete the ticket and raise the event's number by hand.",
)
def buy_ticket(buyer: Actor) -> None:
    """Buy the last ticket of an event."""
    buyer.post("/events/1/tickets")
    buyer.get("/tickets")
