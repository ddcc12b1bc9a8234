"""Who does what next: own path first, then confirmations, new paths, others' steps."""

import asyncio

from hotfire.engine.agenda import Agenda, ConfirmJob, StepJob, SurveyJob
from hotfire.testing import STEP
from tests.engine.firing import PAY
from tests.engine.test_verdict import FINDING


def test_paths_are_surveyed_in_their_order_and_steps_taken_from_the_last() -> None:
    async def play() -> list[object]:
        agenda = Agenda(("buy", "gift"), 1)
        first = await agenda.next("w0", None)
        assert isinstance(first, SurveyJob)
        agenda.add_steps(first.state, (STEP, PAY))
        await agenda.done()
        taken = [first.state.name]
        for _ in range(2):
            job = await agenda.next("w0", first.state)
            assert isinstance(job, StepJob)
            taken.append(job.step.route)
            await agenda.done()
        second = await agenda.next("w0", first.state)
        assert isinstance(second, SurveyJob)
        await agenda.done()
        return [*taken, second.state.name, await agenda.next("w0", second.state)]

    assert asyncio.run(play()) == ["buy", "/payments", "/orders", "gift", None]


def test_another_world_helps_with_the_first_steps() -> None:
    async def play() -> str:
        agenda = Agenda(("buy",), 2)
        survey = await agenda.next("w0", None)
        assert survey
        agenda.add_steps(survey.state, (STEP, PAY))
        job = await agenda.next("w1", None)
        assert isinstance(job, StepJob)
        return job.step.route

    assert asyncio.run(play()) == "/orders"


def test_a_confirmation_goes_to_another_world_first() -> None:
    async def play() -> list[object]:
        agenda = Agenda(("buy", "gift"), 2)
        survey = await agenda.next("w0", None)
        assert survey
        agenda.confirm(ConfirmJob(state=survey.state, finding=FINDING, seen_in="w0", needs=()))
        own = await agenda.next("w0", None)
        other = await agenda.next("w1", None)
        return [type(own), type(other)]

    assert asyncio.run(play()) == [SurveyJob, ConfirmJob]


def test_the_world_that_found_it_leaves_the_confirmation_to_the_other_even_when_nothing_else_is_left() -> None:
    async def play() -> list[object]:
        agenda = Agenda(("buy",), 2)
        survey = await agenda.next("w0", None)
        assert survey
        agenda.confirm(ConfirmJob(state=survey.state, finding=FINDING, seen_in="w0", needs=()))
        await agenda.done()
        async with asyncio.TaskGroup() as tasks:
            finder = tasks.create_task(agenda.next("w0", None))
            await asyncio.sleep(0)
            assert not finder.done()
            other = await agenda.next("w1", None)
            await agenda.done()
        return [type(other), finder.result()]

    assert asyncio.run(play()) == [ConfirmJob, None]


def test_a_single_world_confirms_what_it_found() -> None:
    async def play() -> object:
        agenda = Agenda(("buy",), 1)
        survey = await agenda.next("w0", None)
        assert survey
        agenda.confirm(ConfirmJob(state=survey.state, finding=FINDING, seen_in="w0", needs=()))
        await agenda.done()
        return await agenda.next("w0", None)

    assert isinstance(asyncio.run(play()), ConfirmJob)
