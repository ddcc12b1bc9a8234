"""How long an answer is waited for."""

from hotfire.model.perturbation import Send
from hotfire.worlds.firing import time_allowed

AT_ONCE = (Send(retry=False), Send(start="held", process=1, retry=False))


def test_the_time_in_which_we_hold_one_of_two_is_not_the_service_s() -> None:
    """On a slow machine, or by one worker alone, the second begins when our patience has ended, and not before."""
    assert time_allowed((Send(),), 5.0, 9.0) == 5.0
    assert time_allowed(AT_ONCE, 5.0, 0.25) == 10.0
    assert time_allowed(AT_ONCE, 5.0, 9.0) == 14.0
