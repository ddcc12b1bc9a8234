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
        ('"json"', '"jsn"', "author.txt:4 has the body 'jsn'", "html, text, binary, empty"),
        ("recorded =", "record =", "author.txt:2 has the unknown key 'record'", "recorded"),
        ('"2026-11-28"', '"yesterday"', "author.txt:2 has a recorded that is no day: 'yesterday'", "2026"),
        ('"2026-11-28 ann"', "5", "author.txt:3 has a reviewed that is no text", "in quotes"),
        ('"2026-11-28 ann"', "ann", "author.txt has a head that is no TOML", "mend line 3"),
        ("POST /api/posts?", "GET /api/posts?", "author.txt:6 asks 'GET /api/posts?draft=<id:draft>', and is", "POST"),
        ("POST /api/posts?", "POST /zzz?", "author.txt:6 asks 'POST /zzz?draft=<id:draft>', and is of", "/api/posts"),
        ("28 ann", "28", "author.txt:3 has a reviewed without a name: '2026-11-28'", "2026-11-28 ann"),
        ("2026-11-28 ann", "ann 2026-11-28", "author.txt:3 has a reviewed that is no day: 'ann'", "2026"),
        ("2026-11-28 ann", "2026-W48-6 ann", "author.txt:3 has a reviewed that is no day: '2026-W48-6'", "2026"),
        ("location:", "location", "author.txt:10 has 'location /api/posts/<id:post>' among", "name: value"),
        ('"title": "Hello",', '"title": "Hello"', "author.txt:15 has a body that is no JSON", "mend it"),
        (
            '"title": "Hello",',
            f'"title": {"[" * 100_000}',
            "author.txt:12 has a body that cannot be read: it is nested",
            '"text"',
        ),
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


@pytest.mark.parametrize(
    ("route", "target"),
    [
        ("/posts/{id}/edit", "/posts/<id:post>/edit?a=/b"),
        ("/posts/{id}/edit", "/posts/safer-<id:post>/edit"),
        ("/posts/{id}", "<text>"),
        ("/files/{path}", "/files/<token>"),
        ("/a.b/{id}.json", "/a.b/7.json"),
    ],
)
def test_the_request_is_the_own_of_its_step(route: str, target: str) -> None:
    text = FILE.replace("author POST /api/posts #1", f"author POST {route} #1")
    found = parse(text.replace("/api/posts?draft=<id:draft>", target), PLACE)
    assert found.step == f"author POST {route} #1"
