"""A check that asks something of some critical paths only: its cell is "not asked" for the others."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from hotfire.model.history import Baseline
from hotfire.model.step import CriticalPath
from tests.engine.firing import FiveHundred, fired, mistake, world


@dataclass(slots=True, kw_only=True)
class OfSome(FiveHundred):
    """Asks of the paths that it names; plans nothing for the others."""

    of: tuple[str, ...] = ()

    def asks(self, path: CriticalPath, baselines: Sequence[Baseline]) -> bool:
        assert all(each.path == path for each in baselines)
        return path.name in self.of


def test_the_cell_says_whether_it_was_asked() -> None:
    passed, not_asked = (fired(world(), checks=[OfSome(of=of), FiveHundred(line="jobs")]) for of in (("buy",), ()))
    assert passed.result.cells == {"retry": "passed", "jobs": "passed"}
    assert not_asked.result.cells == {"retry": "not asked", "jobs": "passed"}
    assert passed.run.verdict == not_asked.run.verdict == "GO"


def test_where_nothing_at_all_was_asked_there_is_no_go() -> None:
    assert fired(world(), check=OfSome()).run.verdict == "UNKNOWN"


@pytest.mark.parametrize(("of", "cell"), [(("buy",), "unknown"), ((), "not asked")])
def test_a_path_that_is_broken_leaves_open_only_what_was_asked(of: tuple[str, ...], cell: str) -> None:
    broken = world()
    broken.mistakes = {"buy": [mistake(broken=True), mistake(broken=True)]}
    assert fired(broken, check=OfSome(of=of)).result.cells == {"retry": cell}
