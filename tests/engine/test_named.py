"""Steps that a reviewed file names: one that its critical path does not make is the path's mistake."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hotfire.model.check import Named
from hotfire.testing import STEP
from tests.engine.firing import FiveHundred, fired, world


@dataclass(slots=True, kw_only=True)
class Reader(FiveHundred):
    """Judges by a reviewed file, which names a step."""

    reads: str = "table.toml"
    named: Sequence[Named] = field(default=())

    def given(self, files: Mapping[str, str]) -> "Reader":
        del files
        return self


def naming(*steps: str) -> Reader:
    named = [Named(path="buy", step=step, place="table.toml: row 1", fix="leave it out") for step in steps]
    return Reader(named=named)


def test_a_step_is_named_by_its_key_with_or_without_its_first_occurrence():
    run = fired(world(), check=naming(STEP.key, STEP.key.removesuffix(" #1"))).run
    assert run.exit_code == 0
    assert not run.paths[0].mistake


def test_a_step_that_is_gone_is_exit_4_and_says_where_it_is_named_and_what_there_is():
    run = fired(world(), check=naming("ann POST /gone")).run
    assert run.exit_code == 4
    assert run.paths[0].mistake == (
        "ann POST /gone: table.toml: row 1 names the step 'ann POST /gone', which buy does not make"
    )


def test_the_path_is_fired_all_the_same():
    assert fired(world(), check=naming("ann POST /gone")).run.paths[0].trials > 0
