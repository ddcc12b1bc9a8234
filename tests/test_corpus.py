"""Every twin, mutant and correct service, fired as a user would: found where declared, silent where right.

Two are fired at once, for most of a case's time goes by in waiting; those that are told by silence are fired alone.
"""

import asyncio
from collections.abc import Sequence

import pytest

from hotfire.worlds.nursery import Nursery
from tests.corpus.cases import Case, cases
from tests.corpus.firing import Outcome, fire_case

AT_ONCE = 2

Fired = dict[str, Outcome | BaseException]


async def fire_all(chosen: Sequence[Case], nursery: Nursery, at_once: int) -> Fired:
    """Each case's outcome by its name, or what it died of."""
    turn = asyncio.Semaphore(at_once)

    async def one(case: Case) -> Outcome:
        async with turn:
            return await fire_case(case, nursery)

    outcomes = await asyncio.gather(*map(one, chosen), return_exceptions=True)
    return {case.name: outcome for case, outcome in zip(chosen, outcomes, strict=True)}


def by_silence(case: Case) -> bool:
    """Whether its service is started by a command of its own, which cannot be asked whether it is at rest."""
    return "\ncommand = " in (case.folder / "pyproject.toml").read_text()


@pytest.fixture(scope="module")
def fired(request: pytest.FixtureRequest) -> Fired:
    """The outcomes of all cases that were asked for."""
    here = [item for item in request.session.items if isinstance(item, pytest.Function) and item.function is test_case]
    chosen = [item.callspec.params["case"] for item in here]
    alone = [case for case in chosen if by_silence(case)]
    together = [case for case in chosen if case not in alone]
    with Nursery() as nursery:
        return asyncio.run(fire_all(together, nursery, AT_ONCE)) | asyncio.run(fire_all(alone, nursery, 1))


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_case(case: Case, fired: Fired) -> None:
    outcome = fired[case.name]
    if isinstance(outcome, BaseException):
        raise outcome
    assert not outcome.mistakes
    if case.expected:
        assert outcome.found, [(each.step, each.category, each.title) for each in outcome.findings]
    else:
        assert not outcome.undeclared
        assert not outcome.unknowns
