"""The critical path of liking an article."""

from hotfire import Actor, critical_path


@critical_path(
    owner="content team <content@example.org>",
    expected="The article has one like more.",
    rollback="None: a like more does no harm.",
)
def like_article(reader: Actor) -> None:
    """Like an article and see its likes."""
    reader.post("/articles/1/likes", repeat="each")
    reader.get("/articles/1")
