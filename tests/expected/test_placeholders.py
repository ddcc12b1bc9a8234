"""Placeholders: written, read, matched."""

import pytest

from hotfire.expected.placeholders import Bound, Hole, Template, form_of, match, misspelt, read, write


@pytest.mark.parametrize(
    ("text", "template"),
    [
        ("plain", ("plain",)),
        ("", ()),
        ("/posts/<id:post>?x=<token>", ("/posts/", Hole("id", "post"), "?x=", Hole("token"))),
        ("<instant:zone>", (Hole("instant", "zone"),)),
        ("a <lt>id:post> b", ("a <id:post> b",)),
        ("<b>bold</b> <input name='x'>", ("<b>bold</b> <input name='x'>",)),
    ],
)
def test_what_is_read_is_written_again(text: str, template: Template) -> None:
    assert read(text) == template
    assert write(template) == text


@pytest.mark.parametrize(
    "text",
    ["<id>", "<lt>", "<lt>id>", "<any:x>", "x<text>y", "<<id>>", "<dc:title>", "<o:p>a<o:p>", "<<lt:b>", "<instant:x>"],
)
def test_a_literal_text_never_turns_into_a_placeholder(text: str) -> None:
    assert read(write((text,))) == (text,)
    assert misspelt(write((text,))) == ""


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
    ("text", "wrong"), [("<id:post>", ""), ("<ids:post>", "<ids:post>"), ("<instant:now>", "<instant:now>")]
)
def test_what_was_meant_as_a_placeholder_and_is_none(text: str, wrong: str) -> None:
    assert misspelt(f"x {text} y") == wrong


def test_the_form_of_a_moment() -> None:
    assert [form_of(each) for each in ("2026-11-28T05:56:23Z", "2026-11-28", "yesterday")] == ["zone", "date", ""]
