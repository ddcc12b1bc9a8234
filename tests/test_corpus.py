"""Every twin, mutant and correct service, fired as a user would: found where declared, silent where right.

Two are fired at once, for most of a case's time goes by in waiting; those that are told by silence are fired alone.
"""

import asyncio
from functools import partial

import pytest

from hotfire.worlds.nursery import Nursery
from tests.corpus.cases import Case, cases
from tests.corpus.firing import Outcome, each_of, fire_case

AT_ONCE = 2

Fired = dict[str, Outcome | BaseException]


async def outcome_of(case: Case, nursery: Nursery) -> Outcome | BaseException:
    """A case's outcome, or what it died of."""
    (outcome,) = await asyncio.gather(fire_case(case, nursery), return_exceptions=True)
    return outcome


@pytest.fixture(scope="module")
def fired(request: pytest.FixtureRequest) -> Fired:
    """The outcomes of all cases that were asked for."""
    here = [item for item in request.session.items if isinstance(item, pytest.Function) and item.function is test_case]
    chosen = [item.callspec.params["case"] for item in here]
    with Nursery() as nursery:
        outcomes = asyncio.run(each_of(chosen, AT_ONCE, partial(outcome_of, nursery=nursery)))
    return {case.name: outcome for case, outcome in zip(chosen, outcomes, strict=True)}


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_case(case: Case, fired: Fired) -> None:
    outcome = fired[case.name]
    if isinstance(outcome, BaseException):
        raise outcome
    assert outcome.faults == [], [(each.step, each.category, each.title) for each in outcome.findings]
