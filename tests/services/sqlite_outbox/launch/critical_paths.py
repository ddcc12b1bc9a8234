"""The critical path of publishing, by an author who has a peer."""

from hotfire import Actor, critical_path, sign_in


@sign_in
def author(nobody: Actor) -> dict[str, str]:
    """An author."""
    return {"Authorization": f"Name {nobody.unique('ann')}"}


@sign_in(like="author")
def other_author(nobody: Actor) -> dict[str, str]:
    """Another one."""
    return {"Authorization": f"Name {nobody.unique('bob')}"}


@critical_path(
    owner="content team <content@example.org>",
    expected="The post is there, and its author was told, once.",
    rollback="Delete the post; its mail stays.",
)
def publish_post(author: Actor) -> None:
    """Publish and look at it."""
    request = author.unique("hello")
    author.post(f"/posts/{request}")
    author.get(f"/posts/{request}")
