"""The critical path of writing a post."""

from hotfire import Actor, critical_path


@critical_path(
    owner="blog team <blog@example.org>",
    expected="The post is shown as it was written, with a form for comments.",
    rollback="Delete the post by hand.",
)
def write_post(author: Actor, reader: Actor) -> None:
    """Write a post, read it and comment on it."""
    text = "Kites & ropes <b>for sale</b>\n\nSee you"
    post = author.post("/posts", data={"title": author.unique("kites"), "text": text}, repeat="each")
    page = reader.get(post.location_path)
    reader.submit(page, "form", text="Good!", repeat="each")
