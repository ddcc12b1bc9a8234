"""Settling: a service that works by itself is given time; any other is not."""

import asyncio
from typing import cast

from hotfire.model.edit import Edit
from hotfire.model.history import RowChange
from hotfire.model.perturbation import THEN_RECOVERS, Send
from hotfire.references import references_of
from hotfire.testing import baseline, inserted, reply, serial
from hotfire.worlds.seen import Changed
from hotfire.worlds.settling import Settling, repeats
from hotfire.worlds.stand import Stand


def kept(run: int) -> list[RowChange]:
    return [inserted("outbox", id=serial(run, 1), sent="no")]


def sent(run: int) -> list[RowChange]:
    return [inserted("outbox", id=serial(run, 1), sent="yes"), inserted("mails", outbox=serial(run, 1))]


UNDISTURBED = baseline(sent)


class Stood:
    """A stand whose state is another at each look, until the last."""

    def __init__(self, *states: list[RowChange], workers: tuple[str, ...]) -> None:
        self.states = list(states)
        self._workers = workers

    async def workers(self) -> tuple[str, ...]:
        return self._workers

    async def quiet(self, deadline: float) -> tuple[str, ...]:
        del deadline
        return ()

    async def changes(self, checkpoint: int) -> Changed:
        del checkpoint
        rows = self.states.pop(0) if len(self.states) > 1 else self.states[0]
        return Changed(rows=tuple(rows), writes={})


def left(stood: Stood, status: int = 201, deadline: float = 5.0) -> list[RowChange]:
    """What is seen in the end."""
    stand = cast("Stand", stood)
    settling = Settling(stand=stand, references=references_of(UNDISTURBED), twice=(), deadline=deadline)
    return list(asyncio.run(settling.changes(1, reply(status))).rows)


def test_a_worker_is_given_time_until_the_state_is_one_that_an_undisturbed_run_leaves() -> None:
    assert left(Stood(kept(7), kept(7), sent(7), kept(7), workers=("task relay",))) == sent(7)


def test_it_has_no_more_time_than_the_step() -> None:
    assert left(Stood(kept(7), workers=("task relay",)), deadline=0.0) == kept(7)


def test_nobody_waits_for_a_service_without_workers() -> None:
    assert left(Stood(kept(7), sent(7), workers=())) == kept(7)


def test_nothing_at_all_is_an_end_where_the_client_was_told_so() -> None:
    assert left(Stood([], sent(7), workers=("task relay",)), status=503) == []
    assert left(Stood([], sent(7), workers=("task relay",))) == sent(7)


def test_only_the_steps_own_request_must_end_as_undisturbed() -> None:
    assert repeats(THEN_RECOVERS)
    assert repeats([Send(), Send(actor="bob")])
    assert not repeats([Send(actor="bob")])
    assert not repeats([Send(credential="none")])
    assert not repeats([Send(edits=(Edit(part="body", place="/email", value='""'),))])
