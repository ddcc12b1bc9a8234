"""Where values of a request land, and what is wrong for these columns alone."""

import json
from dataclasses import replace

import pytest

from hotfire.landing import taken, too_long
from hotfire.model.history import Baseline, Row, RowChange
from hotfire.model.request import Request
from hotfire.testing.baselines import baseline

BODY = {"user": {"username": "  Ann ", "name": "Ann Smith"}, "seat": 7}


def row(after: Row, before: Row | None = None) -> RowChange:
    return RowChange(store="db", table="users", before=before, after=after)


def step(*rows: RowChange, **known: str) -> Baseline:
    return replace(baseline(lambda _: rows), taken={f"db.users.{column}": value for column, value in known.items()})


def request(body: str = json.dumps(BODY), kind: str = "application/json", target: str = "/users/ann") -> Request:
    return Request(method="PUT", target=target, headers=(("content-type", kind),), body=body)


def found(of: Baseline, sent: Request) -> list[tuple[str, str]]:
    return [(case.pointer, column) for case, column in taken(of, sent)]


NEW = row({"username": "ann", "seat": "7", "name": "Ann Smith"})


def test_where_the_value_becomes_part_of_a_row_however_it_is_written() -> None:
    cases = list(taken(step(NEW, username="bob"), request()))
    ((case, column),) = cases
    assert (case.pointer, case.keyword, column) == ("/body/user/username", "taken", "db.users.username")
    assert case.sentence == "user.username: a value that another row of users already has"
    assert (case.edit.part, case.edit.place, case.edit.value) == ("body", "/user/username", "")


@pytest.mark.parametrize(
    ("kind", "body", "target"),
    [
        ("application/x-www-form-urlencoded", "username=ann", "/users"),
        (
            "multipart/form-data; boundary=b",
            '--b\r\ncontent-disposition: form-data; name="username"\r\n\r\nann\r\n--b--\r\n',
            "/",
        ),
        ("", "", "/users?username=ann"),
    ],
)
def test_of_a_form_and_a_query_too_but_not_of_a_path_which_names_an_object(kind: str, body: str, target: str) -> None:
    assert [place.rpartition("/")[2] for place, _ in found(step(NEW, username="bob"), request(body, kind, target))] == [
        "username"
    ]
    assert found(step(NEW, username="bob"), request("", "", "/users/ann")) == []


def test_a_short_value_may_stand_there_by_chance() -> None:
    assert found(step(NEW, seat="8"), request()) == [("/body/seat", "db.users.seat")]
    assert found(step(row({"rank": "7"}), rank="8"), request()) == []


def test_what_the_row_had_before_is_not_set_and_what_no_other_row_has_is_not_taken() -> None:
    assert (
        found(step(row({"username": "ann", "seat": "1"}, {"username": "ann", "seat": "2"}), username="bob"), request())
        == []
    )
    assert found(step(NEW), request()) == []


def test_a_text_of_one_character_more_than_its_column_holds() -> None:
    columns = {"db.users": {"username": "character varying(8)", "name": "text", "seat": "integer"}}
    of = replace(step(NEW), columns=columns, kinds={"db": "postgres"})
    ((case, limit),) = too_long(of, request(json.dumps({"username": "ann", "name": "Ann Smith"})))
    assert (case.pointer, case.keyword, limit) == ("/body/username", "maxLength", 8)
    assert case.edit.value == '"annnnnnnn"'
    assert case.sentence == "username: 9 characters, and users.username holds 8"
    assert list(too_long(replace(of, kinds={"db": "sqlite"}), request())) == []
