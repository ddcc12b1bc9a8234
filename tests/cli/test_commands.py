"""The whole command line as a user sees it: what each command prints, and how it exits. Volatile parts are masked."""

import html.parser
import json
import os
import pty
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

import psycopg
import pytest

from hotfire.reports.archive import load_run
from tests.robust.project import HOTFIRE, PATHS, PATIENCE, SCHEMA, SERVICE, Ended, Project, project
from tests.robust.remains import nothing_left

Snapshot = Callable[[str, str], None]

BAD = SERVICE.replace(" ON CONFLICT DO NOTHING", "")
LOOSE = SCHEMA.replace(" UNIQUE", "")
OTHER = BAD.replace("INSERT INTO posts (title) VALUES (%s)", "INSERT INTO posts AS p (title) SELECT lower(%s)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fired:
    """A project that was fired once, with what the firing said."""

    project: Project
    ended: Ended

    @property
    def found(self) -> str:
        """The trial that the finding names."""
        return re.findall(r"hotfire replay (\w+)", self.ended.out)[0]

    def trial(self, perturbation: str) -> str:
        """The first failed trial of this kind."""
        record = load_run(self.project.folder / ".hotfire")
        trials = [record.trial(name).judged for name in record.trial_ids()]
        return next(each.trial.id for each in trials if each.trial.perturbation == perturbation and each.findings)


@pytest.fixture(scope="module")
def fired() -> Iterator[Fired]:
    with project(service=BAD, schema=LOOSE) as target:
        yield Fired(project=target, ended=target.run("check", "-j", "1"))


@pytest.fixture(scope="module")
def idle() -> Iterator[Project]:
    """A project that was never fired."""
    with project() as target:
        yield target


def told(target: Project, ended: Ended) -> str:
    """The streams and the exit code as one text, masked."""
    return target.plain(f"{ended.out}--- to standard error\n{ended.err}--- exit code {ended.code}\n")


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("help", ["--help"]),
        ("check_help", ["check", "--help"]),
        ("replay_help", ["replay", "--help"]),
        ("explain", ["explain"]),
        ("explain_retry", ["explain", "retry"]),
        ("explain_unknown", ["explain", "retri"]),
        ("unknown_command", ["chek"]),
        ("unknown_path", ["check", "-p", "publsh"]),
        ("unknown_line", ["check", "--line", "retri"]),
        ("jobs_that_are_no_number", ["check", "-j", "-3"]),
        ("show_without_a_run", ["show", "3f9c1a"]),
        ("replay_without_a_run", ["replay", "3f9c1a"]),
        ("report_without_a_run", ["report"]),
    ],
)
def test_what_needs_no_run(idle: Project, snapshot: Snapshot, name: str, arguments: list[str]) -> None:
    snapshot(f"{name}.txt", told(idle, idle.run(*arguments)))


def test_check(fired: Fired, snapshot: Snapshot) -> None:
    snapshot("check.txt", told(fired.project, fired.ended))
    nothing_left(fired.project)


def test_dry_run_lists_and_runs_nothing(idle: Project, snapshot: Snapshot) -> None:
    snapshot("dry_run.txt", told(idle, idle.run("check", "--dry-run", "-j", "1")))
    assert not (idle.folder / ".hotfire").exists()


def test_one_step(idle: Project, snapshot: Snapshot) -> None:
    ended = idle.run("check", "-j", "1", "--step", "author POST /posts #1")
    snapshot("one_step.txt", told(idle, ended))


def test_a_step_that_no_path_has_is_no_go(idle: Project, snapshot: Snapshot) -> None:
    ended = idle.run("check", "-j", "1", "--step", "author POST /post #1")
    assert ended.code == 4
    snapshot("unknown_step.txt", told(idle, ended))


def test_a_path_that_sends_nothing_is_no_go() -> None:
    with project(paths=PATHS.split("    title")[0] + "    pass\n") as target:
        ended = target.run("check", "-j", "1")
    assert ended.code == 4, ended
    assert "MISTAKE  the critical path sends no request" in ended.out


def test_show_by_the_beginning_of_an_id(fired: Fired, snapshot: Snapshot) -> None:
    whole = fired.project.run("show", fired.found)
    snapshot("show.txt", told(fired.project, whole))
    assert fired.project.run("show", fired.found[:6]) == whole


def test_what_is_not_in_the_archive(fired: Fired, snapshot: Snapshot) -> None:
    asked = [["show", "zzz"], ["replay", "zzz"], ["report", "nope"], ["show", "--run", "nope", "zzz"]]
    asked.append(["report", "--format", "pdf"])
    texts = [f"$ hotfire {' '.join(each)}\n{told(fired.project, fired.project.run(*each))}" for each in asked]
    snapshot("not_in_the_archive.txt", "\n".join(texts))


def test_report_in_each_format(fired: Fired, snapshot: Snapshot) -> None:
    snapshot("report.txt", told(fired.project, fired.project.run("report")))
    run = json.loads(fired.project.run("report", "--format", "json").out)
    assert (run["verdict"], run["exit_code"], run["command"]) == ("NO-GO", 1, ["check", "-j", "1"])
    assert run["paths"][0]["findings"][0]["trial"] == fired.found
    page = fired.project.run("report", "latest", "--format", "html").out
    html.parser.HTMLParser().feed(page)
    assert "2 rows in posts where one run leaves 1" in page
    assert (fired.project.folder / ".hotfire/latest/report.html").is_file()


def test_replay_still_there_gone_and_not_reached(fired: Fired, snapshot: Snapshot) -> None:
    target, lost = fired.project, fired.trial("lost_reply")
    there = target.run("replay", fired.found)
    try:
        gone = target.write(service=SERVICE, schema=SCHEMA).run("replay", fired.found)
        elsewhere = target.write(service=OTHER, schema=LOOSE).run("replay", lost)
        broken = target.write(service=BAD.replace("INSERT", "INSRT")).run("replay", lost)
    finally:
        target.write(service=BAD, schema=LOOSE)
    assert (there.code, gone.code, elsewhere.code, broken.code) == (1, 0, 5, 4), (there, gone, elsewhere, broken)
    snapshot("replay.txt", told(target, there))
    ends = [target.plain(each.err).split("opening 1 world\n")[1] for each in (there, gone, elsewhere)]
    assert "the happy path fails now: author POST /posts #1: answered 500" in broken.err
    assert "psycopg.errors.SyntaxError" in broken.err
    snapshot("replay_ends.txt", "\n".join(ends))
    nothing_left(target)


def _looked_at(said: str) -> bool:
    """What a person can do at the cut: ask the database by the DSN, and the service by the line beside its URL."""
    dsn = re.findall(r"dsn: (\S+)", said)[0]
    with psycopg.connect(dsn) as connection:
        assert connection.execute("SELECT count(*) FROM posts").fetchone() == (1,), "the reply, not the commit, is held"
    command = re.search(r"sudo (nsenter -t \d+ -n curl \S+/)\)", said)
    if os.getuid() == 0 and command and all(map(shutil.which, ("nsenter", "curl"))):
        asked = [*command[1].split()[:-1], "-sS", f"{command[1].split()[-1]}openapi.json"]
        return "openapi" in subprocess.run(asked, capture_output=True, text=True, check=True, timeout=PATIENCE).stdout
    return True


def test_hold_stops_at_the_cut_until_enter(fired: Fired) -> None:
    """Behind a terminal, as a person does it: Enter is pressed when the cut is shown, never before."""
    target = fired.project
    ours, theirs = pty.openpty()
    engine = subprocess.Popen(
        [*HOTFIRE, "replay", fired.trial("lost_reply"), "--hold"],
        cwd=target.folder,
        env=target.surroundings,
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(theirs)
    assert engine.stderr
    said = ""
    for line in engine.stderr:
        said += line
        if "press Enter" in line:
            assert engine.poll() is None
            assert _looked_at(said)
            os.write(ours, b"\n")
    out, _ = engine.communicate(timeout=PATIENCE)
    with suppress(OSError):
        os.close(ours)
    assert engine.returncode == 1, said
    assert "stopped at the cut, before it is done" in said
    assert re.search(r"  dsn: postgresql://\S+/hotfire_\w+", said), said
    assert "  url: http://127.0.0.1:8000" in said
    assert "  log:" in said
    assert re.search(r"  processes: web\.0 \(pid \d+\)", said), said
    assert said.rstrip().endswith("still there")
    assert "reply lost" in out
    nothing_left(target)


def test_hold_says_when_there_is_no_cut(fired: Fired) -> None:
    ended = fired.project.run("replay", fired.trial("in_sequence"), "--hold")
    assert ended.code == 1, ended
    assert "was not held: no cut was met (sent twice, one after the other)" in ended.err
