"""What the plan leaves out reaches no end state that the plan does not reach: shown on twins, small enough for CI."""

import asyncio
from functools import cache

import pytest

from hotfire.worlds.nursery import Nursery
from tests.corpus.cases import Case, cases
from tests.exhaustive.__main__ import LEAST_FEWER, problems
from tests.exhaustive.explore import StepEnds, explore

TWINS = ("receipt_after_answer", "paid_basket", "payment_webhook", "receipt_mail")
"""A job behind the answer, two transactions, a doubled one, a doubled one with a refusal: all would take too long."""

CASES = [case for case in cases() if case.name.split("/")[0] in TWINS]


@cache
def explored(name: str) -> tuple[StepEnds, ...]:
    case = next(case for case in CASES if case.name == name)
    with Nursery() as nursery:
        return tuple(asyncio.run(explore(case, nursery)))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_round_trip_and_the_plan_reach_the_same_end_states(case: Case) -> None:
    steps = explored(case.name)
    assert steps
    assert [problem for step in steps for problem in problems(step, good=not case.expected)] == []


@pytest.mark.parametrize("case", [case for case in CASES if case.expected], ids=lambda case: case.name)
def test_a_bad_twin_ends_otherwise_somewhere(case: Case) -> None:
    assert any(step.unlike_null for step in explored(case.name))


def test_with_at_least_sixty_percent_fewer_trials() -> None:
    steps = [step for case in CASES for step in explored(case.name)]
    every, planned = sum(len(step.every) for step in steps), sum(len(step.planned) for step in steps)
    assert 1 - planned / every >= LEAST_FEWER, f"{every} → {planned}"
