"""What undisturbed runs have in common, and what stands in a file for the rest."""

import itertools
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotfire.expected import compare, form_of_reply, learn, parse, written
from hotfire.model.history import Reply
from tests.expected.plays import HTML, JSON, NOW, POST, RUNS, answered, both, learned, serial, unique


def body(**fields: object) -> str:
    """A JSON body as it stands in a file, in one line; each field is given as a function of the run, or as it is."""
    found = learned(lambda run: answered({name: _of(value, run) for name, value in fields.items()}))
    return " ".join(found.body.split())


def _of(value: object, run: int) -> object:
    return value(run) if callable(value) else value


def uuid(run: int) -> str:
    return f"0f8fad5b-d9cb-469f-a165-{run:012d}"


@pytest.mark.parametrize(
    ("value", "stands"),
    [
        ("Hello", '"Hello"'),
        (None, "null"),
        (True, "true"),
        (7, "7"),
        (serial, "<id>"),
        (lambda run: str(serial(run)), '"<id>"'),
        (lambda run: f"{unique(run)}@example.org", '"<id>@example.org"'),
        (uuid, '"<id>"'),
        ("0f8fad5b-d9cb-469f-a165-70867728950e", '"<id>"'),
        (lambda run: f"2026-11-28T05:56:2{run}+00:00", '"<instant:zone>"'),
        (lambda run: f"2026-11-28T05:56:2{run}", '"<instant:naive>"'),
        ("2026-11-28T05:56:20Z", '"<instant:zone>"'),
        ("2024-01-01T00:00:00Z", '"2024-01-01T00:00:00Z"'),
        ("2026-11-28", '"<instant:date>"'),
        ("1999-12-31", '"1999-12-31"'),
        ("C-20261128-7", '"C-<instant:compact>-7"'),
        ("C-20190101-7", '"C-20190101-7"'),
        ("Nov. 28, 2026, 5:56 a.m.", '"<instant:words>"'),
        (lambda run: f"Nov. 28, 2026, 5:5{run} a.m.", '"<instant:words>"'),
        ("/media/2026/11/28/a.png", '"/media/<instant:figures>/a.png"'),
        ("report_20261128.csv", '"report_<instant:compact>.csv"'),
        (lambda run: f"at 05:5{run}", '"at <instant:clock>"'),
        ("from 09:00 to 05:56", '"from 09:00 to <instant:clock>"'),
        (lambda run: f"version 1.2.1{run}", '"version 1.2.<id>"'),
        (lambda run: f"left: 0:1{run}", '"left: 0:<id>"'),
        (lambda run: f"for 12 items {serial(run) // 1000}", '"for 12 items <id>"'),
        ("28 novembre 2026", '"28 novembre 2026"'),
        (lambda run: f"Order {20261128 + 7 * run}", '"Order <id>"'),
        (lambda run: f"row {run} of 3", '"row <id> of 3"'),
        ("Saturday, (c) 2026", '"Saturday, (c) 2026"'),
        (lambda run: 1795845600 + run, "<instant:epoch>"),
        (lambda run: 0.25 * run, "<number>"),
        (lambda run: run % 3, "<number>"),
        (lambda run: run % 2 == 0, '"<any>"'),
        (lambda run: None if run else "x", '"<any>"'),
        (lambda run: "aB_-" * run + "Zk9-_q" * 5, '"<token>"'),
        (lambda run: f"took {run} ms, {'very ' * run}well", '"<text>"'),
        (lambda run: ["x"] * run, '[ "<any>" ]'),
        (["a", serial], '[ "a", 1 ]'),
        ({}, "{}"),
        ("5 <id:post> 6", '"5 <lt>id:post> 6"'),
    ],
)
def test_what_stands_for_a_value(value: object, stands: str) -> None:
    value = ["a", 1] if isinstance(value, list) else value
    assert body(field=value) == f'{{ "field": {stands} }}'


def test_a_key_that_is_there_in_some_runs_may_be_missing() -> None:
    found = learned(lambda run: answered({"a": 1} | ({"b": 2} if run else {})))
    assert json.loads(found.body) == {"a": 1, "b": "<any>"}


def test_one_value_has_one_name_in_all_places() -> None:
    first, second = both(
        lambda run: answered(
            {"id": serial(run), "author_id": serial(run) + 500_000, "slug": unique(run)},
            JSON | {"location": f"/posts/{serial(run)}"},
            201,
        ),
        lambda run: answered(f'<a href="/posts/{serial(run)}">{unique(run)}</a> {serial(run) + 500_000}', HTML),
    )
    assert json.loads(first.body.replace("<id", '"<id').replace(">", '>"').replace('""', '"')) == {
        "id": "<id:post>",
        "author_id": "<id:author>",
        "slug": "<id:slug>",
    }
    assert "location: /posts/<id:post>" in written(first)
    assert "GET /posts/<id:post>\n" in written(second)
    assert second.body == '<a href="/posts/<id:post>">\n  <id:slug>\n<id:author>'


def test_a_short_number_binds_only_if_it_is_new_in_every_run() -> None:
    assert body(a=lambda run: run + 3, b=lambda run: run + 3) == '{ "a": <id:a>, "b": <id:a> }'
    assert body(a=lambda run: run % 3, b=lambda run: run % 3) == '{ "a": <number>, "b": <number> }'


def test_a_page_that_is_another_in_each_run_is_not_compared() -> None:
    assert learned(lambda run: answered("<p>x</p>" * (run + 1), HTML)).body == "<any>"


LIST = "<h1>Hello {1}</h1><ul>{0}</ul><form method=post><input name=email></form><p>Bye"


def page(run: int, entries: int) -> Reply:
    listed = "".join(f"<li class=entry><b>{name}</b> said" for name in ("ann", "ben", "the eve")[:entries])
    return answered(LIST.format(listed, unique(run)), HTML)


def test_of_a_list_that_is_longer_in_some_runs_only_the_entries_are_not_compared() -> None:
    found = learned(lambda run: page(run, 1 + run % 3))
    assert found.body == ('<h1>\n  Hello <id>\n<ul>\n<any>\n<form method="post">\n  <input name="email">\n<p>\n  Bye')
    again = parse(written(found), "launch/expected/publish/x.txt")
    for entries in range(4):
        assert compare(again, form_of_reply(page(0, entries)), {}) == []
    other = form_of_reply(answered(LIST.replace("Bye", "Oh").format("<li>", "x1"), HTML))
    assert [each.text for each in compare(again, other, {})] == ["page: expected Bye, is Oh"]


def test_a_line_that_one_run_has_more_is_all_that_is_not_compared() -> None:
    text = {"content-type": "text/plain"}
    found = learned(lambda run: answered(f"# of {run}\nusers 5\n" + "late: yes; why\n" * (run == 2) + "end.", text))
    assert found.body == "# of <id>\nusers 5\n<any>\nend."


def test_a_list_of_any_length_is_a_list() -> None:
    found = learned(lambda run: answered({"items": [{"a": 1}] * run}))
    assert compare(found, form_of_reply(answered({"items": []})), {}) == []
    assert compare(found, form_of_reply(answered({"items": [{"a": 1}] * 9})), {}) == []
    (other,) = compare(found, form_of_reply(answered({"items": "boom"})), {})
    assert other.text == 'body.items: expected a list of any length, is "boom"'


def test_a_line_keeps_its_place_in_the_page_whatever_it_says() -> None:
    page = learned(lambda run: answered(f"<ul><li>{'very ' * run}well</ul>", HTML))
    assert page.body == "<ul>\n  <li>\n    <text>"


def test_a_header_that_is_there_in_some_runs_may_be_missing() -> None:
    cookies = [{"set-cookie": "sid=abcdefgh; Path=/", "vary": "Cookie"}, {}]
    found = learned(lambda run: answered("", cookies[run % 2]))
    assert "vary: <any>\nset-cookie: sid=<any>\n" in written(found)
    for headers in cookies:
        assert compare(found, form_of_reply(answered("", headers)), {}) == []


def test_answers_that_are_not_steady_are_told() -> None:
    runs = [[answered("", {}, 200 + run % 2)] for run in range(RUNS)]
    assert learn("publish", [POST], runs, {}, NOW) == ["undisturbed runs do not agree in the status: 200 or 201"]


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-5, 2_000_000)
    | st.text(max_size=12)
    | st.sampled_from(
        [
            "<id:x>",
            "2026-11-28T05:56:23Z",
            "49.00",
            "a b",
            "0f8fad5b-d9cb-469f-a165-70867728950e",
            "\u2028",
            "\x00<id>",
            "<dc:title>x",
            "<ids:x>",
        ]
    )
)
TREES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
)


@settings(max_examples=60, deadline=None)
@given(st.lists(TREES, min_size=RUNS, max_size=RUNS), TREES)
def test_every_run_is_as_expected_also_by_way_of_the_file(noise: list[object], settled: object) -> None:
    runs = [
        [answered({"noise": each, "settled": settled, "again": [each, serial(run)]})] for run, each in enumerate(noise)
    ]
    (found,) = learn("publish", [POST], runs, {}, NOW)
    assert not isinstance(found, str)
    again = parse(written(found), "launch/expected/publish/x.txt")
    assert again.same_as(found)
    for expected, (reply,) in itertools.product((found, again), runs):
        assert compare(expected, form_of_reply(reply), {}) == []


@pytest.mark.parametrize("kind", ["application/rss+xml", "text/html", "text/plain"])
@given(st.lists(st.sampled_from(["<dc:creator>", "</dc:creator>", "<o:p>", "<id:x>", "<", "Ann", "\n", " ", "lt>"])))
def test_a_text_with_the_tags_of_a_namespace_is_read_again(kind: str, parts: list[str]) -> None:
    found = learned(lambda _: answered("".join(parts), {"content-type": kind}))
    assert parse(written(found), "launch/expected/publish/x.txt").same_as(found)


LINES = st.lists(st.sampled_from(["<ul>", "<li>", "</ul>", "ann", "ben 1", "05:56", "", "<p>", " b"]), max_size=7)


@settings(max_examples=80, deadline=None)
@given(st.lists(LINES, min_size=RUNS, max_size=RUNS), st.sampled_from(["text/html", "text/plain"]))
def test_every_run_is_as_expected_whichever_lines_it_has(pages: list[list[str]], kind: str) -> None:
    runs = [[answered("x\n" + "\n".join(lines), {"content-type": kind})] for lines in pages]
    (found,) = learn("publish", [POST], runs, {}, NOW)
    assert not isinstance(found, str)
    again = parse(written(found), "launch/expected/publish/x.txt")
    for (reply,) in runs:
        assert compare(again, form_of_reply(reply), {}) == []
