"""An answer in its normal form."""

import base64

import pytest

from hotfire.equality.record import Number
from hotfire.expected import form_of_reply
from hotfire.testing import reply


def headers(**values: str) -> tuple[tuple[str, str], ...]:
    return form_of_reply(reply(headers={name.replace("_", "-"): value for name, value in values.items()})).headers


def test_headers_that_matter_in_one_order() -> None:
    noise = {"Date": "Sat, 28 Nov 2026 05:56:23 GMT", "Content_Length": "7", "Server": "uvicorn"}
    assert headers(Vary="Cookie, Accept", Cache_Control="max-age=60, Private", **noise) == (
        ("cache-control", "max-age=60, private"),
        ("vary", "accept, cookie"),
    )


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("sid=secret; Path=/; HttpOnly; SameSite=Lax", "sid=…; httponly; path=/; samesite=Lax"),
        ('sid=""; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0', "sid=; expires=…; max-age=0"),
    ],
)
def test_a_cookie_without_what_it_holds(value: str, told: str) -> None:
    assert headers(Set_Cookie=value) == (("set-cookie", told),)


def test_of_an_etag_only_that_it_is_there() -> None:
    assert headers(ETag='W/"3f9c"') == (("etag", "…"),)


@pytest.mark.parametrize(
    ("location", "told"),
    [
        ("http://127.0.0.1:41000/posts/7?a=b", "/posts/7?a=b"),
        ("/posts/7", "/posts/7"),
        ("https://example.org/x", "https://example.org/x"),
        ("http://127.0.0.1:41000", "/"),
    ],
)
def test_a_location_of_its_own_host_is_a_path(location: str, told: str) -> None:
    assert headers(Location=location) == (("location", told),)


def test_a_number_keeps_the_text_by_which_it_is_written() -> None:
    form = form_of_reply(reply(200, '{"a": 49.00}', headers={"content-type": "application/problem+json"}))
    assert (form.kind, form.tree) == ("json", {"a": Number("49.00")})


@pytest.mark.parametrize(
    ("content_type", "body", "kind"),
    [
        ("application/json", "{broken", "text"),
        ("text/html; charset=utf-8", "<p>x", "html"),
        ("text/csv", "a,b", "text"),
        ("application/atom+xml", "<feed/>", "text"),
        ("application/pdf", "JVBERi0=", "binary"),
        ("application/json", "", "empty"),
        ("", "ok", "text"),
    ],
)
def test_the_kind_of_a_body(content_type: str, body: str, kind: str) -> None:
    assert form_of_reply(reply(200, body, headers={"content-type": content_type})).kind == kind


def test_a_file_is_told_by_type_length_and_digest() -> None:
    body = base64.b64encode(b"\x89PNG\r\n\x1a\n\xff").decode()
    kind, length, digest = form_of_reply(reply(200, body, headers={"content-type": "image/png"})).lines
    assert (kind, length) == ("type: PNG", "bytes: 9")
    assert digest.startswith("sha256: ")


@pytest.mark.parametrize(("body", "length"), [("abcd", 4), ("abcd", 3), ("no", 2)])
def test_a_text_that_looks_like_base64(body: str, length: int) -> None:
    sent = {"content-type": "application/octet-stream", "Content-Length": str(length)}
    assert form_of_reply(reply(200, body, headers=sent)).lines[0] == f"bytes: {length}"


def test_the_port_of_a_world_is_no_difference() -> None:
    form = form_of_reply(
        reply(200, '{"next": "http://127.0.0.1:4711/p?2"}', headers={"content-type": "application/json"})
    )
    assert form.tree == {"next": "http://127.0.0.1/p?2"}
