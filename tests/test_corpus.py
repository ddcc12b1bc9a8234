"""Every twin, mutant and correct service, fired as a user would: found where declared, silent where right."""

import asyncio

import pytest

from tests.corpus.cases import Case, cases
from tests.corpus.firing import fire_case


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_case(case: Case) -> None:
    outcome = asyncio.run(fire_case(case))
    assert not outcome.mistakes
    if case.expected:
        assert outcome.found, [(each.step, each.category, each.title) for each in outcome.findings]
    else:
        assert not outcome.findings
        assert not outcome.unknowns
