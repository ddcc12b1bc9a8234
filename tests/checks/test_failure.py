"""The check failure, on values: what is tried, and what each answer, state and log proves."""

from dataclasses import replace

import pytest

from hotfire.checks.failure import Failure
from hotfire.model.check import Judged
from hotfire.model.history import Baseline, History, LogLine, RowChange
from hotfire.model.judgement import Finding, Judgement, Remark, Unknown
from hotfire.model.trial import Trial
from hotfire.testing import (
    PATH,
    STEP,
    baseline,
    commit,
    effect,
    exchange,
    history,
    inserted,
    judged,
    reply,
    serial,
    statement,
    trial,
)

BEGIN, INSERT = statement("BEGIN"), statement("BEGIN; INSERT INTO orders VALUES ($)")
COMMIT, SELECT = commit("BEGIN", "INSERT INTO orders VALUES ($)"), statement("SELECT $")
AGAIN = replace(SELECT, occurrence=2)
EXCHANGES = [exchange(point, number=number) for number, point in enumerate((SELECT, BEGIN, INSERT, COMMIT, AGAIN))]
DOWN = {"dependency": "db"}
LOGGED = (LogLine(process="web", text="ERROR the database failed", at=0.5),)


def rows(run: int, number: int = 1) -> list[RowChange]:
    return [inserted("orders", id=serial(run, number), item="tea"), inserted("mails", order=serial(run, number))]


UNDISTURBED = replace(
    baseline(rows, effects=[effect("insert orders", point=COMMIT)], exchanges=EXCHANGES),
    kinds={"db": "postgres"},
    connections={"db": 3},
)
READ = replace(
    baseline(lambda _: [], exchanges=[exchange(SELECT)], answer=lambda _: reply(200, {"items": ["tea"]})),
    kinds={"db": "postgres"},
)
ONCE, TWICE = rows(7), [*rows(8), *rows(8, 2)]
PART = [inserted("orders", id=serial(9), item="tea")]
IN_SEQUENCE = judged(trial(UNDISTURBED, "failure", "in_sequence"), history(TWICE, [reply(), reply(send=1)]))


def shown(
    state: list[RowChange] = ONCE,
    first: int | None = 503,
    last: int | None = 200,
    *,
    meanwhile: list[RowChange] | None = None,
    logs: tuple[LogLine, ...] = LOGGED,
    body: object = "",
    cut: str = "",
) -> History:
    """What a trial shows: the answer under the fault, what it left; the answer behind it, and what is left then."""
    answers = [reply(first, body, cut=cut), replace(reply(last, send=1), begun=1.0, ended=1.1)]
    return replace(history(state, answers), meanwhile=tuple(meanwhile or ()), logs=logs)


def said(of: History, under: Baseline = UNDISTURBED, kind: str = "refused", **arguments: object) -> list[Judgement]:
    asked = trial(under, "failure", kind, **{**DOWN, **arguments})  # type: ignore[arg-type]  # a table's cells
    return list(Failure().judge(under, asked, replace(of, trial=asked.id), [IN_SEQUENCE]))


def classes(judgements: list[Judgement]) -> list[str]:
    return [each.category if isinstance(each, Finding) else type(each).__name__ for each in judgements]


# what is tried


def planned(under: Baseline = UNDISTURBED, results: tuple[Judged, ...] = ()) -> list[tuple[str, object]]:
    return [(each.perturbation, each.arguments.get("signature")) for each in Failure().plan(under, results)]


def test_what_waits_comes_last_and_one_stall_before_all_others() -> None:
    assert planned() == [
        ("in_sequence", None),
        ("refused", None),
        ("dead_pool", None),
        ("reset", SELECT.signature),
        ("erroring", SELECT.signature),
        ("reset", INSERT.signature),
        ("erroring", INSERT.signature),
        ("erroring", COMMIT.signature),  # its reset is the line retry's
        ("reset", SELECT.signature),
        ("erroring", SELECT.signature),
        ("slow", COMMIT.signature),
        ("stalled", None),
    ]


def stall() -> Trial:
    return trial(UNDISTURBED, "failure", "stalled", dependency="db")


def test_where_the_stall_was_survived_each_kind_of_call_is_stalled_once() -> None:
    more = planned(results=(judged(stall(), shown(ONCE)),))[len(planned()) :]
    assert more == [("stalled", point.signature) for point in (SELECT, INSERT, COMMIT)]


def test_where_it_was_not_no_more_is_waited_for() -> None:
    hung = shown(first=None, cut="no answer in 5 s")
    assert planned(results=(judged(stall(), hung, said(hung, kind="stalled")),)) == planned()


def test_the_servers_own_error_is_that_of_its_kind() -> None:
    codes = {each.arguments["code"] for each in Failure().plan(UNDISTURBED, ()) if each.perturbation == "erroring"}
    assert codes == {"57014"}
    assert "erroring" not in {kind for kind, _ in planned(replace(UNDISTURBED, kinds={"db": "unheard of"}))}


def test_as_many_requests_as_the_pool_is_large_and_slow_is_half_of_the_deadline() -> None:
    plan = {each.perturbation: each.arguments for each in Failure().plan(UNDISTURBED, ())}
    assert plan["dead_pool"]["connections"] == 5
    assert plan["slow"]["seconds"] == 2.5


def test_no_server_refuses_to_roll_back() -> None:
    undoing = replace(SELECT, signature="BEGIN; SELECT $; ROLLBACK")
    under = replace(READ, clean=tuple(replace(each, exchanges=(exchange(undoing),)) for each in READ.clean))
    assert "erroring" not in dict(planned(under))
    assert "reset" in dict(planned(under))


def test_a_step_that_asks_nothing_of_anybody_has_nothing_to_fail() -> None:
    assert planned(baseline(lambda _: [])) == []


# the answer under the fault


def test_a_5xx_in_time_that_is_logged_and_a_whole_request_behind_it_is_right() -> None:
    assert said(shown()) == []


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        (shown(first=None, cut="no answer in 5 s"), ["no answer"]),
        (shown(first=None, cut="the connection was reset"), ["no answer"]),
        (shown(first=201, meanwhile=ONCE, state=TWICE), []),
        (shown(first=201), ["wrong 2xx"]),
        (shown(first=201, meanwhile=PART), ["wrong 2xx"]),
        (shown(first=303), ["wrong 2xx"]),
        (shown(first=500), ["500 for 503"]),
        (shown(first=404), ["blames the client"]),
        (shown(first=429), []),
        (shown(logs=()), ["not logged"]),
    ],
)
def test_the_answer_under_the_fault(of: History, expected: list[str]) -> None:
    assert classes(said(of)) == expected


def test_no_answer_is_told_with_the_default_that_bit_and_the_log() -> None:
    (finding,) = said(shown(first=None, cut="no answer in 5 s"), kind="stalled")
    assert isinstance(finding, Finding)
    assert finding.title == "no answer in 5 s, while db fails"
    assert "statement_timeout" in finding.fix
    assert "asyncpg wait for an answer without end by default" in finding.fix
    assert finding.fix.endswith("\nlog: ERROR the database failed")
    assert finding.points == ("db: no answer to anything",)


def test_a_degraded_answer_is_right_where_the_path_declares_it() -> None:
    under = replace(UNDISTURBED, path=replace(PATH, degraded={"db": 202}))
    assert classes(said(shown(first=202, meanwhile=PART, state=[*PART, *ONCE]), under)) == ["Remark"]
    assert classes(said(shown(first=201), under)) == ["wrong 2xx"]


@pytest.mark.parametrize(("begun", "expected"), [(0.2, ["wrong 2xx"]), (0.4995, ["Remark"]), (0.6, ["Remark"])])
def test_what_fails_behind_the_answer_is_judged_when_the_fault_is_gone(begun: float, expected: list[str]) -> None:
    of = shown(first=201, meanwhile=PART, state=TWICE)
    answered = replace(of.replies[0], ended=0.5)
    failed = exchange(INSERT, begun=begun, outcome="error")
    assert classes(said(replace(of, replies=(answered, of.replies[1]), exchanges=(failed,)))) == expected


def test_what_one_undisturbed_run_did_behind_its_answer_fails_behind_it() -> None:
    """The call and the end of the answer came in the same moment, and nobody could say which was first."""
    first, *others = UNDISTURBED.clean
    late = replace(first, exchanges=(exchange(INSERT, begun=0.6),), replies=(replace(first.replies[0], ended=0.5),))
    under = replace(UNDISTURBED, clean=(late, *others))
    of = shown(first=201, meanwhile=PART, state=TWICE)
    answered, failed = replace(of.replies[0], ended=0.5), exchange(INSERT, begun=0.49, outcome="error")
    tied = replace(of, replies=(answered, of.replies[1]), exchanges=(failed,))
    assert classes(said(tied)) == ["wrong 2xx"]
    assert classes(said(tied, under)) == ["Remark"]


def test_a_read_that_answers_something_else_is_wrong() -> None:
    assert said(shown([], 200, body={"items": ["tea"]}), READ) == []
    (finding,) = said(shown([], 200, body={"items": []}), READ)
    assert isinstance(finding, Finding)
    assert (finding.category, finding.severity) == ("wrong 2xx", "blocker")
    assert "degraded={'db': 200}" in finding.fix


@pytest.mark.parametrize(
    "text",
    [
        'INFO:     127.0.0.1:51772 - "POST /orders HTTP/1.1" 503 Service Unavailable',
        "INFO took 17 ms",
    ],
)
def test_a_line_that_each_request_writes_tells_nothing(text: str) -> None:
    usual = (LogLine(process="web", text="INFO took 4 ms", at=0.5),)
    under = replace(UNDISTURBED, clean=tuple(replace(each, logs=usual) for each in UNDISTURBED.clean))
    line = LogLine(process="web", text=text, at=0.5)
    assert classes(said(shown(logs=(line,)), under)) == ["not logged"]
    assert classes(said(shown(logs=(line, *LOGGED)), under)) == []


def test_what_is_not_logged_is_told_by_the_line_logs_where_that_is_asked() -> None:
    asked = trial(UNDISTURBED, "failure", "refused", **DOWN)
    for lines, expected in ((("failure", "logs"), []), (("failure", "retry"), ["not logged"])):
        check = Failure().beside(lines)
        assert classes(list(check.judge(UNDISTURBED, asked, shown(logs=()), [IN_SEQUENCE]))) == expected


def test_what_is_logged_by_the_next_request_is_not_of_this_one() -> None:
    assert classes(said(shown(logs=(replace(LOGGED[0], at=1.05),)))) == ["not logged"]


# when the fault is gone


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        (shown(last=500), ["no recovery"]),
        (shown(last=None), ["no recovery"]),
        (shown(state=[]), ["no recovery"]),
        (shown(state=[], last=409), ["no recovery"]),
        (shown(meanwhile=ONCE, last=409), []),
        (shown(state=TWICE, meanwhile=ONCE), []),
        (shown(meanwhile=PART, state=[*PART, *ONCE]), ["partial state"]),
        (shown(meanwhile=PART, state=PART, last=409), ["partial state"]),
        (shown(meanwhile=PART), ["Remark"]),
    ],
)
def test_the_request_behind_the_fault(of: History, expected: list[str]) -> None:
    assert classes(said(of)) == expected


def test_a_step_that_is_refused_when_it_is_sent_twice_may_be_refused_after_the_fault() -> None:
    refused = judged(trial(UNDISTURBED, "failure", "in_sequence"), history(ONCE, [reply(), reply(429, send=1)]))
    asked = trial(UNDISTURBED, "failure", "refused", **DOWN)  # type: ignore[arg-type]
    assert list(Failure().judge(UNDISTURBED, asked, shown(state=[], last=429), [refused])) == []


def test_a_finding_rests_on_the_request_sent_twice() -> None:
    (finding,) = said(shown(meanwhile=PART, state=[*PART, *ONCE]))
    assert isinstance(finding, Finding)
    assert [each.pointer for each in finding.evidence] == ["meanwhile", "state"]
    assert finding.evidence[1].trial == IN_SEQUENCE.trial.id
    assert finding.columns == ("mails",)


# the pool


def pool(*statuses: int | None, kind: str = "dead_pool") -> list[Judgement]:
    answers = [reply(status, send=send) for send, status in enumerate((201, *statuses))]
    return said(history(ONCE, answers), kind=kind)


def test_each_dead_connection_may_cost_a_request_but_not_the_last_one() -> None:
    assert pool(201, 201, 201) == []
    assert classes(pool(500, 503, 201)) == ["dead connections"]
    assert classes(pool(500, 500, 500)) == ["no recovery"]
    assert classes(pool(500, None, 201)) == ["no answer"]
    assert [each.severity for each in pool(500, 201) if isinstance(each, Finding)] == ["note"]


def test_what_fails_when_it_is_sent_twice_is_not_the_pools_fault() -> None:
    failing = judged(trial(UNDISTURBED, "failure", "in_sequence"), history(ONCE, [reply(), reply(500, send=1)]))
    asked = trial(UNDISTURBED, "failure", "dead_pool", dependency="db")
    assert list(Failure().judge(UNDISTURBED, asked, history(ONCE, [reply(), reply(500, send=1)]), [failing])) == []


# what cannot be judged


def test_trouble_and_work_that_has_not_ended_are_unknown_and_no_finding() -> None:
    assert classes(said(replace(shown(first=201), trouble="rows changed unseen"))) == ["Unknown"]
    assert classes(said(replace(shown(), unquiet=("task mail",)))) == ["Unknown"]
    assert classes(said(replace(shown(last=500), unquiet=("task mail",)))) == ["no recovery"]


def test_one_note_for_each_dependency_and_one_blocker_for_each_cause() -> None:
    results = []
    for kind, of in [("refused", shown(first=500)), ("stalled", shown(first=500)), ("refused", shown(last=500))]:
        asked = trial(UNDISTURBED, "failure", kind, **DOWN)  # type: ignore[arg-type]
        results.append(judged(asked, of, said(of, kind=kind)))
    concluded = list(Failure().conclude([UNDISTURBED], results))
    assert classes(concluded) == ["no recovery", "500 for 503"]


def test_a_client_is_one_cause_whichever_step_meets_it() -> None:
    results = []
    for under in (UNDISTURBED, replace(UNDISTURBED, step=replace(UNDISTURBED.step, route="/other"))):
        for of in (shown(last=500), shown(state=PART)):
            asked = trial(under, "failure", "refused", **DOWN)  # type: ignore[arg-type]
            results.append(judged(asked, of, said(of, under)))
    of_client, *of_steps = Failure().conclude([UNDISTURBED], results)
    assert isinstance(of_client, Finding)
    assert (of_client.category, of_client.step) == ("no recovery", UNDISTURBED.step.key)
    assert of_client.points == ("db down for the whole request", "ann POST /other #1: db down for the whole request")
    assert classes(of_steps) == ["no recovery", "no recovery"]  # by what is left, which is each step's own


def test_a_point_that_is_not_reached_again_is_told() -> None:
    missed = judged(trial(UNDISTURBED, "failure", "refused", dependency="db"), replace(shown(), reached=False))
    assert said(missed.history) == []
    (unknown,) = Failure().conclude([UNDISTURBED], [missed])
    assert isinstance(unknown, Unknown)
    assert unknown.missing == "not reached again: db down for the whole request"


def test_a_call_that_not_each_undisturbed_run_makes_is_no_promise() -> None:
    """A sweep's, by its own clock."""
    where = {"dependency": "db", "signature": AGAIN.signature, "occurrence": AGAIN.occurrence}
    missed = judged(trial(UNDISTURBED, "failure", "reset", **where), replace(shown(), reached=False))
    first, *others = UNDISTURBED.clean
    by_luck = replace(UNDISTURBED, clean=(replace(first, exchanges=first.exchanges[:-1]), *others))
    assert len(list(Failure().conclude([UNDISTURBED], [missed]))) == 1
    assert list(Failure().conclude([by_luck], [missed])) == []


def test_runs_that_do_not_agree_are_unknown() -> None:
    flaky = replace(UNDISTURBED, clean=(*UNDISTURBED.clean[:2], replace(UNDISTURBED.clean[2], replies=(reply(201),))))
    assert planned(flaky) == []
    (unknown,) = Failure().conclude([flaky], [])
    assert isinstance(unknown, Unknown)
    assert "answered 200 or 201" in unknown.missing


def test_a_part_that_the_next_request_completes_is_a_remark() -> None:
    assert said(shown(meanwhile=PART)) == [
        Remark(text="a part was there after the fault; the next request completed it")
    ]


def test_its_step_is_the_baselines() -> None:
    (finding,) = said(shown(last=500))
    assert isinstance(finding, Finding)
    assert (finding.step, finding.line, finding.columns) == (STEP.key, "failure", ("db",))
