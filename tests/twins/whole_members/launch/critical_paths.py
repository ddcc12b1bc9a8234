"""The critical path of a list of members."""

from hotfire import Actor, critical_path, sign_in


@sign_in
def author(nobody: Actor) -> dict[str, str]:
    """Earn a token as Ann."""
    answer = nobody.post("/sign-in", json={"email": "ann@example.org", "password": "correct horse battery"})
    return {"Authorization": f"Bearer {answer.json()['token']}"}


@sign_in
def editor(nobody: Actor) -> dict[str, str]:
    """Earn a token as Eve."""
    answer = nobody.post("/sign-in", json={"email": "eve@example.org", "password": "purple monkey dishwasher"})
    return {"Authorization": f"Bearer {answer.json()['token']}"}


@critical_path(
    owner="content team <content@example.org>",
    expected="The author has a new address, and the editor sees it.",
    rollback="Set the old address by hand.",
)
def change_address(author: Actor, editor: Actor) -> None:
    """Change an address, and look at the members."""
    author.put("/me", json={"email": f"{author.unique('ann')}@example.org"})
    editor.get("/members")
