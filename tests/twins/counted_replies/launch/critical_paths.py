"""The critical path of a reply, and its rollback: the mail about it has been sent, and stays."""

from hotfire import Actor, critical_path, sign_in


@sign_in
def member(nobody: Actor) -> dict[str, str]:
    """Members are told apart by a header that the gateway sets."""
    return {"X-Member": "ann"}


@critical_path(
    owner="forum team <forum@example.org>",
    expected="The reply stands below the topic, and whoever asked is told by mail.",
    rollback="Its author deletes it.",
)
def reply(member: Actor, nobody: Actor) -> str:
    """Reply, and read the topic."""
    where = member.post("/topics/1/replies", json={"body": member.unique("here")}).location_path
    nobody.get("/topics/1")
    return where


@reply.undo
def delete(member: Actor, where: str) -> None:
    """Take the reply back."""
    member.delete(where)
