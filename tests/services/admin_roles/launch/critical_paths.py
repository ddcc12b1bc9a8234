"""The critical path of a proposal."""

from hotfire import Actor, critical_path, sign_in


@sign_in
def member(nobody: Actor) -> dict[str, str]:
    """Ann, who proposes."""
    return {"X-Api-Key": "key-of-ann-80b3f5c1de"}


@sign_in(like="member")
def other_member(nobody: Actor) -> dict[str, str]:
    """Bob, who proposes something else."""
    return {"X-Api-Key": "key-of-bob-3f27e96ad0"}


@sign_in
def moderator(nobody: Actor) -> dict[str, str]:
    """Eve, who decides."""
    return {"X-Api-Key": "key-of-eve-c45d1807b2"}


@critical_path(
    owner="community team <community@example.org>",
    expected="The proposal waits for a moderator, who accepts it; then its member sees so.",
    rollback="Set its status to open.",
)
def propose_garden(member: Actor, moderator: Actor) -> None:
    """Propose, look into the queue, accept, and see it."""
    id_ = member.put(f"/proposals/{member.unique('garden')}", json={"text": "Let us plant beans."}).json()["id"]
    moderator.get("/proposals")
    moderator.post(f"/proposals/{id_}/accept")
    member.get(f"/proposals/{id_}")
