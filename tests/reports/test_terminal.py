"""The terminal's words, live and of a stored run."""

import dataclasses
import io
from collections.abc import Callable

import pytest

from hotfire.model.run import Run
from hotfire.reports.archive import Record
from hotfire.reports.phrases import verdict_reason
from hotfire.reports.terminal import Terminal, render, wants_colour
from tests.reports.sample import ACCOUNT_RESULT, EVENTS, PUBLISH_RESULT, RUN

Snapshot = Callable[[str, str], None]


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def told(*, colour: bool = False, progress: io.StringIO | None = None) -> str:
    out = io.StringIO()
    terminal = Terminal(out=out, progress=progress, colour=colour, report=".hotfire/latest/report.html")
    for event in EVENTS:
        terminal.on(event)
    return out.getvalue()


def test_a_run_as_it_happens(snapshot: Snapshot) -> None:
    snapshot("terminal-live.txt", told())


def test_a_stored_run(record: Record, snapshot: Snapshot) -> None:
    snapshot("terminal-stored.txt", render(record))


def test_the_verdict_stands_last_and_alone() -> None:
    lines = told().splitlines()
    assert lines[-1].startswith("NO-GO  1 blocker; ")
    assert lines[-2] == ""


def test_colour_adds_nothing_but_colour() -> None:
    coloured = told(colour=True)
    assert "\x1b[" in coloured
    for code in ("\x1b[31;1m", "\x1b[33m", "\x1b[36m", "\x1b[33;1m", "\x1b[32;1m", "\x1b[0m"):
        coloured = coloured.replace(code, "")
    assert coloured == told()


def test_progress_goes_to_its_own_stream() -> None:
    progress = io.StringIO()
    assert told(progress=progress) == told()
    lines = progress.getvalue().split("\r\x1b[K")
    assert any(line.startswith("publish_article  1 of 2 trials  seen, to be seen again: ") for line in lines)
    assert "publish_article  2 of 2 trials" in lines  # it was told in between
    assert all(len(line) < 80 for line in lines)
    assert progress.getvalue().endswith("\r\x1b[K")


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False), ({"NO_COLOR": ""}, True)],
)
def test_no_color_is_obeyed(environment: dict[str, str], *, wanted: bool) -> None:
    assert wants_colour(Screen(), environment) is wanted


def test_no_colour_into_a_file() -> None:
    assert not wants_colour(io.StringIO(), {})


STOPPED = f"{ACCOUNT_RESULT.path.name} did not come to its end"
GO = Run(
    id="r", project="", started="", lines=("retry", "inputs"), not_asked=("cache", "speed"), verdict="GO", exit_code=0
)


@pytest.mark.parametrize(
    ("run", "reason"),
    [
        (GO, "for retry, inputs; not asked: cache, speed"),
        (dataclasses.replace(GO, not_asked=()), "for retry, inputs"),
        (
            RUN,
            f"1 blocker; 1 not judged; 1 waived; 1 note; {STOPPED}; not asked: speed",
        ),
        (
            dataclasses.replace(GO, verdict=None, exit_code=None, not_asked=(), paths=(PUBLISH_RESULT,)),
            "interrupted before its end; 1 blocker; 1 not judged",
        ),
    ],
)
def test_the_verdict_speaks_of_what_was_asked(run: Run, reason: str) -> None:
    assert verdict_reason(run) == reason
