"""What undisturbed runs leave, and where they do not agree."""

from dataclasses import replace

import pytest

from hotfire.equality import Different, Equal
from hotfire.model.call import Outcome
from hotfire.model.history import Exit
from hotfire.references import references_of
from hotfire.testing import PATH, baseline, effect, exchange, history, inserted, reply, serial


@pytest.mark.parametrize(("last", "differs"), [(200, False), (500, True)])
def test_a_rest_that_is_answered_otherwise_is_no_agreement(last: int, differs: bool) -> None:
    of = baseline(lambda _: [])
    statuses = (200, 200, last)
    clean = [replace(run, final_replies=(reply(status=each),)) for run, each in zip(of.clean, statuses, strict=True)]
    references = references_of(replace(of, clean=tuple(clean)))
    assert references.disagree_later is differs
    assert not references.disagree


@pytest.mark.parametrize(
    ("status", "outcome", "exits", "meant"),
    [
        (200, "unknown", (), True),
        (200, "ok", (), False),
        (201, "unknown", (), False),
        (200, "unknown", (Exit(process="web", status=-9),), False),
    ],
)
def test_what_is_left_out_where_the_path_declares_it(
    status: int, outcome: Outcome, exits: tuple[Exit, ...], *, meant: bool
) -> None:
    """A mail that is lost with the process alive, and an answer that its path declares for that; not if it died."""
    declared = replace(PATH, degraded={"db": 200})
    references = references_of(baseline(lambda run: [inserted("mails", id=serial(run))], path=declared))
    lost = exchange(effect("insert mails").point, outcome=outcome)
    trial = replace(history([], (reply(status),), exchanges=(lost,)), exits=exits)
    assert isinstance(references.compare(trial, [references.once]), Equal if meant else Different)
