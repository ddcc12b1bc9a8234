"""The check of `logs`, by value: what each trial's lines and answers prove."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from hotfire.checks import check_named
from hotfire.checks.logs import Logs
from hotfire.model.history import Baseline, Exit, History, LogLine, Reply, RowChange, Undone
from hotfire.model.judgement import Finding, Judgement, Remark, Unknown
from hotfire.model.trial import Trial
from hotfire.testing import baseline, history, inserted, judged, reply, serial, trial
from hotfire.testing.baselines import STEP
from hotfire.testing.crossings import exchange, statement

CHECK = Logs()
POINT = {"dependency": "db", "signature": "COMMIT", "occurrence": 1}
ACCESS = 'INFO:     127.0.0.1:5000 - "POST /orders HTTP/1.1" 500 Internal Server Error'
TRACEBACK = (
    "Traceback (most recent call last):",
    '  File "/srv/shop/main.py", line 12, in buy',
    "    connection.commit()",
    "psycopg.OperationalError: the connection is lost",
)
UVICORN = ("ERROR:    Exception in ASGI application", *TRACEBACK)
NOTHING = ("blocker", "nothing logged")
NO_WAY = ("blocker", "does not lead to the request")


def undisturbed(*lines: str) -> Baseline:
    """A step whose undisturbed runs write these lines."""
    made = baseline(lambda run: [inserted("orders", id=serial(run))])
    return replace(made, clean=tuple(replace(clean, logs=logged(*lines)) for clean in made.clean))


def logged(*lines: str, at: float = 0.5) -> tuple[LogLine, ...]:
    return tuple(LogLine(process="web.0", text=line, at=at) for line in lines)


def at(begun: float, answer: Reply) -> Reply:
    return replace(answer, begun=begun, ended=begun + 1.0)


def shown(*replies: Reply, logs: Sequence[LogLine] = (), **more: object) -> History:
    return replace(history(replies=[at(2.0 * index, each) for index, each in enumerate(replies)]), logs=logs, **more)


def said(seen: History, of: Baseline | None = None, kind: str = "lost_reply") -> list[Judgement]:
    of = of or undisturbed("INFO placing an order")
    return list(CHECK.judge(of, trial(of, "retry", kind, **({} if kind == "none" else POINT)), seen, ()))


def kinds(judgements: Sequence[Judgement]) -> list[tuple[str, str]]:
    return [(each.severity, each.category) for each in judgements if isinstance(each, Finding)]


def test_a_request_with_another_value_in_its_path_is_known_by_that_path():
    step = replace(STEP, route="/tables/{id}/orders", target="/tables/1/orders")
    of = baseline(lambda run: [inserted("orders", id=serial(run))], step=step)
    peers = trial(of, "permissions", "at_peers", peer="bob", part="path", place="1")

    def kinds_of(line: str) -> list[tuple[str, str]]:
        sent = replace(reply(500), target="/tables/2147483648/orders")
        return kinds(list(CHECK.judge(of, peers, shown(sent, logs=logged(line)), ())))

    assert kinds_of("ERROR: POST /tables/2147483648/orders: the database failed") == []
    assert kinds_of("ERROR: POST /tables/1/orders: the database failed") == [NO_WAY]


def test_a_read_in_place_of_the_step_is_known_by_its_own_path_and_route():
    read = replace(STEP, method="GET", route="/orders/{id}", target="/orders/7")
    of = baseline(lambda run: [inserted("orders", id=serial(run))], step=STEP, steps=(STEP, read))
    made = trial(of, "permissions", "read_by", read=read.key, actor="bob")
    for line in ("ERROR: GET /orders/7: no", "ERROR: GET /orders/{id}: no"):
        seen = shown(replace(reply(500), target="/orders/7"), logs=logged(line))
        assert kinds(list(CHECK.judge(of, made, seen, ()))) == []
    seen = shown(replace(reply(500), target="/orders/7"), logs=logged(f"ERROR: POST {STEP.route}: no"))
    assert kinds(list(CHECK.judge(of, made, seen, ()))) == [NO_WAY]


def test_it_is_found_by_its_name_and_plans_nothing():
    assert isinstance(check_named("logs"), Logs)
    assert list(CHECK.plan(undisturbed(), ())) == []


# a request that failed


def test_a_traceback_that_is_read_when_the_next_request_has_begun_may_be_of_the_one_before():
    failed = reply(status=500)
    both = [*logged(ACCESS, at=0.9), *logged(ACCESS, *UVICORN, at=2.9), *logged(*UVICORN, at=3.1)]
    assert kinds(said(shown(failed, failed, logs=both))) == []
    late = [*logged(ACCESS, at=0.9), *logged(*UVICORN, at=2.1), *logged(ACCESS, at=2.9)]
    assert kinds(said(shown(failed, failed, logs=late))) == []
    assert NOTHING in kinds(said(shown(failed, failed, logs=[*logged(ACCESS, at=0.9), *logged(ACCESS, at=2.9)])))


@pytest.mark.parametrize(
    "lines",
    [
        ("ERROR POST /orders failed: the connection is lost",),
        ("Internal Server Error: /orders", *TRACEBACK),
        ("[2026-11-24 10:00:00 +0000] [8] [ERROR] Error handling request /orders", *TRACEBACK),
        ("[2026-11-24 10:00:00,123] ERROR in app: Exception on /orders [POST]", *TRACEBACK),
        ('{"level": "error", "event": "gone", "method": "POST", "path": "/orders"}',),
        (ACCESS, *UVICORN),
        (*UVICORN, ACCESS),
    ],
)
def test_a_line_that_leads_to_it_is_enough(lines):
    assert kinds(said(shown(reply(500), logs=logged(*lines)))) == []


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ((), NOTHING),
        ((ACCESS,), NOTHING),
        (("INFO placing an order", "placing an order"), NO_WAY),
        (("INFO placing an order",), NOTHING),
        (("WARNING the pool is small",), NOTHING),
        (("could not save: the connection is lost",), NO_WAY),
        (("ERROR the connection is lost",), NO_WAY),
        (("ERROR the connection is lost", ACCESS), ("note", NO_WAY[1])),
        (UVICORN, ("note", NO_WAY[1])),
        ((*UVICORN, '"POST /orders HTTP/1.1" 201 Created'), ("note", NO_WAY[1])),
        (("ERROR the connection is lost", '"POST /orders HTTP/1.1" 201 Created'), NO_WAY),
        (("WARNING POST /orders failed",), ("note", "logged below error")),
    ],
)
def test_what_is_wrong_with_its_lines(lines, found):
    assert kinds(said(shown(reply(500), logs=logged(*lines)))) == [found]


def test_a_line_that_undisturbed_runs_write_too_says_nothing_of_a_failure():
    usual = undisturbed("took 12 ms")
    assert kinds(said(shown(reply(500), logs=logged("took 99 ms")), usual)) == [NOTHING]


def test_an_answer_that_was_meant_may_be_logged_as_a_warning():
    assert said(shown(reply(503), logs=logged("WARNING POST /orders: the database is down"))) == []
    assert kinds(said(shown(reply(503), logs=logged("WARNING the database is down")))) == [NOTHING]


def test_a_traceback_beside_its_access_line_passes_with_a_note():
    (remark,) = said(shown(reply(500), logs=logged(*UVICORN, ACCESS)))
    assert isinstance(remark, Remark)


def test_the_id_that_the_answer_shows_leads_to_it():
    answer = reply(503, {"error": "sorry", "incident": "0f3a9c1b77"})
    assert said(shown(answer, logs=logged("ERROR 0f3a9c1b77 the connection is lost"))) == []


def test_each_attempt_needs_lines_of_its_own():
    explained = logged("ERROR POST /orders failed", at=0.5)
    assert kinds(said(shown(reply(500), reply(500, attempt=2), logs=explained))) == [NOTHING]
    assert kinds(said(shown(reply(500), reply(201, attempt=2), logs=explained))) == []
    late = logged("ERROR POST /orders failed", at=2.1)  # written before the retry was answered: read after it was sent
    assert kinds(said(shown(reply(500), reply(201, attempt=2), logs=late))) == []


def test_an_answer_below_500_is_no_failure():
    assert said(shown(reply(404), logs=())) == []


def test_what_is_said_of_it_in_place_of_an_error_is_not_what_the_retry_wrote():
    lines = (*logged("INFO placing an order"), *logged('"POST /orders HTTP/1.1" 201 Created', at=2.5))
    (finding,) = said(shown(reply(500), reply(201, attempt=2), logs=lines))
    assert isinstance(finding, Finding)
    assert finding.title.endswith("the log says only: INFO placing an order")


# who cannot log


@pytest.mark.parametrize("kind", ["kill", "terminated"])
def test_a_process_that_the_trial_ended_logs_nothing(kind):
    cut = reply(None, cut="the connection was reset")
    exits = (Exit(process="web.0", status=-9),)
    assert said(shown(cut, reply(201, attempt=2), exits=exits), kind=kind) == []
    assert kinds(said(shown(cut, reply(500, attempt=2), exits=exits), kind=kind)) == [NOTHING]


def test_a_process_that_ended_by_itself_should_have_said_why():
    cut = reply(None, cut="the connection was reset")
    refused = reply(None, attempt=2, cut="the service refused the connection: Connection refused")
    assert kinds(said(shown(cut, refused))) == [NOTHING]


def test_a_client_that_went_away_is_no_failure():
    cut = reply(None, cut="the connection was closed before the answer was whole")
    assert said(shown(cut, reply(201, attempt=2)), kind="client_gone") == []


def test_a_request_that_is_still_at_work_may_log_later():
    late = reply(None, cut="no answer in 5 s")
    (unknown,) = said(shown(late, unquiet=("POST /orders",)))
    assert isinstance(unknown, Unknown)
    assert kinds(said(shown(late))) == [NOTHING]


def test_a_trial_in_trouble_is_not_judged_for_its_failures():
    assert said(shown(reply(500), trouble="the world has ended")) == []


# more than one traceback


def test_the_same_failure_logged_by_all_who_see_it_is_a_note():
    lines = ("ERROR shop POST /orders was not answered", *TRACEBACK, "ERROR shop failed", *TRACEBACK, *UVICORN, ACCESS)
    (note,) = said(shown(reply(500), logs=logged(*lines)))
    assert kinds([note]) == [("note", "logged more than once")]
    assert isinstance(note, Finding)
    assert "3 tracebacks" in note.title


@pytest.mark.parametrize("folder", ["/srv", "/venv/site-packages"])
def test_a_worker_that_meets_the_same_trouble_tells_of_its_own(folder):
    """It came to the same line of the driver by another way: an outbox's relay, beside the request."""
    of = replace(undisturbed("INFO placing an order"), packages=("shop",))
    driver = ('  File "/venv/site-packages/psycopg/pool.py", line 7, in get', "    raise Refused", "db.Refused: no")
    ways = [
        (
            "Traceback (most recent call last):",
            f'  File "{folder}/shop/{file}.py", line 9, in {file}',
            "    get()",
            *driver,
        )
        for file in ("relay", "orders", "main")
    ]
    raised_on = (*ways[2][:3], *ways[1][1:])
    lines = ("ERROR the outbox is tried again", *ways[0], "ERROR POST /orders failed", *ways[1])
    assert said(shown(reply(500), logs=logged(*lines)), of) == []
    lines = ("ERROR POST /orders: no order", *ways[1], "ERROR POST /orders failed", *raised_on)
    assert kinds(said(shown(reply(500), logs=logged(*lines)), of)) == [("note", "logged more than once")]


def test_of_two_requests_at_once_nobody_knows_whose_traceback_it_is():
    lines = ("ERROR ann: POST /orders failed", *TRACEBACK, "ERROR bob: POST /orders failed", *TRACEBACK)
    both = replace(shown(), replies=(at(0.0, reply(500)), at(0.1, reply(500, send=1))), logs=logged(*lines))
    assert said(both) == []


def test_what_a_service_tries_again_by_itself_is_not_logged_twice():
    lines = (
        *("ERROR POST /orders: attempt 1 failed", *TRACEBACK),
        *("ERROR POST /orders: attempt 2 failed", *TRACEBACK),
    )
    assert said(shown(reply(500), logs=logged(*lines))) == []


# secrets


def test_a_secret_in_a_line_is_found_whatever_was_answered():
    line = "INFO request headers: {'authorization': 'Bearer ‹token:ann:1›'}"
    (finding,) = said(shown(reply(201), logs=logged(line, line)))
    assert kinds([finding]) == [("blocker", "secret in the log")]
    assert isinstance(finding, Finding)
    assert "the token of ann" in finding.title
    assert finding.evidence[0].pointer == "logs[0]"


def test_a_secret_in_a_line_of_the_start():
    line = "INFO database: postgresql://app:‹environment:DATABASE_URL›@127.0.0.1/app"
    (finding,) = said(shown(reply(201), opening=logged(line)), kind="none")
    assert isinstance(finding, Finding)
    assert finding.evidence[0].pointer == "opening[0]"


@pytest.mark.parametrize(
    ("actor", "body", "leaked"),
    [
        ("ann", '{"token": "‹token:ann:1›"}', False),
        ("ann", '{"token": "‹token:bob:1›"}', True),
        ("bob", '{"token": "‹token:ann:1›"}', False),  # bob sent ann's very request
        ("bob", '{"token": "‹token:eve:1›"}', True),
        ("ann", '{"password": "‹password:bob›"}', True),
        ("ann", '{"token": "‹earned:bob:1›"}', False),  # ann made the account
        ("ann", "settings: SECRET_KEY=‹environment:SECRET_KEY›", True),
        ("ann", "maps: ‹environment:MAPS_API_KEY›", False),
        ("ann", "your repository is https://ann:s3cret@example.org/repo", False),
        ("ann", "currency ‹value:bob:2›", False),
    ],
)
def test_a_secret_in_an_answer(actor, body, leaked):
    found = kinds(said(shown(reply(200, body, actor=actor))))
    assert found == ([("blocker", "secret in an answer")] if leaked else [])


def test_a_token_that_the_trial_itself_was_given_stands_in_a_line():
    token = "eyJhbGciOi.J9-tOkEn"
    (finding,) = said(shown(reply(200, {"token": token}), logs=logged(f"INFO answered {{'token': '{token}'}}")))
    assert kinds([finding]) == [("blocker", "secret in the log")]


@pytest.mark.parametrize(
    ("store", "table", "text", "found"),
    [
        ("mail", "mail.messages", "your password is ‹password:ann›", [("blocker", "secret in a mail")]),
        ("mail", "mail.messages", "confirm with ‹earned:ann:1›", []),
        ("push", "push.requests", '{"headers": "‹token:ann:1›"}', [("note", "secret in an outbound call")]),
        ("push", "push.requests", "key=‹environment:PUSH_SECRET›", []),
        ("push", "push.requests", "dsn=‹environment:DATABASE_URL›", [("blocker", "secret in an outbound call")]),
        ("db", "sessions", "‹token:ann:1›", []),
    ],
)
def test_a_secret_in_what_is_sent(store, table, text, found):
    row = RowChange(store=store, table=table, before=None, after={"host": None, "body": text})
    assert kinds(said(replace(shown(reply(200)), state=(row,)))) == found


# what they prove together


def concluded(seen: Sequence[tuple[Baseline, Trial, History]]) -> list[Judgement]:
    told = [judged(one, shows, list(CHECK.judge(of, one, shows, ()))) for of, one, shows in seen]
    return list(CHECK.conclude([of for of, _, _ in seen[:1]], told))


def test_one_cause_is_one_finding_with_its_points():
    of = undisturbed()
    trials = [trial(of, "retry", kind, **POINT) for kind in ("lost_call", "lost_reply")]
    (finding,) = concluded([(of, each, shown(reply(500))) for each in trials])
    assert isinstance(finding, Finding)
    assert len(finding.points) == 2
    assert finding.trial == trials[0].id


def test_a_secret_in_the_lines_of_two_steps_is_one_finding():
    of = undisturbed()
    read = replace(of, step=replace(STEP, method="GET", actor="bob"))
    leak = shown(reply(200), logs=logged("INFO ‹token:ann:1›"))
    (finding,) = concluded([(each, trial(each, "retry", "lost_call", **POINT), leak) for each in (of, read)])
    assert isinstance(finding, Finding)
    assert finding.step == of.step.key
    assert finding.points[-1] == read.step.key


def asking() -> Baseline:
    """A step that asks something of a dependency."""
    made = undisturbed()
    calls = (exchange(statement("INSERT INTO orders VALUES ($)")),)
    return replace(made, clean=tuple(replace(clean, exchanges=calls) for clean in made.clean))


@pytest.mark.parametrize(
    ("check", "kind", "arguments"),
    [
        ("", "none", {"run": 1}),
        ("permissions", "by_nobody", {}),
        ("retry", "at_once", POINT),
        ("failure", "slow", POINT),
    ],
)
def test_where_nothing_was_made_to_fail_nothing_is_known_of_it(check, kind, arguments):
    of = asking()
    (unknown,) = concluded([(of, trial(of, check, kind, **arguments), shown(reply(201)))])
    assert isinstance(unknown, Unknown)
    assert "failure" in unknown.fix


def test_what_was_made_to_fail_and_survived_is_known_as_is_what_failed_by_itself():
    of = asking()
    lost, wrong = trial(of, "retry", "lost_call", **POINT), trial(of, "inputs", "unreadable")
    explained = logged("ERROR POST /orders failed")
    assert concluded([(of, lost, shown(reply(201)))]) == []
    assert concluded([(of, wrong, shown(reply(500), logs=explained))]) == []
    missed = concluded([(of, lost, shown(reply(201), reached=False))])
    assert [type(each) for each in missed] == [Unknown]


def test_a_step_that_asks_nothing_of_anybody_has_nothing_to_fail():
    of = undisturbed()
    assert concluded([(of, trial(of, "", "none", run=1), of.clean[0])]) == []


def test_a_secret_in_what_an_undo_writes_and_is_answered():
    leaky = Undone(
        state=(), replies=(reply(200, '{"of": "‹token:bob:1›"}'),), logs=logged("INFO undoing for ‹token:eve:1›")
    )
    found = said(shown(reply(201), undone=leaky), kind="none")
    assert kinds(found) == [("blocker", "secret in the log"), ("blocker", "secret in an answer")]
    assert [each.evidence[0].pointer for each in found if isinstance(each, Finding)] == [
        "undone.logs[0]",
        "undone.replies[0]",
    ]
