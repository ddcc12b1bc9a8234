"""The check of `inputs`, by value: what each wrong request proves."""

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest

from hotfire.checks import check_named
from hotfire.checks.inputs import Inputs
from hotfire.model.check import Judged
from hotfire.model.edit import Edit, read, written
from hotfire.model.history import Baseline, Exit, History, LogLine, Reply, RowChange
from hotfire.model.judgement import Finding, Judgement, Remark, Unknown
from hotfire.model.request import Request
from hotfire.model.trial import Trial
from hotfire.mutation.standins import standing_in
from hotfire.testing import baseline, history, inserted, judged, reply, serial, trial, updated
from hotfire.testing.baselines import STEP
from tests.loglines.test_frames import OF_THE_FRAMEWORK, OF_THE_SERVICE
from tests.test_wrongs import FIELDS, document

CHECK = Inputs()
REQUEST = Request(
    method="POST", target="/orders", headers=(("content-type", "application/json"),), body=json.dumps(FIELDS)
)


def undisturbed(run: int) -> list[RowChange]:
    return [inserted("orders", id=serial(run), item="lamp", is_admin="f")]


BASELINE = replace(baseline(undisturbed, answer=lambda _: reply(201)), request=REQUEST)
READING = replace(baseline(lambda _: [], step=replace(STEP, method="GET")), request=REQUEST)


def wrong(
    of: Baseline = BASELINE,
    place: str = "/body/item",
    keyword: str = "nul",
    value: str = '"x"',
    *,
    proven: bool = False,
) -> Trial:
    edits = written([Edit(part="body", place=place.removeprefix("/body"), value=value)])
    arguments = {"edits": edits, "sentence": f"{place}: {keyword}", "place": place, "keyword": keyword}
    return trial(of, "inputs", "invalid", proven=proven, **arguments)


def said(
    answer: Reply,
    *rows: RowChange,
    of: Baseline = BASELINE,
    made: Trial | None = None,
    so_far: Sequence[Judged] = (),
    logs: str = "",
    exits: tuple[Exit, ...] = (),
) -> list[Judgement]:
    seen = replace(history(rows=rows, replies=[answer]), logs=lines(logs), exits=exits)
    return list(CHECK.judge(of, made or wrong(of), seen, so_far))


def lines(text: str) -> tuple[LogLine, ...]:
    return tuple(LogLine(process="web.0", text=line, at=0.1) for line in text.splitlines())


def kinds(judgements: Sequence[Judgement]) -> list[tuple[str, str]]:
    return [(each.severity, each.category) for each in judgements if isinstance(each, Finding)]


ORDER = inserted("orders", id="77", item="x", is_admin="f")


def test_it_is_found_by_its_name() -> None:
    assert isinstance(check_named("inputs"), Inputs)


def test_of_other_lines_trials_it_says_nothing() -> None:
    assert list(CHECK.judge(BASELINE, trial(BASELINE, "retry", "in_sequence"), failed(), ())) == []


# what is right


@pytest.mark.parametrize("status", [400, 404, 409, 415, 422, 304, 206, 416, 201])
def test_a_refusal_and_what_is_not_proven_wrong_are_right(status: int) -> None:
    assert said(reply(status)) == []


def test_a_form_shown_again_is_a_refusal() -> None:
    page = reply(200, "<form method=post><p>This field is required.</p></form>")
    assert said(page, made=wrong(proven=True)) == []
    thanks = replace(baseline(undisturbed, answer=lambda _: reply(200, "<p>Thanks.</p>")), request=REQUEST)
    search = replace(baseline(undisturbed, answer=lambda _: reply(200, "<form>Search</form>")), request=REQUEST)
    for of in (thanks, search):
        assert said(page, of=of, made=wrong(of, proven=True)) == []
    assert kinds(said(page, ORDER, of=search, made=wrong(search, proven=True))) == [
        ("blocker", "accepted invalid input")
    ]
    assert kinds(said(page, ORDER)) == [("blocker", "effect on a refused request")]


# what fails


def test_a_5xx_is_a_blocker_and_names_the_exception() -> None:
    (finding,) = said(reply(500), logs=OF_THE_SERVICE)
    assert isinstance(finding, Finding)
    assert (finding.severity, finding.category) == ("blocker", "5xx on invalid input")
    assert finding.title == "/body/item: nul: answered 500"
    assert "log: psycopg.DataError" in finding.fix
    assert finding.columns == ("orders.create DataError",)


def test_a_framework_that_fails_by_itself_is_a_note() -> None:
    assert kinds(said(reply(500), logs=OF_THE_FRAMEWORK)) == [("note", "5xx of the framework")]


def test_a_service_that_is_installed_among_libraries_fails_by_itself() -> None:
    installed = OF_THE_SERVICE.replace("/srv/", "/venv/lib/python3.12/site-packages/").replace("psycopg.Data", "Value")
    installed = installed.replace("psycopg", "other")
    assert kinds(said(reply(500), logs=installed)) == [("note", "5xx of the framework")]
    of = replace(BASELINE, packages=("shop",))
    (finding,) = said(reply(500), of=of, logs=installed)
    assert isinstance(finding, Finding)
    assert (finding.severity, finding.columns) == ("blocker", ("orders.create ValueError",))
    failing = replace(history(replies=[reply(500)]), logs=lines(installed))
    ran = [judged(wrong(of), failing, [finding]), judged(wrong(of, "/body/qty", "null"), failing, [finding])]
    assert len([each for each in CHECK.conclude([of], ran) if isinstance(each, Finding)]) == 1, "one line of its source"


@pytest.mark.parametrize(
    ("answer", "exits", "told"),
    [
        (reply(None, cut="no answer in 5 s"), (), "no answer in 5 s"),
        (reply(None), (Exit(process="web.0", status=-11),), "ended with status -11"),
    ],
)
def test_no_answer_is_a_blocker(answer: Reply, exits: tuple[Exit, ...], told: str) -> None:
    (finding,) = said(answer, exits=exits)
    assert isinstance(finding, Finding)
    assert finding.category == "no answer"
    assert told in finding.title


def test_a_traceback_in_a_refusal() -> None:
    assert kinds(said(reply(400, OF_THE_SERVICE))) == [("blocker", "traceback in an answer")]


def test_a_page_that_shows_tracebacks_undisturbed_shows_none_of_its_own() -> None:
    page = reply(200, f"<pre>{OF_THE_SERVICE}</pre>")
    of = replace(baseline(lambda _: [], step=replace(STEP, method="GET"), answer=lambda _: page), request=REQUEST)
    assert said(page, of=of) == said(replace(page, status=404), of=of) == []
    assert kinds(said(page, of=READING)) == [("blocker", "traceback in an answer")]


def test_a_value_that_another_row_has_may_be_taken_or_refused_and_not_break() -> None:
    of = replace(BASELINE, taken={"db.orders.item": "lamp 2"})
    of_another = trial(
        of, "inputs", "invalid", **wrong(of, value="").arguments | {"keyword": "taken"}, taken="db.orders.item"
    )
    stored = inserted("orders", id="77", item="lamp 2", is_admin="f")
    assert said(reply(201), stored, of=of, made=of_another) == said(reply(409), of=of, made=of_another) == []
    assert kinds(said(reply(409), stored, of=of, made=of_another)) == [("blocker", "effect on a refused request")]
    (finding,) = said(reply(500), of=of, made=of_another)
    assert isinstance(finding, Finding)
    assert "409" in finding.fix


def test_trouble_of_ours_is_unknown() -> None:
    (unknown,) = CHECK.judge(BASELINE, wrong(), history(trouble="the request cannot be changed so"), ())
    assert isinstance(unknown, Unknown)


# refused, and something happened


def test_a_refusal_that_left_the_row_is_a_blocker() -> None:
    (finding,) = said(reply(422), ORDER)
    assert isinstance(finding, Finding)
    assert (finding.category, finding.columns) == ("effect on a refused request", ("orders",))


def test_a_refusal_that_left_a_row_with_a_value_of_this_run_is_a_blocker() -> None:
    ticket = "5f0c6f0e-8d0b-4b6e-9d5e-2f7f3a1c9b10"
    request = replace(REQUEST, body=json.dumps({"ticket": ticket}))
    of = replace(baseline(lambda run: [inserted("orders", id=serial(run), ticket=ticket)]), request=request)
    stand_in = json.loads(standing_in(request).body)["ticket"]
    assert stand_in != ticket
    made = wrong(of, "/body/ticket", "maxLength", f'"{stand_in}x"')
    left = inserted("orders", id="77", ticket=f"{ticket}x")
    assert kinds(said(reply(422), left, of=of, made=made)) == [("blocker", "effect on a refused request")]


def test_who_refuses_the_asking_may_count_it_and_a_record_is_remarked() -> None:
    refused = inserted("refusals", id="1", why="nul")
    assert [type(each) for each in said(reply(429), ORDER)] == [Remark]
    assert [type(each) for each in said(reply(400), refused)] == [Remark]


def test_what_an_unreadable_request_leaves_too_is_bookkeeping() -> None:
    unreadable = judged(trial(BASELINE, "inputs", "unreadable"), history(rows=[ORDER], replies=[reply(400)]))
    assert said(reply(422), ORDER, so_far=[unreadable]) == []
    assert kinds(said(reply(400), ORDER, made=unreadable.trial)) == []


def test_each_way_in_which_it_cannot_be_read_counts_where_it_is_refused() -> None:
    metered = updated("usage", {"client": "c", "hits": "1"}, hits="2")
    of = replace(baseline(lambda run: [*undisturbed(run), metered], answer=lambda _: reply(201)), request=REQUEST)
    plain, typed = (each for each in planned(of) if each.perturbation == "unreadable")
    early = judged(plain, history(replies=[reply(400)]))
    late = judged(typed, history(rows=[metered], replies=[reply(422)]))
    found = ("blocker", "effect on a refused request")
    assert kinds(said(reply(422), metered, of=of, so_far=[early])) == [found]
    assert said(reply(422), metered, of=of, so_far=[early, late]) == []
    taken = judged(typed, history(rows=[metered], replies=[reply(201)]))
    assert kinds(said(reply(422), metered, of=of, so_far=[early, taken])) == [found], "it was read"


def test_how_many_cases_are_left_out_is_told_once() -> None:
    first, second, *_ = planned(BASELINE)
    (remark,) = said(reply(400), made=first)
    assert said(reply(400), made=second) == []
    assert isinstance(remark, Remark)
    assert "cases more are left out" in remark.text


# taken, and it should not be


def privileged(of: Baseline = BASELINE) -> Trial:
    return wrong(of, "/body/is_admin", "privileged", "true")


TOOK = "privileged field took effect"


@pytest.mark.parametrize(
    ("field", "value", "signed_in", "documented", "found"),
    [
        ("is_admin", "true", False, False, ("blocker", TOOK)),
        ("is_admin", "true", True, True, ("blocker", TOOK)),
        ("price", "0.01", True, True, ("blocker", TOOK)),
        ("is_admin", "true", True, False, "unknown"),  # an administrator may well set it
        ("price", "0.01", True, False, ("note", "undeclared field took effect")),
        ("note", '"hotfire-canary"', False, False, ("note", "undeclared field took effect")),
    ],
)
def test_a_field_that_was_sent_besides_and_stands_in_the_row(
    field: str, value: str, signed_in: bool, documented: bool, found: object
) -> None:
    of = replace(BASELINE, step=replace(STEP, signed_in=signed_in), document=document(FIELDS) if documented else "")
    row = inserted("orders", id="77", item="lamp", **{field: {"true": "t"}.get(value, value.strip('"'))})
    (seen,) = said(reply(201), row, of=of, made=wrong(of, f"/body/{field}", "privileged", value))
    if isinstance(seen, Unknown):
        assert found == "unknown"
        assert field in seen.fix
    else:
        assert kinds([seen]) == [found]
        assert isinstance(seen, Finding)
        assert seen.columns == (f"orders.{field}",)


@pytest.mark.parametrize(
    ("field", "value", "stands"),
    [
        ("balance", "987654321", "987654321.00"),
        ("balance", "987654321", "987654321.0"),
        ("created_at", '"2001-02-03T04:05:06Z"', "2001-02-03 04:05:06+00"),
    ],
)
def test_a_field_that_stands_in_the_row_as_its_column_writes_it(field: str, value: str, stands: str) -> None:
    of = replace(BASELINE, document=document(FIELDS))
    row, made = (
        inserted("orders", id="77", item="lamp", **{field: stands}),
        wrong(of, f"/body/{field}", "privileged", value),
    )
    assert kinds(said(reply(201), row, of=of, made=made)) == [("blocker", TOOK)]
    usual = replace(
        baseline(lambda run: [inserted("orders", id=serial(run), **{field: stands})], answer=lambda _: reply(201)),
        document=of.document,
        request=REQUEST,
    )
    assert said(reply(201), row, of=usual, made=made) == [], "it stands there undisturbed"


def test_a_privileged_field_that_is_ignored_or_stands_there_anyway() -> None:
    assert said(reply(201), ORDER, made=privileged()) == []
    everybody = replace(
        baseline(lambda run: [inserted("orders", id=serial(run), is_admin="t")], answer=lambda _: reply(201)),
        request=REQUEST,
    )
    row = inserted("orders", id="77", is_admin="t")
    assert said(reply(201), row, of=everybody, made=privileged(everybody)) == []


def test_what_the_document_proves_invalid_and_takes_effect() -> None:
    other = inserted("orders", id="77", item="another", is_admin="f")
    assert kinds(said(reply(201), other, made=wrong(keyword="minimum", proven=True))) == [
        ("blocker", "accepted invalid input")
    ]
    assert said(reply(201), other, made=wrong(keyword="minimum")) == [], "nothing proves it invalid"


def test_what_is_taken_and_comes_to_nothing_is_a_note_and_a_coercion_a_remark() -> None:
    made = wrong(READING, keyword="maximum", proven=True)
    assert kinds(said(reply(200), of=READING, made=made)) == [("note", "accepted invalid input")]
    untouched = wrong(keyword="minimum", proven=True)
    assert kinds(said(reply(201), made=untouched)) == [("note", "accepted invalid input")], "nothing was changed"
    assert [type(each) for each in said(reply(201), ORDER, made=wrong(keyword="type", proven=True))] == [Remark]
    no_text = wrong(keyword="type", value='{"a":1}', proven=True)
    assert kinds(said(reply(201), ORDER, made=no_text)) == [("blocker", "accepted invalid input")]


def test_what_was_filled_in_and_stored_is_no_effect_of_what_is_wrong() -> None:
    note = Edit(part="body", place="/note", act="insert", value='"hello"')
    bad = Edit(part="body", place="/lang", act="insert", value='"xx"')
    filled = trial(BASELINE, "inputs", "invalid", edits=written([note]), sentence="nothing wrong")
    arguments = {"edits": written([note, bad]), "sentence": "lang", "place": "/query/lang", "keyword": "enum"}
    made = trial(BASELINE, "inputs", "invalid", proven=True, **arguments)
    stored = inserted("orders", id="77", item="lamp", is_admin="f", note="hello")
    so_far = [judged(filled, history(rows=[stored], replies=[reply(201)]))]
    again, other = (inserted("orders", id=n, item="lamp", is_admin="f", note=text) for n, text in _NOTES)
    (note_only,) = said(reply(201), again, made=made, so_far=so_far)
    assert kinds([note_only]) == [("note", "accepted invalid input")]
    assert isinstance(note_only, Finding)
    assert [each.trial for each in note_only.evidence] == [made.id, filled.id], "it is judged against the other"
    assert kinds(said(reply(201), other, made=made, so_far=so_far)) == [("blocker", "accepted invalid input")]
    assert kinds(said(reply(201), other, made=made)) == [("note", "accepted invalid input")], "nobody knows"


def test_what_is_filled_in_has_a_type_of_its_own() -> None:
    note = Edit(part="body", place="/note", act="insert", value='"hello"')
    edits = written([note, Edit(part="body", place="/note", value="[]")])
    arguments = {"edits": edits, "sentence": "note: []", "place": "/body/note", "keyword": "type"}
    made = trial(BASELINE, "inputs", "invalid", proven=True, **arguments)
    (finding,) = said(reply(201), ORDER, made=made)
    assert kinds([finding]) == [("note", "accepted invalid input")], "a list is no text"


_NOTES = (("78", "hello"), ("79", "xx"))


# one cause, one finding


def told(*cases: tuple[Trial, History]) -> list[Finding]:
    ran = [judged(made, seen, list(CHECK.judge(BASELINE, made, seen, ()))) for made, seen in cases]
    return [each for each in CHECK.conclude([BASELINE], ran) if isinstance(each, Finding)]


def failed(logs: str = "") -> History:
    return replace(history(replies=[reply(500)]), logs=lines(logs))


def test_the_same_line_of_the_source_is_one_cause_told_by_its_shortest_case() -> None:
    long = wrong(place="/body/note", keyword="maxLength", value=json.dumps("x" * 300))
    (finding,) = told((long, failed(OF_THE_SERVICE)), (wrong(), failed(OF_THE_SERVICE)))
    assert finding.title == "/body/item: nul: answered 500"
    assert finding.points == ("/body/item: nul", "/body/note: maxLength")


def test_a_blocker_is_told_before_a_shorter_note() -> None:
    below = wrong(place="/body/qty", keyword="minimum", value="0", proven=True)
    negative = wrong(place="/body/qty", keyword="negative", value="-1", proven=True)
    taken = history(rows=[ORDER], replies=[reply(201)])
    (finding,) = told((below, history(rows=[], replies=[reply(201)])), (negative, taken))
    assert (finding.severity, finding.points) == ("blocker", ("/body/qty: negative", "/body/qty: minimum"))


def test_another_line_is_another_cause() -> None:
    other = OF_THE_SERVICE.replace("line 30, in create", "line 71, in price")
    assert len(told((wrong(), failed(OF_THE_SERVICE)), (wrong(keyword="null"), failed(other)))) == 2


def test_without_a_traceback_it_is_the_same_field_or_the_same_mistake() -> None:
    same_field, same_mistake = wrong(keyword="surrogate"), wrong(place="/body/note")
    another = wrong(place="/body/qty", keyword="beyond int8")
    found = told(*((made, failed()) for made in (wrong(), same_field, same_mistake, another)))
    assert [len(finding.points) for finding in found] == [3, 1]


# what is planned


def planned(of: Baseline, ran: Sequence[tuple[Trial, History]] = ()) -> list[Trial]:
    return list(CHECK.plan(of, [judged(made, seen) for made, seen in ran]))


def test_an_unreadable_body_and_the_wrong_ones() -> None:
    trials = planned(BASELINE)
    assert [each.perturbation for each in trials[:2]] == ["unreadable", "unreadable"]
    assert {each.perturbation for each in trials[2:]} == {"invalid"}


def test_what_is_filled_in_must_be_taken_first() -> None:
    small = replace(BASELINE, request=replace(REQUEST, body='{"item": "lamp"}'), document=document(FIELDS))
    *_, filled = planned(small)
    assert filled.arguments.get("keyword", "") == ""
    taken = planned(small, [(filled, history(replies=[reply(201)]))])
    assert {len(read(str(each.arguments["edits"]))) for each in taken[3:]} == {6}
    refused, ran = [filled], [(filled, history(replies=[reply(422)]))]
    while len(refused) < 20 and len(more := planned(small, ran)[2:]) > len(ran):
        refused = more
        if len(more) == len(ran) + 1:  # another part of what was filled in
            ran.append((more[-1], history(replies=[reply(422)])))
    assert 1 < len(ran) < 12
    assert {len(read(str(each.arguments["edits"]))) for each in refused[len(ran) :]} == {1}


def test_undisturbed_runs_that_do_not_agree_leave_it_unknown() -> None:
    unstable = replace(baseline(undisturbed, answer=lambda run: reply(201 + run)), request=REQUEST)
    assert planned(unstable) == []
    assert [type(each) for each in CHECK.conclude([unstable], [])] == [Unknown]


def test_a_document_that_contradicts_the_service_is_a_note() -> None:
    odd = replace(BASELINE, document=document(FIELDS, status="200"))
    (note,) = CHECK.conclude([odd], [])
    assert isinstance(note, Finding)
    assert (note.severity, note.category) == ("note", "document contradicts the service")
