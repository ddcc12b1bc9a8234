"""The critical path of an account's statement."""

from hotfire import Actor, critical_path


@critical_path(
    owner="accounts team <accounts@example.org>",
    expected="The statement lists every entry of the account.",
    rollback="Delete the statement's file and its row; it can be asked for again.",
)
def state_account(clerk: Actor) -> None:
    """Have a statement written, and read it."""
    clerk.post("/statements", json={"account": "household"})
    clerk.get("/statements/household")
