"""The critical path of a shelf."""

import re

from hotfire import Actor, critical_path, sign_in


@sign_in
def reader(nobody: Actor) -> None:
    """Begin a session."""
    nobody.post("/sign-in", data={"name": "ann", "password": "open"})


@critical_path(
    owner="library team <library@example.org>",
    expected="The reader has a shelf of this name, once.",
    rollback="Delete the shelf by hand.",
)
def make_shelf(reader: Actor) -> None:
    """Read the form, send it, and see the shelf."""
    page = reader.get("/shelves").text
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page)
    reader.post("/shelves", data={"csrfmiddlewaretoken": token and token[1], "name": reader.unique("travel")})
    reader.get("/shelves")
