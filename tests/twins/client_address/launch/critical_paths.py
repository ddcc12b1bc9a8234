"""The critical path of the notices."""

from hotfire import Actor, critical_path


@critical_path(
    owner="office <office@example.org>",
    expected="The notices are shown in the office.",
    rollback="None: nothing is changed.",
)
def read_notices(clerk: Actor) -> None:
    """Read the notices."""
    clerk.get("/notices")
