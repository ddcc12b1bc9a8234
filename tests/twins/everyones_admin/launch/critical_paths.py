"""The critical path of a ticket."""

from hotfire import Actor, critical_path, sign_in


@sign_in
def asker(nobody: Actor) -> dict[str, str]:
    """The token of Ann."""
    return {"Authorization": "Bearer c0f3b5a1e8d24769b1"}


@sign_in(like="asker")
def other_asker(nobody: Actor) -> dict[str, str]:
    """The token of Bob."""
    return {"Authorization": "Bearer 7d91e4f2ab3c58066e"}


@sign_in
def admin(nobody: Actor) -> dict[str, str]:
    """The token of Eve."""
    return {"Authorization": "Bearer a4be07c65d1f92383c"}


@critical_path(
    owner="help desk <desk@example.org>",
    expected="The admin closes the ticket, and the asker sees that.",
    rollback="Open the ticket again: POST /admin/tickets/{id}/open.",
)
def close_ticket(asker: Actor, admin: Actor) -> None:
    """Ask, close, and look."""
    ticket = asker.post("/tickets", json={"text": asker.unique("printer")}).json()
    admin.post(f"/admin/tickets/{ticket['id']}/close")
    asker.get(f"/tickets/{ticket['id']}")
