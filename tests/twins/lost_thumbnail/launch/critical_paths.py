"""The critical path of an upload."""

from hotfire import Actor, critical_path


@critical_path(
    owner="media team <media@example.org>",
    expected="Each upload is there once, and a thumbnail is made of it.",
    rollback="Delete the upload, and its reference in thumbnails in Redis.",
)
def upload(ann: Actor) -> None:
    """Upload a picture."""
    reference = ann.unique("picture")
    ann.post("/uploads", json={"reference": reference, "name": "cat.png"})
    ann.get(f"/uploads/{reference}")
