"""The check of `response`, by value: recorded, reviewed, and what today's undisturbed runs prove."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from hotfire.checks import check_named
from hotfire.checks.response import Response
from hotfire.errors import UsageError
from hotfire.model.check import Judged, Named, Reviewed, null_trials
from hotfire.model.history import Baseline, Reply
from hotfire.model.judgement import Finding, Judgement, Unknown
from hotfire.testing import baseline, judged, reply, serial
from hotfire.testing.baselines import STEP

JSON = {"content-type": "application/json"}
PLACE = "launch/expected/buy/ann-POST-orders-1.txt"
RECORDED = """\
step = "ann POST /orders #1"
recorded = "2026-11-28"
reviewed = "2026-11-28 ann"
body = "json"
---
POST /orders
---
201
content-type: application/json
location: /orders/<id:order>
---
{
  "id": <id:order>,
  "state": "open",
  "made": "2026-01-01T00:00:00Z"
}
"""
SHOW = replace(STEP, method="GET", route="/orders/{id}", target="/orders/1000002")
SHOWN = """\
step = "ann GET /orders/{id} #1"
recorded = "2026-11-28"
reviewed = "2026-11-28 ann"
body = "json"
---
GET /orders/<id:order>
---
200
content-type: application/json
---
{"order": <id:order>, "lines": "<id:lines>"}
"""


def ordered(run: int, location: str = "", **fields: object) -> Reply:
    number = int(serial(run))
    body = {"id": number, "state": "open", "made": "2026-01-01T00:00:00Z"} | fields
    return reply(201, body, headers=JSON | {"location": location or f"/orders/{number}"})


def runs(answer: Callable[[int], Reply] = ordered) -> Baseline:
    return baseline(lambda _: [], answer=answer)


def said(of: Baseline, *files: str) -> list[Judgement]:
    """What the check says in the end of one step."""
    check = Response().given({PLACE.replace("-1.txt", f"-{number}.txt"): text for number, text in enumerate(files)})
    assert isinstance(check, Response)
    return list(check.conclude([of], all_judged(check, of)))


def all_judged(check: Response, of: Baseline) -> list[Judged]:
    return [judged(trial, history, list(check.judge(of, trial, history, ()))) for trial, history in null_trials(of)]


def test_it_is_found_by_its_name_plans_nothing_and_reads_reviewed_files() -> None:
    check = check_named("response")
    assert isinstance(check, Reviewed)
    assert list(check.plan(runs(), ())) == []
    given = Response().given({PLACE: RECORDED})
    assert list(given.named()) == [
        Named(path="buy", step=STEP.key, place=PLACE, hint="remove the file, or mend what it names")
    ]


def test_as_recorded() -> None:
    assert said(runs(), RECORDED) == []


def test_not_recorded() -> None:
    (unknown,) = said(runs())
    assert isinstance(unknown, Unknown)
    assert (unknown.step, unknown.missing) == (STEP.key, "no response is recorded")
    assert unknown.fix.startswith("run `hotfire record -p buy`")


def test_not_reviewed() -> None:
    (unknown,) = said(runs(lambda run: ordered(run, state="shut")), RECORDED.replace("2026-11-28 ann", ""))
    assert isinstance(unknown, Unknown)
    assert unknown.missing == f"1 recorded response is not reviewed: {PLACE.replace('-1.', '-0.')}"


def test_a_difference_is_one_blocker_whatever_the_number_of_runs() -> None:
    (finding,) = said(runs(lambda run: ordered(run, state="shut", extra=1)), RECORDED)
    assert isinstance(finding, Finding)
    assert (finding.severity, finding.category) == ("blocker", "changed field")
    assert finding.title == 'body.state: expected "open", is "shut"; body.extra is there, and was not expected'
    assert "`hotfire record -p buy --step 'ann POST /orders #1'`" in finding.fix
    assert finding.trial == next(null_trials(runs()))[0].id


def test_the_worst_difference_names_the_class_and_an_addition_alone_is_a_note() -> None:
    (worst,) = said(runs(lambda run: ordered(run, location="/orders/7", state="shut")), RECORDED)
    (note,) = said(runs(lambda run: ordered(run, extra=run)), RECORDED)
    assert isinstance(worst, Finding)
    assert isinstance(note, Finding)
    assert (worst.category, note.severity) == ("wrong id", "note")


@pytest.mark.parametrize(
    "answer",
    [
        lambda run: ordered(run, state=f"state {run}"),  # it varies today, and did not when it was recorded
        lambda run: ordered(run, state="shut" if run else "open"),  # now and then
    ],
)
def test_what_was_never_settled_is_unknown(answer: Callable[[int], Reply]) -> None:
    (unknown,) = said(runs(answer), RECORDED)
    assert isinstance(unknown, Unknown)
    assert "varies" in unknown.missing
    assert "hotfire record -p buy --step" in unknown.fix


def test_what_time_alone_may_have_changed_is_unknown_and_told_what_to_write() -> None:
    (unknown,) = said(runs(lambda run: ordered(run, made="2026-06-01T00:00:00Z")), RECORDED)
    assert isinstance(unknown, Unknown)
    assert "time alone" in unknown.missing
    assert f"write <instant:zone> there in {PLACE.replace('-1.', '-0.')}" in unknown.fix


def test_a_run_without_an_answer_says_nothing_of_the_others() -> None:
    (unknown,) = said(runs(lambda run: ordered(run) if run else reply(None, cut="no answer in 5 s")), RECORDED)
    assert isinstance(unknown, Unknown)
    assert unknown.missing == "undisturbed, the step is answered no answer in 5 s or 201"


def test_what_varied_when_it_was_recorded_and_is_constant_today_is_no_difference() -> None:
    same = serial(7)
    assert said(runs(lambda run: ordered(run, id=int(same), location=f"/orders/{same}")), RECORDED) == []


def show(order: str, lines: str) -> Baseline:
    """The second step, behind a first that gave the order 1000002."""
    made = baseline(lambda _: [], answer=lambda _: reply(200, {"order": int(order), "lines": lines}, headers=JSON))
    return replace(made, step=SHOW, steps=(STEP, SHOW), earlier=(ordered(0, id=1000002, location="/orders/1000002"),))


def test_an_id_is_that_of_the_steps_before() -> None:
    assert said(show("1000002", "x"), RECORDED, SHOWN) == []
    (finding,) = said(show("1000003", "x"), RECORDED, SHOWN)
    assert isinstance(finding, Finding)
    assert finding.title == "body.order: 1000003 stands where body.id of ann POST /orders #1 has 1000002"


def test_one_field_that_differs_in_two_steps_is_one_finding() -> None:
    check = Response().given(
        {PLACE: RECORDED, PLACE.replace("POST", "GET"): RECORDED.replace("POST /orders", "GET /orders/{id}")}
    )
    assert isinstance(check, Response)
    first = runs(lambda run: ordered(run, state="shut"))
    second = replace(first, step=SHOW, steps=(STEP, SHOW))
    judgements = list(check.conclude([first, second], [*all_judged(check, first), *all_judged(check, second)]))
    assert [(each.step, each.points) for each in judgements if isinstance(each, Finding)] == [(STEP.key, (SHOW.key,))]


def test_two_files_of_one_step_are_refused() -> None:
    with pytest.raises(UsageError, match="is of the step 'ann POST /orders #1', as"):
        Response().given({PLACE: RECORDED, "launch/expected/buy/again.txt": RECORDED})
