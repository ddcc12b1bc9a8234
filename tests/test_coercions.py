"""What frameworks document that they read as another type."""

import json

import pytest

from hotfire.coercions import is_coercion
from hotfire.model.edit import Edit
from hotfire.model.request import Request

REQUEST = Request(
    method="POST",
    target="/orders",
    headers=(("content-type", "application/json"),),
    body=json.dumps({"item": "lamp", "qty": 2, "gift": False, "tags": ["a"], "buyer": {"name": "Ann"}}),
)


@pytest.mark.parametrize(
    ("place", "value", "coerced"),
    [
        ("/item", "7", True),
        ("/item", '{"a":1}', False),
        ("/qty", '"7"', True),
        ("/qty", '"text"', False),
        ("/qty", "1.5", True),
        ("/qty", "true", True),
        ("/item", "[]", False),
        ("/item", "true", True),
        ("/item", "null", True),
        ("/qty", "[]", False),
        ("/gift", '"text"', False),
        ("/gift", '"yes"', True),
        ("/gift", "1", True),
        ("/gift", "{}", False),
        ("/buyer", '"text"', False),
        ("/buyer", "7", False),
        ("/buyer", "[]", False),
        ("/buyer", "[{}]", False),
        ("/buyer/name", "7", True),
        ("/buyer/name", "[]", False),
        ("/tags", "7", True),
        ("/tags/0", "7", True),
        ("/tags/0", "[]", False),
        ("/tags/1", "7", True),
        ("", "[]", False),
        ("/tags", '"text"', True),
        ("/tags", '{"a":1}', False),
        ("/filled", '"text"', True),
        ("/qty", "9" * 5_000, True),
    ],
)
def test_of_a_field_in_json(place: str, value: str, coerced: bool) -> None:
    assert is_coercion(REQUEST, Edit(part="body", place=place, value=value), "type") is coerced


def test_a_text_elsewhere_and_other_keywords() -> None:
    query = Edit(part="query", place="page", value="text")
    assert is_coercion(REQUEST, query, "type")
    assert is_coercion(REQUEST, query, "format")
    assert not is_coercion(REQUEST, query, "minimum")
