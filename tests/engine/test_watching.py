"""Checks that watch all: they are shown everyone's trials, and what they find is found, confirmed and kept as any."""

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from hotfire.model.event import FindingConfirmed, TrialEnded, TrialsWatched
from hotfire.model.history import Baseline, History, LogLine
from hotfire.model.trial import Arrangement, Trial
from hotfire.reports.archive import Archive, load_run
from hotfire.reports.story import tell
from hotfire.testing import STEP, FakeWorld, history
from tests.engine.firing import Fired, FiveHundred, failing_when, fired, path, world
from tests.engine.watching import Onlooker

LEAK = LogLine(process="web", text="password=hunter2", at=0.1)


def leaking(trial: Trial) -> History:
    """A service that logs a password when it is sent the same twice."""
    leaks = (trial.perturbation, trial.step) == ("in_sequence", STEP.key)
    return replace(history(), logs=(LEAK,) if leaks else ())


def leaks(_: Trial, history: History) -> bool:
    return LEAK in history.logs


def always_leaking(name: str = "w0") -> FakeWorld:
    """A world whose service logs a password in each undisturbed run of its first step."""

    def leaky(each: Baseline) -> Baseline:
        return replace(each, clean=tuple(replace(clean, logs=(LEAK,)) for clean in each.clean))

    first, second = path("buy")
    return FakeWorld(name=name, paths={"buy": [leaky(first), second]}, play=lambda _: history())


def test_it_is_shown_the_undisturbed_runs_first_and_then_what_the_others_ran() -> None:
    logs = Onlooker()
    fired(world(), checks=[logs, FiveHundred()])
    nulls = ["nobody: none"] * 3
    assert logs.shown == [*nulls, "retry: kill", "retry: in_sequence"] * 2


def test_it_is_shown_its_own_trials_once_and_those_of_another_that_watches() -> None:
    logs, jobs = Onlooker(own=("in_sequence",)), Onlooker(line="jobs", own=("in_sequence",))
    fired(world(), checks=[logs, jobs])
    assert Counter(logs.shown) == Counter(jobs.shown)
    assert Counter(logs.shown) == {"nobody: none": 6, "logs: in_sequence": 2, "jobs: in_sequence": 2}


def test_alone_it_is_shown_the_undisturbed_runs() -> None:
    result = fired(world(), checks=[Onlooker()])
    assert result.run.verdict == "GO"
    assert result.result.cells == {"logs": "passed"}
    assert (result.result.trials, result.result.ledgers["logs"].tried) == (0, 6)


def test_its_ledger_counts_what_it_watched_and_the_path_each_trial_once() -> None:
    result = fired(world(), checks=[FiveHundred(), Onlooker()])
    assert result.result.trials == len(result.of(TrialEnded)) == 4
    assert {line: ledger.tried for line, ledger in result.result.ledgers.items()} == {"retry": 4, "logs": 10}


def test_what_it_finds_in_anothers_trial_is_seen_again_by_its_own_eyes_in_a_fresh_world() -> None:
    worlds = [world(leaking, name=name) for name in ("w0", "w1")]
    result = fired(*worlds, checks=[FiveHundred(), Onlooker(sees=leaks)])
    (finding,) = result.result.findings
    assert (finding.line, result.run.verdict) == ("logs", "NO-GO")
    assert result.result.cells == {"retry": "passed", "logs": "failed"}
    assert result.result.ledgers["logs"].failed == 1
    trial = next(
        each.judged.trial
        for each in result.events
        if isinstance(each, TrialEnded) and each.judged.trial.id == finding.trial
    )
    assert trial.check == "retry"
    again = replace(trial, arrangement=Arrangement(generation="clean"))
    seen_in = next(each.name for each in worlds if f"run {trial.id}" in each.asked)
    assert [each.name for each in worlds if f"run {again.id}" in each.asked] == [{"w0": "w1", "w1": "w0"}[seen_in]]


def test_what_it_does_not_see_again_is_flaky() -> None:
    seen: list[str] = []

    def once(trial: Trial) -> History:
        seen.append(trial.perturbation)
        return replace(history(), logs=(LEAK,) if len(seen) == 1 else ())

    result = fired(world(once), checks=[FiveHundred(), Onlooker(sees=leaks)])
    assert result.result.cells == {"retry": "passed", "logs": "unknown"}
    assert "seen once and not again" in result.result.unknowns[0].missing


def test_what_it_finds_in_an_undisturbed_run_is_seen_again_in_those_of_a_fresh_world() -> None:
    worlds = [always_leaking(), always_leaking("w1")]
    result = fired(*worlds, checks=[Onlooker(sees=leaks)])
    assert len(result.of(FindingConfirmed)) == 1
    assert result.result.cells == {"logs": "failed"}
    assert not [asked for each in worlds for asked in each.asked if asked.startswith("run")]


def test_when_it_crashes_its_own_line_alone_is_unknown_though_it_never_says_so_itself() -> None:
    result = fired(world(), checks=[FiveHundred(), Onlooker(crash=True)])
    assert result.result.cells == {"retry": "passed", "logs": "unknown"}
    assert [unknown.line for unknown in result.result.unknowns] == ["logs", "logs"]
    assert "ZeroDivisionError" in result.result.unknowns[0].missing


# what is kept


def archived(folder: Path, result: Fired) -> Archive:
    archive = Archive(folder)
    for event in result.events:
        archive.on(event)
    return archive


def test_the_archive_keeps_what_each_check_said_of_one_trial(tmp_path: Path) -> None:
    def bad(trial: Trial) -> History:
        return replace(failing_when("kill")(trial), logs=(LEAK,) if trial.perturbation == "kill" else ())

    result = fired(world(bad), checks=[FiveHundred(), Onlooker(sees=leaks)])
    record = load_run(archived(tmp_path, result).root)
    retry = next(each for each in result.result.findings if each.line == "retry")
    stored = record.trial(retry.trial)
    assert [finding.line for finding in stored.judged.findings] == ["retry", "logs"]
    story = tell(stored, record.baseline(stored))
    assert "[retry · 5xx]" in story
    assert "[logs · secret]" in story


def test_the_archive_keeps_undisturbed_runs_that_were_watched(tmp_path: Path) -> None:
    result = fired(always_leaking(), checks=[Onlooker(sees=leaks)])
    record = load_run(archived(tmp_path, result).root)
    assert len(record.trial_ids()) == len({each.id for each in _watched(result)}) == 6
    story = tell(record.trial(result.result.findings[0].trial))
    assert re.search(r"null trial\n.*\n  perturbation: undisturbed, run \d", story)
    assert "[logs · secret]" in story


def _watched(result: Fired) -> list[Trial]:
    return [each.trial for event in result.events if isinstance(event, TrialsWatched) for each in event.judged]


@pytest.mark.parametrize("lines", [("retry", "logs"), ("logs", "retry")])
def test_the_order_of_the_lines_changes_nothing(lines: tuple[str, ...]) -> None:
    checks = {"retry": FiveHundred(), "logs": Onlooker(sees=leaks)}
    result = fired(world(leaking), checks=[checks[line] for line in lines])
    assert {line: ledger.tried for line, ledger in result.result.ledgers.items()} == {"retry": 4, "logs": 10}
    assert [finding.line for finding in result.result.findings] == ["logs"]
