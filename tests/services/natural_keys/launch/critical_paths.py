"""The critical path of a subscription."""

from hotfire import Actor, critical_path


@critical_path(
    owner="mail team <mail@example.org>",
    expected="The address is on the list, once, and counted once.",
    rollback="Delete the reader by hand, and count the list's readers again.",
)
def subscribe(reader: Actor) -> None:
    """Subscribe, and see the count."""
    reader.post("/lists/news/readers", json={"email": f"{reader.unique('ann')}@example.org"})
    reader.get("/lists/news")
