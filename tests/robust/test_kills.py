"""Three kills in the ordinary tests; `python -m tests.robust.kills --times 100` for the whole."""

from tests.robust.kills import kills


def test_a_killed_hotfire_leaves_nothing_behind_the_next_start_and_loses_no_finished_trial():
    kills(3, seed=3)
