"""The critical path of a poll, whose guests have a link and no account."""

from hotfire import Actor, critical_path, sign_in


@sign_in
def owner(nobody: Actor) -> dict[str, str]:
    """Ann, who asks."""
    return {"Authorization": "Bearer key-of-ann-5d1c9f20b7"}


@sign_in(like="owner")
def other_owner(nobody: Actor) -> dict[str, str]:
    """Bob, who asks other people."""
    return {"Authorization": "Bearer key-of-bob-e83a44d16c"}


@critical_path(
    owner="polls team <polls@example.org>",
    expected="Whoever has the link sees the question and votes once; who asked sees the votes.",
    rollback="Delete the poll: its votes go with it.",
)
def ask_guests(owner: Actor, nobody: Actor) -> None:
    """Ask, let a guest vote, and see the vote."""
    name = owner.unique("dinner")
    link = owner.put(f"/polls/{name}", json={"question": "Where shall we eat?"}).json()["link"]
    nobody.get(link)
    nobody.put(f"{link}/votes/{nobody.unique('cyd')}", json={"choice": "at Dan's"})
    owner.get(f"/polls/{name}")
