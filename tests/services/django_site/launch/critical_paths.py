"""The critical paths of a library's site."""

import re

from hotfire import Actor, critical_path, sign_in

OWNER = "library team <library@example.org>"
BOOKS = b"isbn,title\n9780141439518,Emma\n9780486284736,Pride\n"


@sign_in
def ann(nobody: Actor) -> None:
    """Sign in by the form."""
    nobody.submit(nobody.page("/sign-in"), "#main", username="ann", password="correct horse")


@sign_in(like="ann")
def bob(nobody: Actor) -> None:
    """Sign in by the form, too."""
    nobody.submit(nobody.page("/sign-in"), "#main", username="bob", password="correct horse")


@critical_path(
    owner=OWNER,
    expected="A new reader follows the mailed link, signs in, and finds the imported shelf by form and by key.",
    rollback="Delete the user: its key and books go with it.",
)
def join(visitor: Actor) -> None:
    """Sign up, confirm, sign in, wish, import."""
    email = visitor.unique("ann") + "@example.org"
    sent = visitor.submit(visitor.page("/sign-up"), "#main", email=email, repeat="each")
    visitor.get(sent.location_path)
    link = visitor.mail(to=email).link(r"/confirm/")
    visitor.submit(visitor.page(link), "#main", password="tr0ub4dor and three")
    signed_in = visitor.submit(
        visitor.page("/sign-in"), "#main", username=email, password="tr0ub4dor and three", repeat="each"
    )
    wishes = visitor.poll(signed_in.location_path, until=lambda answer: "Your key" in answer.text)
    visitor.submit(visitor.page("/import"), "#main", file=("books.csv", BOOKS, "text/csv"), note="mine")
    visitor.become({"X-Api-Key": re.search(r'id="key">([^<]+)<', wishes.text)[1]})
    more = {"file": ("more.csv", b"isbn,title\n9780140449136,Crime\n", "text/csv")}
    visitor.post("/api/books", files=more, data={"source": "phone"})


@critical_path(
    owner=OWNER,
    expected="The wish is kept once for each form.",
    rollback="Delete the wish by hand.",
)
def wish(ann: Actor) -> None:
    """Wish for a book."""
    form = ann.page("/requests/new")
    done = ann.submit(form, "#main", title=ann.unique("Emma"), shelf="Novels", urgent=True, why="All of us\nwant it.")
    ann.get(done.location_path)
