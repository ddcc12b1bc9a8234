"""A step's request as nobody can read it."""

import pytest

from hotfire.editing import Message, edited
from hotfire.model.request import Request
from hotfire.unread import unread

JSON = (("content-type", "application/json"),)
FILES = (("content-type", "multipart/form-data; boundary=x"),)
ROUTE = "/shops/{shop}/orders/{id}"
UUID = "5f0c6f0e-8d0b-4b6e-9d5e-2f7f3a1c9b10"


def sent(target: str, headers: tuple[tuple[str, str], ...] = (), body: str = "", route: str = ROUTE) -> list[Message]:
    request = Request(method="POST", target=target, headers=headers, body=body)
    told = tuple((name.encode(), value.encode()) for name, value in headers)
    message = Message(target=target, headers=told, body=body.encode())
    return [edited(message, [edit]) for edit, _ in unread(request, None, route)]


@pytest.mark.parametrize(("body", "other"), [('{"a": 1}', b"[]"), ("[1]", b"{}"), ('"text"', b"[]"), ("null", b"[]")])
def test_json_is_of_another_kind(body: str, other: bytes) -> None:
    (message,) = sent("/orders", JSON, body)
    assert message.body == other


def test_a_form_of_files_is_a_plain_one_without_its_fields() -> None:
    (message,) = sent("/orders", FILES, "--x--")
    assert message.body == b"hotfire="
    assert (b"content-type", b"application/x-www-form-urlencoded") in message.headers


def test_a_plain_form_or_no_json_needs_no_other() -> None:
    assert sent("/orders", (("content-type", "application/x-www-form-urlencoded"),), "a=1") == []
    assert sent("/orders", JSON, "{") == []


@pytest.mark.parametrize(
    ("target", "wrong"),
    [
        ("/shops/3/orders/7", "/shops/3/orders/hotfire"),
        (f"/shops/lamps/orders/{UUID}", "/shops/lamps/orders/hotfire"),
        ("/shops/3/orders/red-lamp", "/shops/hotfire/orders/red-lamp"),
        ("/shops/lamps/orders/red-lamp?page=2", "/shops/lamps/orders/red-lamp?page=hotfire"),
        ("/shops/lamps/orders/red-lamp?sort=age", "/shops/lamps/orders/hotfire?sort=age"),
    ],
)
def test_without_a_body_a_word_stands_where_a_number_is_wanted(target: str, wrong: str) -> None:
    (message,) = sent(target)
    assert message.target == wrong


def test_of_a_segment_only_the_part_is_another() -> None:
    (message,) = sent("/days/2026-05/orders/7:publish", route="/days/{year}-{month}/orders/{id}:publish")
    assert message.target == "/days/2026-05/orders/hotfire:publish"


def test_a_request_without_any_place_can_always_be_read() -> None:
    assert sent("/orders", route="/orders") == []
