"""Mails as a person's function reads them."""

from email.message import EmailMessage

import pytest

from hotfire.errors import UsageError
from hotfire.worlds.driver.mail import Mail, newest
from hotfire.worlds.stores.smtp.letter import Letter

LINK = "https://shop.example/confirm/a1?next=%2F&x=1"


def letter(text: str = "", html: str = "", *, to: str = "ann@example.org", subject: str = "Hello") -> Letter:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, "shop@example.org", to
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    return Letter.of_bytes("shop@example.org", [to], message.as_bytes())


def test_a_link_is_ready_to_be_requested() -> None:
    mail = Mail(letter(f"Hi Ünder,\n\nfollow <https://shop.example/help> or {LINK}.\n"))
    assert mail.link(r"/confirm/") == "/confirm/a1?next=%2F&x=1"
    assert mail.link() == "/help"
    assert mail.text.startswith("Hi Ünder,\n\nfollow")


def test_links_of_html_are_links_too() -> None:
    mail = Mail(letter("", f'<p>Please <a href="{LINK.replace("&", "&amp;")}#top">confirm</a>.</p>'))
    assert mail.link("confirm") == "/confirm/a1?next=%2F&x=1"
    only = Letter.of_bytes("s@b.example", ["a@b.example"], b"Content-Type: text/html\r\n\r\n<p>Hi <b>Ann</b></p>")
    assert Mail(only).text == "Hi Ann"


def test_a_link_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(UsageError) as error:
        Mail(letter(f"See {LINK}")).link("/reset/")
    assert LINK in error.value.hint


def test_the_newest_mail_to_an_address() -> None:
    letters = [letter("1"), letter("2", to="bob@example.org"), letter("3"), letter("4", to="bob@example.org")]
    assert newest(letters, "Ann@example.org", "").text == "3"
    assert newest(letters, "", "").text == "4"


def test_no_such_mail_lists_those_that_came() -> None:
    with pytest.raises(UsageError) as error:
        newest([letter("1", subject="Welcome")], "eve@example.org", "visitor.mail(to='eve@example.org')")
    assert '"Welcome" to ann@example.org' in error.value.hint
    with pytest.raises(UsageError, match="no such mail"):
        newest([], "", "visitor.mail()")


def test_a_letter_is_a_row_without_what_is_new_in_each() -> None:
    message = EmailMessage()
    message["Subject"], message["Message-ID"], message["Date"] = "Your file", "<1@x>", "Tue, 24 Nov 2026 12:00:00 GMT"
    message.set_content("Here.")
    message.add_attachment(b"id\n", maintype="text", subtype="csv", filename="a.csv")
    row = Letter.of_bytes("s@x.example", ["b@x.example", "a@x.example"], message.as_bytes()).row()
    assert row == {
        "from": "s@x.example",
        "to": "a@x.example, b@x.example",
        "subject": "Your file",
        "body": "Here.",
        "html": None,
        "attachments": row["attachments"],
    }
    assert (row["attachments"] or "").startswith("a.csv (text/csv, sha256 ")


def test_what_is_no_mime_is_still_a_mail() -> None:
    odd = Letter.of_bytes("", ["a@x.example"], b"Content-Type: text/plain; charset=nonsense\r\n\r\n\xff hello")
    assert "hello" in odd.text
