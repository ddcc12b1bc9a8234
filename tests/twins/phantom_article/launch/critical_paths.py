"""The critical path of an article."""

from hotfire import Actor, critical_path


@critical_path(
    owner="press team <press@example.org>",
    expected="The article is there once, and no page of one that is not.",
    rollback="Delete the article, and article:ID in Redis.",
)
def publish(author: Actor) -> None:
    """Publish an article and read it."""
    slug = author.unique("news")
    article = author.post("/articles", json={"slug": slug, "title": "News"}).json()
    author.get(f"/articles/{article['id']}")
