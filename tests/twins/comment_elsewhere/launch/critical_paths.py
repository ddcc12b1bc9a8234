"""The critical path of commenting on a talk."""

from hotfire import Actor, critical_path


@critical_path(
    owner="conference team <talks@example.org>",
    expected="The comment stands under its talk.",
    rollback="Delete the comment by hand.",
)
def comment_on_talk(speaker: Actor, listener: Actor) -> None:
    """Announce a talk, comment on it, and read."""
    talk = speaker.post("/talks", json={"title": speaker.unique("rockets")}, repeat="each").json()["id"]
    listener.post(f"/talks/{talk}/comments", json={"text": "Well told", "stars": 5}, repeat="each")
    listener.get(f"/talks/{talk}/comments")
