"""An expected response as a file: read, written, and refused with what to write."""

import pytest

from hotfire.errors import UsageError
from hotfire.expected import name_of, parse, written

PLACE = "launch/expected/publish/author.txt"
FILE = """\
step = "author POST /api/posts #1"
recorded = "2026-11-28"
reviewed = "2026-11-28 ann"
body = "json"
---
POST /api/posts?draft=<id:draft>
---
201
content-type: application/json
location: /api/posts/<id:post>
---
{
  "id": <id:post>,
  "title": "Hello",
  "note": "a <lt>id:x> b"
}
"""


def test_what_is_read_is_written_again() -> None:
    found = parse(FILE, PLACE)
    assert (found.path, found.step, found.status) == ("publish", "author POST /api/posts #1", 201)
    assert found.reviewed == "2026-11-28 ann"
    assert written(found) == FILE


def test_line_ends_and_spaces_of_an_editor_are_no_change() -> None:
    edited = FILE.replace("\n", "\r\n").replace('"Hello",', '"Hello",  ')
    assert parse(edited, PLACE).same_as(parse(FILE, PLACE))


def test_a_text_may_hold_the_line_that_parts_a_file() -> None:
    text = FILE.replace('"json"', '"text"').split("{")[0] + "one\n---\ntwo\n"
    assert parse(text, PLACE).body == "one\n---\ntwo"
    assert written(parse(text, PLACE)) == text


def test_the_name_of_a_file() -> None:
    assert name_of("author POST /api/posts/{id} #1") == "author-POST-api-posts-id-1.txt"


@pytest.mark.parametrize(
    ("old", "new", "says", "hint"),
    [
        ("---\n201", "201", "author.txt has 2 lines '---' where there are three", "write ---"),
        ("201", "2O1", "author.txt:8 has the status '2O1'", "as 201"),
        ('step = "author', "step = author", "author.txt has a head that is no TOML", "mend line 1; or remove"),
        ('body = "json"\n', "", "author.txt:1 has no body", "body ="),
        ('"json"', '"jsn"', "author.txt has the body 'jsn'", "html, text, binary, empty"),
        ("recorded =", "record =", "author.txt:1 has the unknown key 'record'", "recorded"),
        ('"2026-11-28"', '"yesterday"', "author.txt:1 has a recorded that is no day: 'yesterday'", "2026"),
        ("28 ann", "28", "author.txt:1 has a reviewed without a name: '2026-11-28'", "2026-11-28 ann"),
        ("2026-11-28 ann", "2026-W48-6 ann", "author.txt:1 has a reviewed that is no day: '2026-W48-6'", "2026"),
        ("2026-11-28 ann", "ann 2026-11-28", "author.txt:1 has a reviewed that is no day: 'ann'", "2026"),
        ("location:", "location", "author.txt:10 has 'location /api/posts/<id:post>' among", "name: value"),
        ('"title": "Hello",', '"title": "Hello"', "author.txt:15 has a body that is no JSON", "mend it"),
        ('"title": "Hello",', f'"title": {"[" * 100_000}', "author.txt:12 has a body that is nested too", "mend it"),
        (
            "<id:post>,",
            "<ids:post>,",
            "author.txt:13 has the placeholder <ids:post>, which does not exist",
            "<id:NAME>",
        ),
    ],
)
def test_what_cannot_be_meant_is_told_with_file_and_line(old: str, new: str, says: str, hint: str) -> None:
    assert old in FILE
    with pytest.raises(UsageError) as error:
        parse(FILE.replace(old, new, 1), PLACE)
    assert says in error.value.problem
    assert hint in error.value.hint
    assert error.value.hint.endswith("or remove the file and run `hotfire record`")
