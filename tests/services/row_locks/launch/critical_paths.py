"""The critical paths of a theatre and of a team's budget."""

from hotfire import Actor, critical_path, sign_in


def token_for(nobody: Actor, name: str) -> dict[str, str]:
    """Sign somebody in."""
    return {"Authorization": f"Bearer {nobody.post('/sessions', json={'name': name}).json()['token']}"}


@sign_in
def guest(nobody: Actor) -> dict[str, str]:
    """Sign in as Ann."""
    return token_for(nobody, "ann")


@sign_in(like="guest")
def other_guest(nobody: Actor) -> dict[str, str]:
    """Sign in as Bob."""
    return token_for(nobody, "bob")


@critical_path(
    owner="theatre team <theatre@example.org>",
    expected="The last seat was booked once and is free again.",
    rollback="Cancel the booking.",
)
def book_and_cancel(guest: Actor) -> None:
    """Book the last seat of a show and give it back."""
    reference = guest.unique("seat")
    guest.post("/shows/1/bookings", json={"reference": reference})
    guest.post(f"/bookings/{reference}/cancel")
    guest.get("/shows/1")


@critical_path(
    owner="finance team <finance@example.org>",
    expected="The expense is in the books once, and the team is within its budget.",
    rollback="Delete the expense by hand.",
)
def spend(guest: Actor) -> None:
    """Spend most of what is left of a budget."""
    guest.post("/teams/1/expenses", json={"reference": guest.unique("spend"), "amount": 60})
    guest.get("/teams/1")
