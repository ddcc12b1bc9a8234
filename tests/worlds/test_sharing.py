"""Which process may serve several trials."""

import pytest

from hotfire.model.history import Exit, History
from hotfire.testing.baselines import history
from hotfire.testing.rows import inserted, reply
from hotfire.worlds.sharing import is_doubtful, is_unspent


def test_a_refusal_that_changed_nothing_leaves_the_process_as_it_was() -> None:
    assert is_unspent(history(replies=[reply(422)]))


@pytest.mark.parametrize(
    "seen",
    [
        history(rows=[inserted("orders", id=1)], replies=[reply(201)]),
        history(replies=[reply(500)]),
        history(replies=[reply(None)]),
        history(replies=[reply(429)]),
        history(replies=[reply(422)], unquiet=["a task"]),
        history(replies=[reply(422)], trouble="the rows cannot be read"),
        History(trial="", world="w0", replies=(reply(422),), exits=(Exit(process="web.0", status=1),)),
        History(trial="", world="w0"),
    ],
)
def test_what_changed_broke_or_is_not_known_takes_a_new_one(seen: History) -> None:
    assert not is_unspent(seen)


def test_only_what_earlier_trials_may_have_caused_is_seen_again() -> None:
    assert is_doubtful(history(replies=[reply(500)]))
    assert is_doubtful(history(replies=[reply(429)]))
    assert not is_doubtful(history(rows=[inserted("orders", id=1)], replies=[reply(201)]))
