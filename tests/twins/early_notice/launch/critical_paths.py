"""The critical path of a bundle that goes to review."""

from hotfire import Actor, critical_path


@critical_path(
    owner="release team <release@example.org>",
    expected="The bundle is in review, and the reviewers have one mail about it.",
    rollback="Delete the bundle, and write to the reviewers.",
)
def submit_bundle(editor: Actor) -> None:
    """Submit a bundle, and read what the reviewers were sent."""
    name = editor.unique("bundle")
    editor.post("/bundles", json={"name": name})
    editor.get(editor.mail(to="reviewers@example.org").link("/bundles/"))
