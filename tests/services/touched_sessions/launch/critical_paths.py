"""The critical path of a basket."""

from hotfire import Actor, critical_path, sign_in


@sign_in
def reader(nobody: Actor) -> None:
    """Ann signs in by the form."""
    nobody.submit(nobody.page("/sign-in"), "#main", username="ann", password="open")


@sign_in(like="reader")
def other_reader(nobody: Actor) -> None:
    """Bob signs in by the form."""
    nobody.submit(nobody.page("/sign-in"), "#main", username="bob", password="open")


@critical_path(
    owner="shop team <shop@example.org>",
    expected="The book is in the basket, once.",
    rollback="Take it out of the basket again.",
)
def fill_basket(reader: Actor) -> None:
    """Put a book into the basket and look into it."""
    title = reader.unique("Emma")
    done = reader.submit(reader.page("/basket"), "#main", title=title)
    reader.get(done.location_path)


@fill_basket.undo
def take_out(reader: Actor, title: str) -> None:
    """Take the book out again; the session is put off by that, too."""
    reader.submit(reader.page("/basket"), "#remove", title=title)
