"""The critical path of a small blog."""

from hotfire import Actor, critical_path


@critical_path(
    owner="content team <content@example.org>",
    expected="The post is public, and one job rebuilds the search index.",
    rollback="Set the post's status to draft by hand.",
)
def publish_post(author: Actor) -> None:
    """Write a post and publish it."""
    draft = author.post("/posts", json={"slug": author.unique("post"), "title": "Hello"}).json()
    author.post(f"/posts/{draft['slug']}/publish")
