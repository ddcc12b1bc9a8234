"""Every case differs from the request in exactly one place: over generated bodies and over those of the benchmark."""

import json
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotfire.editing import Message, edited
from hotfire.model.pointer import pointer_of
from hotfire.model.request import Request
from hotfire.mutation import cases
from hotfire.openapi import Operation
from tests.bench.weakening import Body, bodies

KEYS = st.sampled_from(["a", "page", "owner_id", "start", "end", "a/b", "m~n", "é", ""])
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**40), 2**40),
    st.floats(allow_nan=False, allow_infinity=False, width=16),
    st.sampled_from(["", "text", "2024-05-17", 'a"b\\c', "é", "5f0c6f0e-8d0b-4b6e-9d5e-2f7f3a1c9b10"]),
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8
)


def sent(body: str, kind: str = "application/json") -> Request:
    headers = (("host", "x"), ("content-type", kind), ("cookie", "sid=‹token:ann:1›; lang=de"))
    return Request(method="POST", target="/orders/5?page=2&tag=a&tag=b&on=2024-05-17", headers=headers, body=body)


FORM = sent("name=Ann&age=7&age=8", "application/x-www-form-urlencoded")
MULTIPART = sent(
    '--b\r\ncontent-disposition: form-data; name="name"\r\n\r\nAnn\r\n'
    '--b\r\ncontent-disposition: form-data; name="file"; filename="a.png"\r\n\r\nPNG\r\n--b--\r\n',
    "multipart/form-data; boundary=b",
)


@settings(max_examples=30, deadline=None)
@given(VALUES)
def test_of_any_json_body(body: object) -> None:
    each_in_one_place(sent(json.dumps(body, indent=1)))


@pytest.mark.parametrize("request_", [FORM, MULTIPART, sent("")], ids=["form", "multipart", "nothing"])
def test_of_what_is_no_json(request_: Request) -> None:
    assert each_in_one_place(request_) > 60


@pytest.mark.parametrize("body", bodies()[::3], ids=lambda body: body.name)
def test_of_documented_bodies(body: Body) -> None:
    assert each_in_one_place(body.filled(), body.operation()) > 40


def each_in_one_place(request: Request, operation: Operation | None = None) -> int:
    headers = tuple((name.encode(), value.encode()) for name, value in request.headers)
    message = Message(target=request.target, headers=headers, body=request.content)
    before, seen = taken_apart(message), 0
    for case in cases(request, operation, route="/orders/{id}"):
        after = taken_apart(edited(message, [case.edit]))
        differing = places(before, after)
        assert len({tuple(place.split("/")[:2]) for place in differing}) == 1, case
        if case.edit.part == "body" and isinstance(after["body"], dict) and case.edit.act != "insert":
            assert all(place.startswith(case.pointer) for place in differing), case
        seen += 1
    return seen


def places(one: object, other: object, at: str = "") -> list[str]:
    """Where two JSON values differ: the deepest places."""
    if isinstance(one, dict) and isinstance(other, dict):
        names = [*one, *(name for name in other if name not in one)]
        return [
            place
            for name in names
            for place in (
                places(one[name], other[name], at + pointer_of(name))
                if name in one and name in other
                else [at + pointer_of(name)]
            )
        ]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [
            place for n, pair in enumerate(zip(one, other, strict=True)) for place in places(*pair, at + pointer_of(n))
        ]
    return [] if repr(one) == repr(other) else [at]


def taken_apart(message: Message) -> dict[str, object]:
    """A request as a tree, in which a difference has a place."""
    path, _, query = message.target.partition("?")
    headers = {name.decode(): value for name, value in message.headers if name not in {b"content-length", b"cookie"}}
    cookies = next((value for name, value in message.headers if name == b"cookie"), b"").decode("latin-1")
    try:
        body: object = json.loads(message.body, object_pairs_hook=pairs)
    except (ValueError, RecursionError):
        body = message.body
    return {
        "path": dict(enumerate(path.split("/"))),
        "query": pairs(parse_qsl(query, keep_blank_values=True)),
        "headers": headers,
        "cookies": dict(pair.split("=", 1) for pair in cookies.split("; ") if pair),
        "body": body,
    }


def pairs(told: list[tuple[str, object]]) -> dict[str, object]:
    """With a second value of a name under a name of its own."""
    made: dict[str, object] = {}
    for name, value in told:
        made[f"{name} again" if name in made else name] = value
    return made
