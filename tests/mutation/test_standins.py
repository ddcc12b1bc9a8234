"""Stand-ins: two runs of one path make the same cases, and a case with a whole one is sent with the true value."""

import json
import re
from dataclasses import replace
from urllib.parse import parse_qs, urlencode
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotfire.model.edit import Edit
from hotfire.model.request import Request
from hotfire.mutation import cases
from hotfire.mutation.standins import hidden, restored, standing_in
from hotfire.openapi.validity import MASK

TOKENS = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_", min_size=22, max_size=22).filter(
    lambda text: any(map(str.islower, text)) and any(map(str.isupper, text))
)
MOMENTS = st.datetimes().map(lambda moment: moment.replace(microsecond=moment.microsecond or 1).isoformat() + "+00:00")
NUMBERS = st.integers(70 * 10**16, 70 * 10**16 + 10**14)
VALUES = st.tuples(st.uuids(version=4), TOKENS, MOMENTS.filter(lambda text: text >= "1000"), NUMBERS)


def sent(values: tuple[UUID, str, str, int]) -> Request:
    """A request that sends back what it was given, a secret, and what the path itself says."""
    ticket, cursor, version, flake = values
    body = {
        "ticket": str(ticket),
        "tags": [f"next: /pages/{cursor}.html", "é", flake],
        "version": version,
        "refresh": "‹token:ann:1›",
        "price": 1.2345678e-05,
        "starts": "2026-12-24",
        "title": "Hello",
    }
    headers = (("content-type", "application/json"), ("cookie", "sid=‹token:ann:1›"))
    return Request(method="POST", target=f"/orders/{ticket}?after={cursor}", headers=headers, body=json.dumps(body))


@given(VALUES, VALUES)
def test_two_runs_make_the_same_cases(one: tuple[UUID, str, str, int], other: tuple[UUID, str, str, int]) -> None:
    assert standing_in(sent(one)) == standing_in(sent(other))
    made = [list(cases(standing_in(sent(each)), route="POST /orders/{id}")) for each in (one, other)]
    assert made[0] == made[1]
    assert len(made[0]) > 60


@given(VALUES)
def test_the_whole_of_a_value_is_the_true_one_again(values: tuple[UUID, str, str, int]) -> None:
    request = sent(values)
    told = {case.pointer: case.edit for case in cases(standing_in(request)) if case.keyword == "nul"}
    by_place = {
        "/body/ticket": f"{values[0]}\0",
        "/body/tags/0": f"next: /pages/{values[1]}.html\0",
        "/body/version": f"{values[2]}\0",
        "/body/title": "Hello\0",
    }
    for pointer, true in by_place.items():
        (edit,) = restored([told[pointer]], request)
        assert json.loads(edit.value) == true
    (query,) = restored([told["/query/after"]], request)
    assert query.value == f"{values[1]}\0"


@given(VALUES)
def test_what_was_made_of_the_true_request_is_made_stable(values: tuple[UUID, str, str, int]) -> None:
    request = sent(values)
    edit = Edit(part="body", place="/ticket", value=f'"{values[0]}x"')
    assert str(values[0]) not in hidden(edit, request).value
    assert restored([hidden(edit, request)], request) == (edit,)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("5f0c6f0e-8d0b-4b6e-9d5e-2f7f3a1c9b10", r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}"),
        ("2026-11-28T12:31:07.48Z", r"2001-02-03T04:[0-5]\d:45\.678901Z"),
        ("2026-11-28 12:31", r"2001-02-03 04:[0-5]\d"),
        ("01ARZ3NDEKTSV4RRFFQ69G5FAV", r"[A-Z][A-Z0-9]{25}"),
        ("9f86d081884c7d659a2feaa0c55ad015", r"[a-f][0-9a-f]{31}"),
        ("734982374982374123", r"730{12}\d{4}"),
    ],
)
def test_a_stand_in_is_of_the_same_kind(text: str, kind: str) -> None:
    query = standing_in(Request(method="GET", target=f"/a?{urlencode({'x': text})}")).query
    (stood,) = parse_qs(query)["x"]
    assert stood != text
    assert re.fullmatch(kind, stood)


@pytest.mark.parametrize(
    "body",
    [
        '{"a": "plain words, 2026-12-24 and a 5"}',
        '{"a": 1.2345678e-05}',
        '{"a": "‹token:ann:1›"}',
        '{"a": "caf\\u00e9"}',
    ],
)
def test_what_nobody_made_up_stays_byte_for_byte(body: str) -> None:
    request = Request(method="POST", target="/a", headers=(("content-type", "application/json"),), body=body)
    assert standing_in(request) is request


def test_what_a_document_wants_as_it_is_stays() -> None:
    body = '{"plan": "premium2024", "ticket": "5f0c6f0e-8d0b-4b6e-9d5e-2f7f3a1c9b10"}'
    request = Request(method="POST", target="/a", headers=(("content-type", "application/json"),), body=body)
    stood = standing_in(request, lambda each: "premium2024" not in each.body)
    assert '"premium2024"' in stood.body
    assert "5f0c6f0e" not in stood.body


def test_fields_of_forms_have_stand_ins_and_files_have_none() -> None:
    ticket, kind = "5f0c6f0e-8d0b-4b6e-9d5e-2f7f3a1c9b10", "multipart/form-data; boundary=b"
    body = (
        f'--b\r\ncontent-disposition: form-data; name="ticket"\r\n\r\n{ticket}\r\n'
        f'--b\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\n\r\n{ticket}\r\n--b--\r\n'
    )
    stood = standing_in(Request(method="POST", target="/a", headers=(("content-type", kind),), body=body))
    assert stood.body.count(ticket) == 1
    form = Request(
        method="POST",
        target="/a",
        headers=(("content-type", "application/x-www-form-urlencoded"),),
        body=f"ticket={ticket}&secret=‹token:ann:1›",
    )
    stood = standing_in(form)
    assert ticket not in stood.body
    assert MASK.search(stood.body)
    made = Edit(part="form", place="ticket", value=stood.body.partition("&")[0].removeprefix("ticket="))
    assert restored([made], form) == (replace(made, value=ticket),)
