"""Whether a text is one that a template stands for: as an expression says it, and in a time that does not run away."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotfire.expected.matching import Bound, match
from hotfire.expected.moments import FORMS
from hotfire.expected.placeholders import Hole, Template, joined, read


@pytest.mark.parametrize(
    ("template", "text", "values"),
    [
        ("/posts/<id:post>", "/posts/1000001", ["1000001"]),
        ("/posts/<id:post>", "/posts/1000001/edit", None),
        ("<id:post>", "two words", None),
        ("<text>", "two words", []),
        ("<any>", "", []),
        ("<number>", "1.5e3", []),
        ("<number>", "many", None),
        ("<instant:zone>", "2026-11-28T05:56:23.5+00:00", []),
        ("<instant:zone>", "2026-11-28T05:56:23", None),
        ("<instant:naive>", "2026-11-28 05:56", []),
        ("<instant:http>", "Sat, 28 Nov 2026 05:56:23 GMT", []),
        ("<instant:epoch>", "1795845383", []),
        ("<id:a>", "0f8fad5b-d9cb-469f-a165-70867728950e", ["0f8fad5bd9cb469fa16570867728950e"]),
    ],
)
def test_matching(template: str, text: str, values: list[str] | None) -> None:
    found = match(read(template), text)
    assert (None if found is None else [each.value for each in found]) == values


def test_only_named_placeholders_bind() -> None:
    assert match(read("<id>-<id:b>-<instant:date>"), "1-2-2026-11-28") == (Bound(name="b", value="2"),)


@pytest.mark.parametrize(
    ("template", "text", "fits"),
    [
        ("<token>,<token>", "a,b", True),
        ("<token>,<token>", "a,b,c", False),
        ('"<token>"', 'a"b', False),
        ("<token>.<token>", "a.b.c", True),  # a token may have a dot of its own
        ("<token>", "a,b,c", True),
        ("<text> <text>", "a b c", True),
        ("<id>-<id>", "a-b-c", True),
    ],
)
def test_a_token_does_not_hold_the_sign_that_parts_it_from_the_next(template: str, text: str, *, fits: bool) -> None:
    assert (match(read(template), text) is not None) == fits


@pytest.mark.parametrize("parted", [",", ".", " ", "a", ""])
@pytest.mark.parametrize("hole", ["<token>", "<text>", "<any>", "<id>", "<number>"])
def test_a_line_with_many_placeholders_is_matched_in_time(hole: str, parted: str) -> None:
    template = read(parted.join([hole] * 24) + "!")
    text = parted.join(["1234567890abcdefghij"] * 28)
    assert match(template, text) is None
    assert match(template, "\N{SNOWMAN}" * 50_000) is None


SHAPES = {
    "id": r"[^\s/?&<>\"'(),;{}\[\]|$]+?",
    "token": r"\S+?",
    "text": r".*?",
    "number": r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?",
    "any": r".*?",
}
HOLES = [Hole("id", "a"), Hole("token", "b"), Hole("text"), Hole("any"), Hole("number", "c"), Hole("instant", "date")]


def pattern(template: Template) -> str:
    """The template as an expression."""
    shapes = [
        re.escape(part) if isinstance(part, str) else f"({SHAPES.get(part.kind) or FORMS[part.name]})"
        for part in template
    ]
    return "".join(shapes)


@settings(max_examples=400, deadline=None)
@given(
    st.lists(st.sampled_from([*HOLES, "-", "/", "a", "1", ".", "2026-11-28"]), max_size=5),
    st.lists(st.sampled_from(["-", "/", "a", "1", ".", "2026-11-28", " ", "b", "e"]), max_size=8).map("".join),
)
def test_as_an_expression_matches(parts: list[str | Hole], text: str) -> None:
    template = joined(parts)
    found = re.fullmatch(pattern(template), text, re.DOTALL)
    told = match(template, text)
    assert (told is None) == (found is None)
    if found and told is not None:
        holes = [part for part in template if isinstance(part, Hole)]
        values = zip(holes, found.groups(), strict=True)
        assert told == tuple(Bound(name=hole.name, value=value) for hole, value in values if hole.binds)
