"""Placeholders: written and read."""

import pytest

from hotfire.expected.placeholders import Hole, Template, misspelt, read, write


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
    ("text", "wrong"), [("<id:post>", ""), ("<ids:post>", "<ids:post>"), ("<instant:now>", "<instant:now>")]
)
def test_what_was_meant_as_a_placeholder_and_is_none(text: str, wrong: str) -> None:
    assert misspelt(f"x {text} y") == wrong
