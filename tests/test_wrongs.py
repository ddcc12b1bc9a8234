"""The wrong requests of one step that are worth a trial."""

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest

from hotfire.model.edit import Edit, Proposal, read
from hotfire.model.history import Baseline
from hotfire.model.request import Request
from hotfire.model.step import Step
from hotfire.model.trial import Trial
from hotfire.mutation.headers import PROBES
from hotfire.openapi import Document
from hotfire.testing import history
from hotfire.testing.baselines import STEP, baseline
from hotfire.testing.rows import inserted, reply
from hotfire.wrongs import Wrongs, wrongs_of

FIELDS = {"item": "lamp", "qty": 2, "note": "soon", "price": 9.5, "gift": False, "day": "2026-05-01"}
READING = replace(STEP, method="GET", route="/orders", target="/orders?page=1&limit=20")


def schema_of(fields: Mapping[str, object]) -> dict[str, object]:
    return {
        "type": "object",
        "required": ["item"],
        "properties": {name: schema(value) for name, value in fields.items()},
    }


def schema(value: object) -> dict[str, object]:
    names = {bool: "boolean", int: "integer", float: "number", str: "string"}
    return {"type": names[type(value)], **({"minimum": 1} if type(value) is int else {})}


def document(fields: Mapping[str, object], *, status: str = "201") -> str:
    content = {"application/json": {"schema": schema_of(fields)}}
    operation = {"requestBody": {"content": content}, "responses": {status: {"description": "Done."}}}
    text = json.dumps({"openapi": "3.1.0", "info": {}, "paths": {"/orders": {"post": operation}}})
    found = Document.parse(text, "openapi.json").operation("POST", "/orders")
    assert found is not None
    return found.written()


def step(
    fields: Mapping[str, object] | None = None, of: Step = STEP, *, document: str = "", columns: tuple[str, ...] = ()
) -> Baseline:
    body = json.dumps(dict(fields)) if fields is not None else ""
    headers = (("host", "127.0.0.1"), *((("content-type", "application/json"),) if body else ()))
    request = Request(method=of.method, target=of.target, headers=headers, body=body)
    made = baseline(lambda _: [], step=of, steps=[of], answer=lambda _: reply(201))
    return replace(made, request=request, document=document, columns={"db.orders": dict.fromkeys(columns, "text")})


def wrongs(of: Baseline) -> Wrongs:
    found = wrongs_of(of)
    assert found is not None
    assert wrongs_of(of) is found
    return found


def keywords(trials: list[Trial], place: str) -> set[object]:
    return {trial.arguments["keyword"] for trial in trials if trial.arguments["place"] == place}


def test_a_step_of_six_fields_takes_sixty_trials_and_a_read_with_two_parameters_twenty_five() -> None:
    assert 40 <= len(list(wrongs(step(FIELDS)).trials(()))) <= 60 + 5
    assert 15 <= len(list(wrongs(step(of=READING)).trials(()))) <= 28 + 2


def test_the_likely_is_tried_at_every_place_the_rest_at_one() -> None:
    tried = list(wrongs(step(FIELDS)).trials(()))
    for place in ("/body/item", "/body/note"):
        assert keywords(tried, place) >= {"nul", "null", "maxLength", "type", "required"}
    assert keywords(tried, "/body/qty") >= {"beyond int4", "beyond int8", "null"}
    assert sum(trial.arguments["keyword"] == "surrogate" for trial in tried) == 1


def test_pages_below_one_are_tried_at_each_parameter() -> None:
    tried = list(wrongs(step(of=READING)).trials(()))
    for place in ("/query/page", "/query/limit"):
        assert keywords(tried, place) >= {"negative", "zero"}


def test_the_ends_of_the_calendar_and_of_what_a_page_comes_to_are_tried_where_they_stand() -> None:
    tried = list(wrongs(step({"day": "2026-05-01", "at": "2026-05-01T10:00:00Z", "item": "lamp"})).trials(()))
    assert keywords(tried, "/body/day") >= {"date", "last day", "year 0"}
    assert keywords(tried, "/body/at") >= {"date", "last day", "year 0", "offset"}
    assert not keywords(tried, "/body/item") & {"date", "last day", "year 0", "offset"}
    paging = list(wrongs(step(of=READING)).trials(()))
    for place in ("/query/page", "/query/limit"):
        assert keywords(paging, place) >= {"beyond int8", "multiplied"}
    assert not keywords(list(wrongs(step(FIELDS)).trials(())), "/body/qty") & {"multiplied"}


def test_a_text_that_may_be_any_is_tried_first() -> None:
    tried = list(wrongs(step({"day": "2026-05-01", "item": "lamp"})).trials(()))
    assert [trial.arguments["place"] for trial in tried if trial.arguments["keyword"] == "surrogate"] == ["/body/item"]


def test_each_cookie_is_mangled_in_each_way() -> None:
    of = step(FIELDS)
    request = of.request
    assert request is not None
    with_cookies = replace(request, headers=(*request.headers, ("cookie", "sid=‹token:ann:1›; lang=de")))
    tried = [trial.arguments for trial in wrongs(replace(of, request=with_cookies)).trials(())]
    mangled = [(each["place"], each["keyword"]) for each in tried if str(each["place"]).startswith("/cookie")]
    assert mangled == [
        ("/cookie/sid", "cookie"),
        ("/cookie/sid", "ascii"),
        ("/cookie/lang", "cookie"),
        ("/cookie/lang", "ascii"),
    ]


def test_headers_of_a_read_are_tried_at_each_read() -> None:
    other = replace(READING, route="/items", target="/items")
    for each in (READING, other):
        tried = wrongs(replace(step(of=each), steps=(READING, other))).trials(())
        assert {"range", "if-none-match"} <= {trial.arguments["keyword"] for trial in tried}


def test_each_kind_is_tried_however_many_places_there_are() -> None:
    names = [f"p{n}" for n in range(12)]
    schema = {"type": "string", "minLength": 2, "maxLength": 9, "pattern": "^[a-z]+$"}
    parameters = [{"in": "query", "name": name, "schema": schema} for name in names]
    parameters += [{"in": "query", "name": name, "schema": {"type": "integer"}} for name in ("since", "until")]
    text = json.dumps({"openapi": "3.1.0", "paths": {"/orders": {"get": {"parameters": parameters}}}})
    target = "/orders?" + "&".join([*(f"{name}=abc" for name in names), "since=1", "until=2"])
    declared = Document.parse(text, "openapi.json").operation("GET", "/orders")
    assert declared is not None
    found = wrongs(step(of=replace(READING, target=target), document=declared.written()))
    tried = {trial.arguments["keyword"] for trial in found.trials(())}
    assert "/header/range" in {trial.arguments["place"] for trial in found.trials(())}
    assert found.left_out(()) > 50
    assert tried >= {"minLength", "maxLength", "pattern", "nul", "surrogate", "utf-8", "repeated", *PROBES}


def test_what_is_left_out_is_counted_and_every_run_tries_the_same() -> None:
    one, other = wrongs(step(FIELDS)), Wrongs.of(step(FIELDS), wrongs(step(FIELDS)).request)
    assert one.left_out(()) > 0
    assert [trial.id for trial in one.trials(())] == [trial.id for trial in other.trials(())]


def test_a_field_that_is_nobodys_to_set_is_sent_where_a_table_has_it() -> None:
    def sent(*columns: str) -> set[object]:
        tried = wrongs(step(FIELDS, columns=columns)).trials(())
        return {trial.arguments["place"] for trial in tried if trial.arguments["keyword"] == "privileged"}

    assert sent("id", "isAdmin") == {"/body/id", "/body/is_admin"}
    assert sent() == set()


def test_headers_that_any_step_reads_alike_are_tried_at_the_first_safe_one() -> None:
    writing, reading = step(FIELDS), step(of=READING)
    both = (writing.step, reading.step)
    tried = {
        each.step.method: {trial.arguments["place"] for trial in wrongs(replace(each, steps=both)).trials(())}
        for each in (writing, reading)
    }
    assert "/header/x-forwarded-for" in tried["POST"] & tried["GET"]
    assert "/header/x-real-ip" in tried["GET"] - tried["POST"]


def test_what_the_document_declares_besides_is_filled_in_and_what_it_forbids_is_proven() -> None:
    found = wrongs(step({"item": "lamp"}, document=document(FIELDS)))
    (trial,), unknown = found.asked({})
    assert unknown is None
    (_,), fill = found.asked({trial.id: True})
    assert fill is not None
    assert {edit.place for edit in fill} == {"/qty", "/note", "/price", "/gift", "/day"}
    assert "qty" in str(found.filled(fill).arguments["sentence"])
    proven = [trial for trial in found.trials(fill) if trial.arguments["proven"]]
    assert "minimum" in keywords(proven, "/body/qty")
    assert all(read(str(trial.arguments["edits"]))[:-1] == fill for trial in proven)


MANY = {"item": "lamp", **{f"f{n}": "text" for n in range(6)}, "coupon_id": 1, "user_id": 2}


def settled(of: Baseline, *refused: str) -> tuple[int, set[str]]:
    """How many trials it takes, and what is filled in, where these fields are refused."""
    found, taken = wrongs(of), dict[str, bool]()
    while True:
        trials, fill = found.asked(taken)
        if fill is not None:
            return len(trials), {edit.place.removeprefix("/") for edit in fill}
        assert trials[-1].id not in taken
        taken[trials[-1].id] = not any(f"/{name}" in str(trials[-1].arguments["edits"]) for name in refused)


def test_what_is_refused_of_what_was_filled_in_is_left_out_and_the_rest_is_kept() -> None:
    of = step({"item": "lamp"}, document=document(MANY))
    optional = {*MANY} - {"item"}
    assert settled(of) == (1, optional)
    assert settled(of, "coupon_id") == (4, optional - {"coupon_id"})
    assert settled(of, "coupon_id", "user_id") == (4, optional - {"coupon_id", "user_id"})
    for name in ("f0", "f3", "f5"):
        trials, kept = settled(of, name)
        assert (trials <= 7, kept) == (True, optional - {name})
    trials, kept = settled(of, *optional)
    assert (trials <= 12, kept) == (True, set())
    assert settled(step({"item": "lamp"}, document=document({"item": "lamp"}))) == (0, set())


def test_a_part_of_what_was_filled_in_is_asked_of_only_if_the_document_allows_it() -> None:
    declared = json.loads(document(MANY))
    declared["bodies"][0]["schema"]["dependentRequired"] = {"f0": ["f5"]}
    of = step({"item": "lamp"}, document=json.dumps(declared))
    trials, kept = settled(of, "f5")
    assert kept == {*MANY} - {"item", "f5", "f0"}
    assert settled(step({"item": "lamp"}, document=document(MANY)), "f5", "f0")[0] > trials


def test_a_text_longer_than_its_column_is_tried_where_the_document_allows_it() -> None:
    def tried(limit: int, longest: int | None) -> list[str]:
        item = {"type": "string", **({"maxLength": longest} if longest else {})}
        declared = json.loads(document({"item": "lamp"}))
        declared["bodies"][0]["schema"]["properties"]["item"] = item
        of = step({"item": "lamp"}, document=json.dumps(declared))
        rows = tuple(replace(each, state=(inserted("orders", item="lamp"),)) for each in of.clean)
        kinds = {"db.orders": {"item": f"character varying({limit})"}}
        of = replace(of, clean=rows, columns=kinds, kinds={"db": "postgres"})
        found = [str(trial.arguments["sentence"]) for trial in wrongs(of).trials(())]
        return [each for each in found if "orders.item holds" in each]

    assert tried(100, 200) == ["item: 101 characters, and orders.item holds 100"]
    assert tried(100, 50) == [], "the document forbids it"
    assert tried(100, None) == [], "300 characters are tried anyway"
    assert tried(500, None) == ["item: 501 characters, and orders.item holds 500"]


def test_what_another_tool_proposes_is_tried_besides_if_it_is_new_and_can_be_sent() -> None:
    of = step(FIELDS, document=document(FIELDS))
    own = read(str(next(iter(wrongs(of).trials(()))).arguments["edits"]))[-1]
    unsendable = Edit(part="header", place="x-mode", act="insert", value=" ")
    edits = (own, Edit(part="body", place="/gone", value="1"), unsendable, Edit(part="body", place="/qty", value="0.5"))
    of = replace(of, proposals=tuple(Proposal(edit=edit, says="Incorrect type") for edit in edits))
    (added,) = [trial for trial in wrongs(of).trials(()) if trial.arguments["keyword"] == "coverage"]
    assert added.arguments["sentence"] == "body qty: Incorrect type (Schemathesis)"
    assert (added.arguments["place"], added.arguments["proven"]) == ("/body/qty", True)


def test_a_document_that_says_otherwise_proves_nothing() -> None:
    contradicted = wrongs(step({"qty": 0}, document=document(FIELDS)))
    assert "/body" in contradicted.contradiction or "item" in contradicted.contradiction
    assert not any(trial.arguments["proven"] for trial in contradicted.trials(()))
    missing = replace(step(FIELDS, document=document(FIELDS)), clean=(history(rows=(), replies=[reply(404)]),))
    assert wrongs(missing).contradiction == ""
    undeclared = wrongs(step(FIELDS, document=document(FIELDS, status="200")))
    assert undeclared.contradiction == "it is answered 201, and declared are 200"
    assert any(trial.arguments["proven"] for trial in undeclared.trials(()))


@pytest.mark.parametrize("text", ["[" * 20_000 + "]" * 20_000, '{"a":' * 20_000 + "1" + "}" * 20_000])
def test_what_is_nested_beyond_what_can_be_walked_has_no_places(text: str) -> None:
    made = step({"item": "lamp"}, document=document({"item": "lamp"}))
    assert made.request is not None
    deep = replace(made, request=replace(made.request, body=text))
    answered = replace(made, clean=tuple(replace(each, replies=(reply(201, text),)) for each in made.clean))
    assert not [t for t in wrongs(deep).trials(()) if str(t.arguments["place"]).startswith("/body/")]
    assert keywords(list(wrongs(answered).trials(())), "/body/item") >= {"nul", "null"}


def test_what_cannot_be_read_goes_ahead_unless_a_read_has_no_body() -> None:
    plain, typed = wrongs(step(FIELDS)).unreadable()
    assert (plain.perturbation, plain.arguments) == ("unreadable", {})
    assert [edit.value for edit in read(str(typed.arguments["edits"]))] == ["[]"]
    removing = replace(STEP, method="DELETE", route="/orders/{id}", target="/orders/7")
    (wrong,) = wrongs(step(of=removing)).unreadable()
    assert [(edit.part, edit.place) for edit in read(str(wrong.arguments["edits"]))] == [("path", "1")]
    assert list(wrongs(step(of=READING)).unreadable()) == []
    assert wrongs_of(baseline(lambda _: [])) is None
