"""`hotfire show ID` tells what happened, in its order."""

from collections.abc import Callable

from hotfire.reports.archive import Record
from hotfire.reports.story import tell
from tests.reports.sample import PASSED, TRIAL


def test_a_trial_with_a_finding(record: Record, snapshot: Callable[[str, str], None]) -> None:
    stored = record.trial(TRIAL.id)
    snapshot("story.txt", tell(stored, record.baseline(stored)))


def test_a_trial_that_passed_with_a_note(record: Record, snapshot: Callable[[str, str], None]) -> None:
    snapshot("story-passed.txt", tell(record.trial(PASSED.id)))
