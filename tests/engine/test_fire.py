"""The whole loop over fake worlds: plan, run, judge, confirm."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from hotfire.clock import SetClock
from hotfire.engine import Order, fire
from hotfire.errors import HotfireError, SetupError
from hotfire.model.check import Judged
from hotfire.model.event import (
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
from hotfire.model.history import Baseline, History
from hotfire.model.judgement import Judgement
from hotfire.model.trial import Arrangement, Trial
from hotfire.model.world import LostWorldError
from hotfire.testing import STEP, FakeWorld, history, reply, trial
from tests.engine.firing import KINDS, PAY, WHERE, FiveHundred, failing_when, fine, fired, mistake, path, world

# a good service


def test_a_right_service_is_go() -> None:
    run = fired(world()).run
    assert (run.verdict, run.exit_code) == ("GO", 0)
    assert run.paths[0].cells == {"retry": "passed"}
    assert run.paths[0].trials == 4


def test_the_events_tell_the_run_in_its_order() -> None:
    kinds = [type(event) for event in fired(world()).events]
    step = [StepMeasured, TrialsPlanned, TrialEnded, TrialEnded]
    assert kinds == [RunStarted, PathSurveyed, *step, *step, PathEnded, RunEnded]


def test_steps_are_fired_from_the_last_to_the_first() -> None:
    """A world moves back by undo: its trials are ordered by step."""
    (only,) = fired(world()).worlds
    assert [asked for asked in only.asked if asked.startswith("baseline")] == [
        f"baseline {PAY.key}",
        f"baseline {STEP.key}",
    ]


def test_a_check_is_asked_until_it_plans_nothing_new() -> None:
    result = fired(world(), check=FiveHundred(second=("lost_reply",)))
    planned = [len(event.trials) for event in result.of(TrialsPlanned) if isinstance(event, TrialsPlanned)]
    assert planned == [2, 1, 2, 1]
    assert result.result.trials == 6


def test_conclude_sees_the_trials_in_the_order_of_the_steps() -> None:
    check = FiveHundred()
    fired(world(), check=check)
    steps = [trial.step for trial in (*_trials(STEP.key), *_trials(PAY.key))]
    assert len(check.concluded) == len(steps) == 4
    assert check.concluded == [trial.id for trial in (*_trials(STEP.key), *_trials(PAY.key))]


def _trials(step: str) -> Iterator[Trial]:
    return (
        Trial(path="buy", step=step, check="retry", perturbation=kind, arguments={**WHERE.get(kind, {})})
        for kind in KINDS
    )


def test_a_run_limited_to_a_step_fires_only_that() -> None:
    (only,) = fired(world(), steps=(PAY.key,)).worlds
    assert f"baseline {STEP.key}" not in only.asked


def test_the_same_trials_verdicts_and_ledger_any_day() -> None:
    def told(count: int) -> object:
        worlds = [world(failing_when("kill"), name=f"w{n}") for n in range(count)]
        run = fired(*worlds).run
        return [(path.ledgers, path.cells, {each.fingerprint for each in path.findings}) for path in run.paths]

    assert told(1) == told(1) == told(2)


# findings


def test_a_blocker_is_seen_again_in_another_world_before_it_is_told() -> None:
    worlds = [world(failing_when("kill"), name=name) for name in ("w0", "w1")]
    result = fired(*worlds)
    (finding,) = result.result.findings
    assert (result.run.verdict, result.run.exit_code) == ("NO-GO", 1)
    assert len(result.of(FindingConfirmed)) == 1
    kill = next(trial for trial in _trials(STEP.key) if trial.id == finding.trial)
    again = replace(kill, arrangement=Arrangement(generation="clean"))
    runs = Counter(asked for each in worlds for asked in each.asked if asked == f"run {again.id}")
    assert sum(runs.values()) == 1
    seen_in = next(each.name for each in worlds if f"run {finding.trial}" in each.asked)
    confirmed_in = next(each.name for each in worlds if f"run {again.id}" in each.asked)
    assert seen_in != confirmed_in


def test_a_single_world_rehearses_anew_to_confirm() -> None:
    (only,) = fired(world(failing_when("kill"))).worlds
    assert only.asked.count("survey buy") == 2
    assert only.asked[-3:-1] == ["survey buy", f"baseline {STEP.key}"]


def test_a_blocker_that_is_not_seen_again_is_flaky_and_flaky_is_unknown() -> None:
    seen: Counter[str] = Counter()

    def once(trial: Trial) -> History:
        seen[trial.perturbation] += 1
        return history(replies=[reply(500 if trial.perturbation == "kill" and seen["kill"] == 1 else 200)])

    result = fired(world(once))
    assert (result.run.verdict, result.run.exit_code) == ("UNKNOWN", 5)
    (unknown,) = result.result.unknowns
    assert unknown.missing == "seen once and not again in a fresh world: answered 500"
    assert result.of(FindingConfirmed) == []
    assert result.result.cells == {"retry": "unknown"}


def test_a_note_needs_no_confirmation_and_is_still_go() -> None:
    result = fired(world(failing_when("kill")), check=FiveHundred(severity="note"))
    assert (result.run.verdict, result.run.exit_code) == ("GO", 0)
    assert result.worlds[0].asked.count("survey buy") == 1
    assert result.result.ledgers["retry"].with_note == 1


def test_one_cause_in_two_paths_is_told_and_confirmed_once() -> None:
    result = fired(world(failing_when("kill"), paths=("buy", "gift")))
    assert len(result.of(FindingConfirmed)) == 1
    assert [len(path.findings) for path in result.run.paths] == [1, 1]
    assert {path.cells["retry"] for path in result.run.paths} == {"failed"}


# what could not be judged


@pytest.mark.parametrize("where", ["plan", "judge", "conclude"])
def test_a_check_that_crashes_makes_its_line_unknown(where: str) -> None:
    result = fired(world(), check=FiveHundred(crash=where))
    assert (result.run.verdict, result.run.exit_code) == ("UNKNOWN", 5)
    assert result.result.cells == {"retry": "unknown"}
    assert "ZeroDivisionError" in result.result.unknowns[0].missing
    assert "fault of hotfire" in result.result.unknowns[0].fix
    assert len(result.of(UnknownMet)) == len(result.result.unknowns)


def test_a_crash_of_one_check_leaves_the_others_alone() -> None:
    checks = [FiveHundred(line="inputs", crash="judge"), FiveHundred(line="retry")]
    order = Order(run="r1", project="shop", paths=("buy",), checks=checks)

    async def last() -> object:
        return [event async for event in fire(order, [world()], SetClock())][-1]

    ended = asyncio.run(last())
    assert isinstance(ended, RunEnded)
    assert ended.run.paths[0].cells == {"inputs": "unknown", "retry": "passed"}


def test_a_trial_that_the_world_could_not_run_is_trouble_not_the_end() -> None:
    def refused(trial: Trial) -> History:
        if trial.perturbation == "kill":
            raise HotfireError("the store was gone", hint="look")
        return fine(trial)

    result = fired(world(refused))
    assert result.run.verdict == "UNKNOWN"
    assert result.result.ledgers["retry"].unknown == 2


def test_a_point_that_is_not_reached_is_in_the_ledger_and_not_among_the_passed() -> None:
    result = fired(world(lambda trial: history(reached=trial.perturbation != "kill")))
    ledger = result.result.ledgers["retry"]
    assert (ledger.tried, ledger.passed, len(ledger.not_reached)) == (4, 2, 2)


# the undisturbed path


def test_the_paths_own_mistake_is_exit_4_while_the_others_go_on() -> None:
    only = world(paths=("buy", "gift"))
    only.mistakes = {"buy": [mistake(broken=False)]}
    result = fired(only)
    assert result.run.exit_code == 4
    assert result.run.verdict == "UNKNOWN"
    assert [event.path for event in result.of(PathFailed) if isinstance(event, PathFailed)] == ["buy"]
    assert [path.cells["retry"] for path in result.run.paths] == ["unknown", "passed"]


def test_a_mistake_is_exit_4_though_another_path_is_no_go() -> None:
    only = world(failing_when("kill"), paths=("buy", "gift"))
    only.mistakes = {"buy": [mistake(broken=False)]}
    run = fired(only).run
    assert (run.verdict, run.exit_code) == ("NO-GO", 4)


def test_a_path_that_is_broken_twice_is_a_blocker() -> None:
    only = world()
    only.mistakes = {"buy": [mistake(broken=True), mistake(broken=True)]}
    result = fired(only)
    (finding,) = result.result.findings
    assert (finding.severity, finding.category) == ("blocker", "broken")
    assert (result.run.verdict, result.run.exit_code) == ("NO-GO", 1)
    assert result.result.cells == {"retry": "unknown"}
    assert result.of(FindingConfirmed) != []
    assert result.of(TrialEnded) == []


def test_a_path_that_was_broken_once_is_flaky() -> None:
    only = world()
    only.mistakes = {"buy": [mistake(broken=True)]}
    result = fired(only)
    assert result.run.verdict == "UNKNOWN"
    assert result.result.trials == 4


def test_a_path_that_plays_otherwise_each_time_is_its_own_mistake_and_its_rest_is_left() -> None:
    only = world()
    only.unmeasured = {PAY.key: mistake(broken=False, step=PAY.key)}
    result = fired(only)
    assert result.run.exit_code == 4
    assert f"baseline {STEP.key}" not in only.asked
    assert result.result.mistake.startswith(PAY.key)


def test_a_step_that_broke_while_it_was_measured_is_flaky_and_the_others_go_on() -> None:
    only = world()
    only.unmeasured = {PAY.key: mistake(broken=True, step=PAY.key)}
    result = fired(only)
    assert result.run.verdict == "UNKNOWN"
    assert result.result.trials == 2


# worlds


def test_two_worlds_share_the_work() -> None:
    worlds = [world(name=f"w{n}", paths=("buy", "gift")) for n in range(2)]
    result = fired(*worlds)
    runs = [sum(asked.startswith("run") for asked in each.asked) for each in worlds]
    assert sum(runs) == 8
    assert all(runs)
    assert [path.path.name for path in result.run.paths] == ["buy", "gift"]


def test_two_worlds_share_one_paths_steps() -> None:
    worlds = [world(name=f"w{n}") for n in range(2)]
    fired(*worlds)
    assert [sum(asked.startswith("baseline") for asked in each.asked) for each in worlds] == [1, 1]


def test_more_worlds_than_work_end_all_the_same() -> None:
    assert fired(*[world(name=f"w{n}") for n in range(5)]).run.verdict == "GO"


def test_a_service_that_does_not_start_is_an_error_of_the_run() -> None:
    def broken(_: Trial) -> History:
        raise AssertionError

    class DeadWorld(FakeWorld):
        async def survey(self, path: str) -> object:  # type: ignore[override]  # it never answers
            raise SetupError(f"{path}: the service does not start", hint="look at its last lines")

    with pytest.raises(SetupError, match="does not start"):
        fired(DeadWorld(paths={"buy": []}, play=broken))


def test_a_world_that_is_lost_ends_the_run() -> None:
    def lost(_: Trial) -> History:
        raise LostWorldError("world w0 has ended", hint="run again")

    with pytest.raises(LostWorldError):
        fired(world(lost))


def test_a_listener_that_goes_away_stops_the_work() -> None:
    only = world()

    async def leave() -> None:
        events = fire(Order(run="r1", project="shop", paths=("buy",), checks=[FiveHundred()]), [only], SetClock())
        async for event in events:
            if isinstance(event, StepMeasured):
                break
        await events.aclose()  # type: ignore[attr-defined]  # it is a generator

    asyncio.run(leave())
    assert sum(asked.startswith("run") for asked in only.asked) < 4


# dry runs


def test_a_dry_run_plans_and_runs_nothing() -> None:
    result = fired(world(), dry=True)
    assert result.of(TrialEnded) == []
    assert len(result.of(TrialsPlanned)) == 2
    assert not [asked for asked in result.worlds[0].asked if asked.startswith("run")]


class Losing:
    """Wants a message lost, and a process killed, at the same point; judges nothing."""

    line = "retry"

    def plan(self, baseline: Baseline, judged: Sequence[Judged]) -> Iterator[Trial]:
        del judged
        for kind in ("lost_call", "kill"):
            yield trial(baseline, self.line, kind, dependency="db", signature="COMMIT")

    def judge(self, *_: object) -> tuple[Judgement, ...]:
        return ()

    def conclude(self, *_: object) -> tuple[Judgement, ...]:
        return ()


def test_what_cannot_happen_is_not_tried_and_the_ledger_says_so() -> None:
    """A check knows no dependency: what its trials may not be is said by the baseline."""
    inside = [replace(each, embedded=("db",)) for each in path("buy")]
    result = fired(FakeWorld(name="w0", paths={"buy": inside}, play=fine), check=Losing())
    ledger = result.result.ledgers["retry"]
    assert (ledger.tried, ledger.passed, len(ledger.left_out)) == (2, 2, 2)
    assert result.run.verdict == "GO"
