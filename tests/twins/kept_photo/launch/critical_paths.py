"""The critical path of a guest's photo."""

from hotfire import Actor, critical_path


@critical_path(
    owner="album team <album@example.org>",
    expected="The photo is in the album once, and takes the room of one.",
    rollback="Delete the photo's row and its file.",
)
def add_photo(guest: Actor) -> None:
    """Add a photo, and look at it."""
    reference = guest.unique("beach")
    photo = b"\x89PNG\r\n\x1a\n" + reference.encode() * 50
    added = guest.post("/photos", data={"reference": reference}, files={"photo": ("beach.png", photo, "image/png")})
    guest.get(added.json()["url"])
