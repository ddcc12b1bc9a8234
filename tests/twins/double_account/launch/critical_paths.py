"""The critical path of signing up."""

from hotfire import Actor, critical_path


@critical_path(
    owner="accounts team <accounts@example.org>",
    expected="One account for the address.",
    rollback="Delete the account by hand.",
)
def sign_up(visitor: Actor) -> None:
    """Make an account and count the accounts of its address."""
    email = f"{visitor.unique('ann')}@example.org"
    visitor.post("/accounts", json={"email": email})
    visitor.get("/accounts", params={"email": email})
