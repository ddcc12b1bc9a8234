"""`hotfire show ID` tells what happened, in its order."""

from collections.abc import Callable

from hotfire.model.check import Judged
from hotfire.model.history import Undone
from hotfire.reports.archive import Record, StoredTrial
from hotfire.reports.story import tell
from hotfire.testing import history, inserted, reply
from tests.reports.sample import PASSED, TRIAL


def test_a_trial_with_a_finding(record: Record, snapshot: Callable[[str, str], None]) -> None:
    stored = record.trial(TRIAL.id)
    snapshot("story.txt", tell(stored, record.baseline(stored)))


def test_a_trial_that_passed_with_a_note(record: Record, snapshot: Callable[[str, str], None]) -> None:
    snapshot("story-passed.txt", tell(record.trial(PASSED.id)))


def test_what_an_undo_asked_and_left() -> None:
    undone = Undone(
        state=(inserted("search_entries", article=7),),
        steps=("editor POST /posts/{id}/unpublish",),
        replies=(reply(204),),
        mistake="line 9: KeyError: 'id'",
    )
    told = tell(StoredTrial(judged=Judged(trial=PASSED, history=history(final=(), undone=undone))))
    section = told.partition("its undo, played behind that, and what it left:\n")[2].partition("\n\n")[0]
    assert section.splitlines() == [
        "  editor POST /posts/{id}/unpublish: the client got 204",
        "  the undo's own function failed: line 9: KeyError: 'id'",
        "  + search_entries  article=7",
    ]
