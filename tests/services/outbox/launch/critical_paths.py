"""The critical paths of a magazine with subscribers."""

from hotfire import Actor, critical_path

OWNER = "content team <content@example.org>"


@critical_path(
    owner=OWNER,
    expected="The article is public, and each subscriber finds it once in the feed.",
    rollback="Set the article's status to draft by hand; the feed keeps it.",
)
def publish_article(author: Actor, reader: Actor) -> None:
    """Write an article, publish it, and find it in a feed."""
    slug = author.unique("hello")
    author.post("/articles", json={"slug": slug, "title": "Hello"})
    author.post(f"/articles/{slug}/publish")
    reader.get(f"/articles/{slug}")


@critical_path(
    owner=OWNER,
    expected="The comment stands under the article once, and each subscriber hears of it once.",
    rollback="Delete the comment by hand.",
)
def comment(reader: Actor) -> None:
    """Comment an article and read the comments."""
    reader.post("/articles/welcome/comments", json={"key": reader.unique("c"), "body": "Well said."})
    reader.get("/articles/welcome")
