"""TOML that a person wrote: what cannot be read, where its tables stand, and what is no day."""

import tomllib

import pytest

from hotfire import config, expected, permissions, waivers
from hotfire.errors import UsageError
from hotfire.toml import day, document, quoted, tables

DEEP = "x = " + "[" * 3000
LONG = "x = " + "1" * 5000


def head_of(text: str) -> object:
    """The text as the head of an expected response."""
    return expected.parse(f"{text}\n---\nGET /\n---\n200\n---\n", "launch/expected/publish/x.txt")


READERS = (permissions.parse, waivers.parse, lambda text: config.parse(text, "pyproject.toml"), head_of)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    ("text", "problem", "hint"),
    [
        (DEEP, "nested too deeply", "mend it; "),
        (LONG, "5000 digits", "mend it; "),
        ("a = 1\nb = ?\n", "(at line 2, column 5)", "mend line 2; "),
        ("a = 1\n\nb = ", "(at end of document)", "mend line 3; "),
        ("\ufeffa = 1", "begins with a byte order mark", "without one"),
    ],
)
def test_every_reader_tells_what_cannot_be_read(reader, text, problem, hint):
    with pytest.raises(UsageError) as refused:
        reader(text)
    assert problem in refused.value.problem
    assert hint in refused.value.hint


def test_a_document():
    assert document("a = 1", "x.toml", hint="") == {"a": 1}


@pytest.mark.parametrize(
    "header",
    ["[[entry]]", "  [[entry]]", "[[ entry ]] # one", '[["entry"]]', "[['entry']]", "\t[[\tentry\t]]"],
)
def test_a_table_has_the_line_of_its_header(header):
    text = f"# [[entry]]\n{header}\na = 1\n\n[[entry]]\na = 2\n"
    assert tables(text, "x.toml", "entry", hint="") == [("x.toml:2", {"a": 1}), ("x.toml:5", {"a": 2})]


@pytest.mark.parametrize(
    "text",
    ["entry = [{a = 1}, {a = 2}]", '[[entry]]\na = 1\n[["entr\\u0079"]]\na = 2\n'],
)
def test_tables_of_another_form_are_numbered(text):
    assert tables(text, "x.toml", "entry", hint="") == [("x.toml: entry 1", {"a": 1}), ("x.toml: entry 2", {"a": 2})]


def test_a_line_separator_of_unicode_begins_no_line():
    text = "# one\u2028[[entry]]\n[[entry]]\na = 1\n"
    assert tables(text, "x.toml", "entry", hint="") == [("x.toml:2", {"a": 1})]


@pytest.mark.parametrize("text", ["2026-W01-1", "20261128", "2026-13-01", "2026-02-30", "٢٠٢٦-11-28", "", "ann"])
def test_what_is_no_day(text):
    assert day(text) is None


def test_a_day():
    assert str(day("2026-11-28")) == "2026-11-28"


@pytest.mark.parametrize("text", ["plain", 'a "b" \\c', "a\nb\x7f", "ä"])
def test_a_quoted_text_comes_back(text):
    assert tomllib.loads(f"x = {quoted(text)}") == {"x": text}
