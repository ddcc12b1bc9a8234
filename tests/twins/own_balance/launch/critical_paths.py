"""The critical path of an account."""

from hotfire import Actor, critical_path


@critical_path(
    owner="accounts team <accounts@example.org>",
    expected="The account is there, and empty.",
    rollback="Close the account.",
)
def open_account(customer: Actor) -> None:
    """Open an account."""
    customer.post("/accounts", json={"holder": "Ann"}, repeat="each")
