"""Valid values for schemas, and texts for patterns."""

import re

import pytest

from hotfire.mutation.pattern import matching
from hotfire.mutation.sample import NOTHING, Sampler, varied
from hotfire.openapi.schema import Schema

SAMPLER = Sampler(definitions={"Node": {"properties": {"n": {"type": "integer"}, "next": {"$ref": "#/$defs/Node"}}}})


@pytest.mark.parametrize(
    ("pattern", "least", "text"),
    [
        ("^[a-z0-9]+(?:-[a-z0-9]+)*$", 3, "aaa"),
        (r"^\+?[1-9]\d{1,14}$", 0, "10"),
        (r"^[A-Z]{3}-\d{4,6}$", 9, "AAA-00000"),
        ("^(foo|bar)$", 0, "foo"),
        ("^(?:foo|bar)?x$", 0, "x"),
        (r"^(?!x)[^a\s/]{2}$", 0, "AA"),
        ("^(?P<year>[0-9]{4})$", 0, "0000"),
        (r"^\u0041\x42\.$", 0, "AB."),
        ("", 0, ""),
    ],
)
def test_a_text_that_a_pattern_matches(pattern: str, least: int, text: str) -> None:
    assert matching(pattern, least) == text
    assert re.search(pattern, text)


@pytest.mark.parametrize("pattern", ["[", "(", "a{2", "(?", "\\", "*", "[^", "(?<", r"\p{", "a{9999999}"])
def test_a_pattern_that_is_none_does_no_harm(pattern: str) -> None:
    assert len(matching(pattern, 10)) <= 10_000


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "integer", "example": 7}, 7),
        ({"type": ["null", "string"], "minLength": 6}, "textxx"),
        ({"type": "string", "maxLength": 2}, "te"),
        ({"enum": [None, "a"]}, "a"),
        ({"type": "integer", "minimum": 5, "multipleOf": 4}, 8),
        ({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}, 0.75),
        ({"type": "integer", "maximum": -3}, -3),
        ({"type": "array", "items": {"type": "boolean"}, "default": []}, [True]),
        ({"type": "number", "minimum": 1e299, "multipleOf": 1e-10}, 1e299),
        ({"anyOf": [{"type": "null"}, {"const": 3}]}, 3),
        ({"allOf": [{"minimum": 2}, {"type": "integer", "minimum": 4}]}, 4),
        ({"type": "array", "items": {"type": "integer"}, "minItems": 3, "uniqueItems": True}, [1, 2, 3]),
        ({"prefixItems": [{"type": "string"}, {"type": "boolean"}]}, ["text", True]),
        ({"type": "object", "additionalProperties": {"type": "boolean"}}, {"key": True}),
        ({"patternProperties": {"^x-": {"const": 1}}, "additionalProperties": False}, {"x-": 1}),
        ({"properties": {"a": {"const": 1}, "b": {"readOnly": True}}, "example": {"a": 2}}, {"a": 2}),
        ({"$ref": "#/$defs/Node"}, {"n": 1, "next": {"n": 1, "next": {"n": 1, "next": {}}}}),
        ({"not": {}}, NOTHING),
        ({"type": "array", "minItems": 10**9, "items": {}}, NOTHING),
    ],
)
def test_a_value_for_a_schema(schema: Schema, value: object) -> None:
    assert SAMPLER.value(schema) == value


def test_values_that_are_alike_and_not_the_same() -> None:
    assert [varied("ab9", n, {}) for n in range(3)] == ["ab9", "ab0", "ab1"]
    assert len({str(varied("5f0c-b10", n, {})) for n in range(50)}) == 50
    assert [varied({"a": 1}, n, {}) for n in range(2)] == [{"a": 1}, {"a": 2}]
    assert varied("a", 1, {"enum": ["a", "b"]}) == "b"
