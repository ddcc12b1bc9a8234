"""The critical path of a profile."""

from hotfire import Actor, critical_path


@critical_path(
    owner="people team <people@example.org>",
    expected="Whoever looks at a profile sees the name that was given last.",
    rollback="Delete profile:HANDLE in Redis.",
)
def rename(ann: Actor) -> None:
    """Make a profile, change the name, and look at it."""
    handle = ann.unique("ann")
    ann.put(f"/profiles/{handle}", json={"name": "Ann"})
    ann.put(f"/profiles/{handle}", json={"name": "Ann B."})
    ann.get(f"/profiles/{handle}")
