"""What is found out of a baseline, found out once."""

from dataclasses import replace

from hotfire.model.history import Baseline
from hotfire.once import once
from hotfire.testing.baselines import baseline


def test_it_is_found_out_once_for_each_worlds_last_baseline() -> None:
    looked: list[Baseline] = []

    @once
    def number(of: Baseline) -> int:
        looked.append(of)
        return len(looked)

    one, next_one = baseline(lambda _: []), baseline(lambda _: [])
    elsewhere = replace(one, world="w1")
    assert [number(each) for each in (one, elsewhere, one, elsewhere)] == [1, 2, 1, 2]
    assert [number(each) for each in (next_one, next_one, elsewhere, one)] == [3, 3, 2, 4]
