"""The critical path of a visitor who has no account, and needs none."""

from hotfire import Actor, critical_path


@critical_path(
    owner="essay team <essay@example.org>",
    expected="The comment stands under the essay, and the address is on the list, once each.",
    rollback="Delete the comment and the address by hand.",
)
def take_part(nobody: Actor) -> None:
    """Comment, see it, subscribe."""
    form = nobody.page("/essay")
    done = nobody.submit(form, "#comment", name="Cyd", body=f"I know {nobody.unique('better')}.")
    nobody.get(done.location_path)
    nobody.post("/newsletter", data={"email": f"{nobody.unique('cyd')}@example.org"})
