"""What an undo shows, over fake worlds: each critical path has its own, though they begin with the same step."""

from collections.abc import Callable
from dataclasses import replace

from hotfire.checks.rollback import Rollback
from hotfire.model.event import FindingConfirmed, PathFailed
from hotfire.model.history import History, Undone
from hotfire.model.trial import Trial
from hotfire.testing import FakeWorld, history, reply
from tests.engine.firing import Fired, fired, path


def undone(seen: Undone) -> Callable[[Trial], History]:
    """Every path leaves nothing, and its undo shows this."""
    return lambda _: history(final=(), undone=seen)


def fired_to_undo(seen: Undone) -> Fired:
    """Two critical paths that begin with the same step, each with an undo of its own."""
    paths = {
        name: [replace(each, path=replace(each.path, undo=f"un{name}")) for each in path(name)]
        for name in ("buy", "gift")
    }
    return fired(FakeWorld(paths=paths, play=undone(seen)), check=Rollback())


def test_the_finding_of_one_undo_does_not_stand_for_that_of_another() -> None:
    refused = Undone(state=(), steps=("ann POST /cancel",), replies=(reply(404),), failed=True)
    result = fired_to_undo(refused)
    told = [event.finding for event in result.of(FindingConfirmed) if isinstance(event, FindingConfirmed)]
    assert [finding.title.split(" fails")[0] for finding in told] == ["the undo unbuy", "the undo ungift"]
    assert len({finding.fingerprint for finding in told}) == 2
    assert [path.cells["rollback"] for path in result.run.paths] == ["failed", "failed"]


def test_the_own_mistake_of_an_undo_is_the_paths_own() -> None:
    result = fired_to_undo(Undone(state=(), mistake="critical_paths.py:12: cancel: KeyError: 'nr'"))
    assert (result.run.verdict, result.run.exit_code) == ("UNKNOWN", 4)
    assert [path.findings for path in result.run.paths] == [(), ()]
    assert result.run.paths[0].mistake == "the undo of buy: critical_paths.py:12: cancel: KeyError: 'nr'"
    told = [event for event in result.of(PathFailed) if isinstance(event, PathFailed)]
    assert [event.mistake.problem for event in told] == ["critical_paths.py:12: cancel: KeyError: 'nr'"] * 2


def test_an_undo_that_the_service_refused_is_a_finding_whatever_it_raised_then() -> None:
    refused = Undone(
        state=(), steps=("ann POST /cancel",), replies=(reply(404),), failed=True, mistake="x.py:12: KeyError: 'nr'"
    )
    assert (fired_to_undo(refused).run.exit_code, fired_to_undo(replace(refused, mistake="")).run.exit_code) == (1, 1)
