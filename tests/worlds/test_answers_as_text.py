"""An answer's body as the history keeps it: text, in whatever charset it says, or base64."""

import base64

import pytest

from hotfire.worlds.driver.http import Answered
from hotfire.worlds.firing import reply_of


@pytest.mark.parametrize(
    ("content_type", "body", "text"),
    [
        ("text/html", "é".encode(), "é"),
        ("text/html; charset=iso-8859-1", "é".encode("latin-1"), "é"),
        ('text/csv; header=present; Charset="windows-1252"', "€".encode("cp1252"), "€"),
        ("application/xml;charset=utf-16", "é".encode("utf-16"), "é"),
        ("text/html; charset=no-such", b"\xe9", base64.b64encode(b"\xe9").decode()),
        ("text/html", b"\xe9", base64.b64encode(b"\xe9").decode()),
        ("application/pdf; charset=iso-8859-1", b"\xe9", base64.b64encode(b"\xe9").decode()),
    ],
)
def test_a_body_is_read_in_its_charset(content_type: str, body: bytes, text: str) -> None:
    answered = Answered(status=200, headers=((b"content-type", content_type.encode()),), body=body)
    assert reply_of(answered, 0, 1, "ann").body == text
