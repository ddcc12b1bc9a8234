"""The critical path of a post."""

from hotfire import Actor, critical_path, sign_in


@sign_in
def author(nobody: Actor) -> dict[str, str]:
    """Earn a token."""
    answer = nobody.post("/sign-in", json={"email": "ann@example.org", "password": "correct horse battery"})
    return {"Authorization": f"Bearer {answer.json()['token']}"}


@critical_path(
    owner="content team <content@example.org>",
    expected="The post is there, once.",
    rollback="Delete the post by hand.",
)
def write_post(author: Actor) -> None:
    """Write a post."""
    author.post("/posts", json={"reference": author.unique("post")})
