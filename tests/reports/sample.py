"""One run by value, as an engine would tell it: a blocker, a note, unknowns and a mistake over three paths."""

from datetime import date

from hotfire.model.call import Call, Effect, Exchange, Point
from hotfire.model.check import Judged
from hotfire.model.event import (
    Event,
    FindingConfirmed,
    PathEnded,
    PathFailed,
    PathSurveyed,
    RunEnded,
    RunStarted,
    StepMeasured,
    TrialEnded,
    TrialsPlanned,
    UnknownMet,
)
from hotfire.model.history import Baseline, Exit, History, LogLine, Reply, RowChange
from hotfire.model.judgement import Evidence, Finding, Remark, Unknown
from hotfire.model.run import Ledger, PathResult, Run
from hotfire.model.step import CriticalPath, Step
from hotfire.model.trial import Trial
from hotfire.model.waiver import Waiver
from hotfire.model.world import Mistake, Survey

PUBLISH = CriticalPath(
    name="publish_article",
    owner="content team <content@example.org>",
    expected="The article is public as soon as the editor approves it.",
    rollback="Unpublish: POST /api/posts/{id}/unpublish. The draft is kept.",
    actors=("author", "editor", "nobody"),
)
READ = CriticalPath(
    name="read_article", owner="web team", expected="Anyone can read it.", rollback="None.", actors=("nobody",)
)
ACCOUNT = CriticalPath(
    name="change_an_account_with_a_long_name",
    owner="accounts",
    expected="The new address is used.",
    rollback="Change it back.",
    actors=("author",),
)

DRAFT = Step(actor="author", method="POST", route="/api/posts", repeat="each", target="/api/posts")
STEP = Step(actor="editor", method="POST", route="/api/posts/{id}/publish", target="/api/posts/7000001/publish")
READ_STEP = Step(actor="nobody", method="GET", route="/posts/{slug}", target="/posts/hello-k3w9")

COMMIT = Point(dependency="db", signature="UPDATE posts SET status = $1; COMMIT")
TRIAL = Trial(
    path="publish_article",
    step=STEP.key,
    check="retry",
    perturbation="lost_reply",
    arguments={"dependency": "db", "signature": COMMIT.signature, "occurrence": 1},
)
PASSED = Trial(path="publish_article", step=STEP.key, check="retry", perturbation="in_sequence")


def call(number: int, text: str, begun: float, point: Point | None = None, *, executes: bool = True) -> Call:
    return Call(
        number=number,
        point=point or Point(dependency="db", signature=text),
        connection=1,
        text=text,
        executes=executes,
        begun=begun,
    )


def row(table: str, **cells: str | None) -> RowChange:
    return RowChange(store="db", table=table, before=None, after=cells)


POST = RowChange(
    store="db",
    table="posts",
    before={"id": "7000001", "status": "draft", "published_at": None},
    after={"id": "7000001", "status": "published", "published_at": "2026-11-24 09:00:00+00"},
)
NOTICE = row("notifications", id="8000001", post_id="7000001", kind="published", text="<b>Hello</b> & welcome")
TWICE = row("notifications", id="8000002", post_id="7000001", kind="published", text="<b>Hello</b> & welcome")
EFFECT = Effect(
    point=COMMIT, first_write=COMMIT, call=2, writes=("insert notifications", "update posts"), answered=False
)

CLEAN = History(
    trial="null",
    world="world-1",
    replies=(Reply(send=0, attempt=1, actor="editor", status=200, body='{"status": "published"}', ended=0.021),),
    state=(POST, NOTICE),
    effects=(EFFECT,),
    seconds=0.03,
)
BASELINE = Baseline(
    path=PUBLISH,
    step=STEP,
    steps=(DRAFT, STEP, READ_STEP),
    world="world-1",
    clean=(CLEAN, CLEAN, CLEAN),
    ignore=("audit_log",),
)
HISTORY = History(
    trial=TRIAL.id,
    world="world-1",
    generation="warm",
    replies=(
        Reply(send=0, attempt=1, actor="editor", status=500, body="Internal Server Error", begun=0.001, ended=0.03),
        Reply(
            send=0,
            attempt=2,
            actor="editor",
            status=200,
            headers=(("content-type", "application/json"),),
            body='{"status": "published", "html": "<script>alert(1)</script>"}',
            begun=0.04,
            ended=0.061,
        ),
    ),
    state=(POST, NOTICE, TWICE),
    exchanges=(
        Exchange(call=call(1, "UPDATE posts SET status = $1", 0.006), outcome="ok", detail="UPDATE 1", ended=0.008),
        Exchange(call=call(2, "COMMIT", 0.012, COMMIT), outcome="unknown", detail="", ended=0.014),
        Exchange(call=call(3, "INSERT INTO notifications …", 0.05), outcome="ok", detail="INSERT 0 1", ended=0.052),
        Exchange(
            call=call(4, "UPDATE posts SET status = $1", 0.053), outcome="error", detail="40001 serialize", ended=0.054
        ),
    ),
    effects=(EFFECT,),
    logs=(LogLine(process="web", text="ERROR <OperationalError> connection lost", at=0.029),),
    exits=(Exit(process="web", status=-9),),
    final=(POST, NOTICE, TWICE),
    final_replies=(Reply(send=0, attempt=1, actor="nobody", status=200),),
    seconds=0.12,
)
FINDING = Finding(
    line="retry",
    severity="blocker",
    path="publish_article",
    step=STEP.key,
    category="duplicate",
    title="2 rows in notifications where one run leaves 1",
    points=(
        "reply lost at COMMIT (posts.status = published); the retry inserted the notification again",
        "killed after COMMIT",
        "sent twice, one after the other",
    ),
    fix='make the insert idempotent, perhaps UNIQUE (post_id, kind), or declare repeat="each"',
    columns=("notifications",),
    evidence=(
        Evidence(trial=TRIAL.id, pointer="state[2]"),
        Evidence(trial=TRIAL.id, pointer="exchanges[1]"),
        Evidence(trial=TRIAL.id, pointer="replies[1]"),
    ),
    trial=TRIAL.id,
)
NOTE = Finding(
    line="retry",
    severity="note",
    path="read_article",
    step=READ_STEP.key,
    category="effect of a safe method",
    title="GET changes rows: posts.views",
    points=(),
    fix="count views where a crawler or a prefetch does not, or accept it",
    columns=("posts.views",),
    evidence=(),
    trial="",
)
UNKNOWN = Unknown(
    line="permissions",
    path="publish_article",
    step="",
    missing="permissions not reviewed",
    fix='read launch/permissions.toml and write reviewed = "2026-11-24 ann" at its top',
)
WAIVED = Unknown(
    line="permissions",
    path="read_article",
    step=READ_STEP.key,
    missing="nobody else was signed in, so that no other actor could ask",
    fix="write a second @sign_in",
)
WAIVER = Waiver(
    owner="Bob <bob@example.org>",
    reason="the page is public",
    until=date(2026, 12, 31),
    line="permissions",
    step="nobody GET /posts/{slug}",
    place="launch/waivers.toml:1",
)
EXPIRED = Waiver(
    owner="Ann <ann@example.org>",
    reason="two notifications are better than none (SHOP-214)",
    until=date(2026, 11, 1),
    fingerprint=FINDING.fingerprint,
    place="launch/waivers.toml:12",
)
MISTAKE = Mistake(
    broken=False,
    step="author POST /api/account #1",
    problem="the undisturbed path was answered 422, which it does not expect",
    hint="correct the request in launch/critical_paths.py:31, or write expect=422",
    reply=Reply(send=0, attempt=1, actor="author", status=422, body='{"detail": "email is missing"}'),
    logs=(LogLine(process="web", text="INFO POST /api/account 422", at=0.01),),
)

JUDGED = Judged(trial=TRIAL, history=HISTORY, findings=(FINDING,))
JUDGED_PASSED = Judged(
    trial=PASSED,
    history=History(trial=PASSED.id, world="world-1", serialised=True, reached=False, unquiet=("task send_mail",)),
    remarks=(Remark(text="the retry was answered 409; the state is right"),),
)

PUBLISH_RESULT = PathResult(
    path=PUBLISH,
    steps=(DRAFT, STEP, READ_STEP),
    findings=(FINDING,),
    unknowns=(UNKNOWN,),
    cells={"inputs": "passed", "permissions": "unknown", "retry": "failed"},
    ledgers={"retry": Ledger(tried=212, passed=208, with_note=1, failed=3, not_reached=("0badc0de",))},
    trials=212,
    seconds=9.2,
    fired=(DRAFT.key, STEP.key, READ_STEP.key),
)
READ_RESULT = PathResult(
    path=READ,
    steps=(READ_STEP,),
    findings=(NOTE,),
    unknowns=(WAIVED,),
    cells={"inputs": "passed", "permissions": "waived", "retry": "passed"},
    trials=1,
    seconds=0.4,
    fired=(READ_STEP.key,),
)
ACCOUNT_RESULT = PathResult(path=ACCOUNT, mistake=MISTAKE.problem, seconds=65)

STARTED = Run(
    id="20261124-090000-k3w9",
    project="alphanode",
    started="2026-11-24T09:00:00+00:00",
    lines=("inputs", "permissions", "retry"),
    not_asked=("speed",),
    notices=("network not sealed: the kernel refused a namespace",),
    command=("hotfire", "check"),
    seed=1,
    waivers=(WAIVER, EXPIRED),
    ignored=("audit_log",),
)
RUN = Run(
    id=STARTED.id,
    project=STARTED.project,
    started=STARTED.started,
    lines=STARTED.lines,
    not_asked=STARTED.not_asked,
    notices=STARTED.notices,
    command=STARTED.command,
    seed=1,
    waivers=STARTED.waivers,
    ignored=STARTED.ignored,
    paths=(PUBLISH_RESULT, READ_RESULT, ACCOUNT_RESULT),
    verdict="NO-GO",
    seconds=74.6,
    exit_code=1,
)

EVENTS: tuple[Event, ...] = (
    RunStarted(run=STARTED),
    PathSurveyed(survey=Survey(path=PUBLISH, steps=(DRAFT, STEP, READ_STEP), seconds=0.2, notices=("cold start",))),
    StepMeasured(baseline=BASELINE),
    TrialsPlanned(path="publish_article", step=STEP.key, trials=(TRIAL, PASSED)),
    TrialEnded(judged=JUDGED, baseline=BASELINE),
    FindingConfirmed(finding=FINDING),
    TrialEnded(judged=JUDGED_PASSED, baseline=BASELINE),
    UnknownMet(unknown=UNKNOWN),
    UnknownMet(unknown=UNKNOWN),
    PathEnded(result=PUBLISH_RESULT),
    PathSurveyed(survey=Survey(path=READ, steps=(READ_STEP,), seconds=0.1)),
    FindingConfirmed(finding=NOTE),
    UnknownMet(unknown=WAIVED),
    PathEnded(result=READ_RESULT),
    PathFailed(path="change_an_account_with_a_long_name", mistake=MISTAKE),
    PathEnded(result=ACCOUNT_RESULT),
    RunEnded(run=RUN),
)
