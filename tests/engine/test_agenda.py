"""Who does what next: own path first, then confirmations, new paths, others' steps."""

import asyncio
from dataclasses import replace

from hotfire.engine.agenda import Agenda, ConfirmJob, Doubt, Job, PathState, StepJob, SurveyJob
from hotfire.model.step import Step
from hotfire.testing import STEP, history, judged, trial
from tests.engine.firing import BUY, PAY
from tests.engine.test_verdict import FINDING


def doubted(agenda: Agenda, state: PathState, *steps: Step) -> None:
    """Blockers that w0 has found, one at each of these steps."""
    state.steps = (STEP, PAY)
    for step in steps or (STEP,):
        needs = (judged(trial(BUY[0], "retry", "in_sequence"), replace(history(), world="w0")),)
        agenda.confirm(state, Doubt(finding=replace(FINDING, step=step.key), needs=needs))


def test_paths_are_surveyed_in_their_order_and_steps_taken_from_the_last() -> None:
    async def play() -> list[object]:
        agenda = Agenda(("buy", "gift"), 1)
        first = await agenda.next("w0", None)
        assert isinstance(first, SurveyJob)
        agenda.add_steps(first.state, (STEP, PAY))
        await agenda.done()
        taken = [first.state.name]
        for _ in range(2):
            job = await agenda.next("w0", first)
            assert isinstance(job, StepJob)
            taken.append(job.step.route)
            await agenda.done()
        second = await agenda.next("w0", first)
        assert isinstance(second, SurveyJob)
        await agenda.done()
        return [*taken, second.state.name, await agenda.next("w0", second)]

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
        doubted(agenda, survey.state)
        own = await agenda.next("w0", None)
        other = await agenda.next("w1", None)
        return [type(own), type(other)]

    assert asyncio.run(play()) == [SurveyJob, ConfirmJob]


def test_the_world_that_found_it_leaves_the_confirmation_to_the_other_even_when_nothing_else_is_left() -> None:
    async def play() -> list[object]:
        agenda = Agenda(("buy",), 2)
        survey = await agenda.next("w0", None)
        assert survey
        doubted(agenda, survey.state)
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
        doubted(agenda, survey.state)
        await agenda.done()
        return await agenda.next("w0", None)

    assert isinstance(asyncio.run(play()), ConfirmJob)


def test_the_blockers_of_a_step_are_seen_again_together_and_a_paths_steps_from_the_last_to_the_first() -> None:
    async def play() -> list[tuple[str, int]]:
        agenda = Agenda(("buy",), 1)
        last: Job | None = await agenda.next("w0", None)
        assert last
        doubted(agenda, last.state, STEP, PAY, STEP)
        taken: list[tuple[str, int]] = []
        for _ in range(2):
            await agenda.done()
            last = await agenda.next("w0", last)
            assert isinstance(last, ConfirmJob)
            taken.append((last.step, len(last.doubts)))
        return taken

    assert asyncio.run(play()) == [(PAY.key, 1), (STEP.key, 2)]


def test_a_job_whose_world_is_lost_is_done_by_another() -> None:
    async def play() -> list[object]:
        agenda = Agenda(("buy",), 2)
        survey = await agenda.next("w0", None)
        assert survey
        agenda.put_back(survey)
        assert await agenda.next("w1", None) == survey
        agenda.add_steps(survey.state, (STEP,))
        step = await agenda.next("w0", None)
        assert step
        agenda.put_back(step)
        assert await agenda.next("w1", None) == step
        doubted(agenda, survey.state)
        confirm = await agenda.next("w1", None)
        assert confirm
        agenda.put_back(confirm)
        return [type(survey), type(step), type(await agenda.next("w1", None))]

    assert asyncio.run(play()) == [SurveyJob, StepJob, ConfirmJob]
