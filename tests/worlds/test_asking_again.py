"""Waiting by asking again: the same few calls, several times, with pauses, each answered."""

import pytest

from hotfire.testing.crossings import exchange, statement
from hotfire.worlds.asking_again import asks_again
from hotfire.worlds.proxy.crossing import Crossing


def crossings(*texts: str, pause: float = 0.1, told: float = 1.0) -> list[Crossing]:
    calls = [exchange(statement(text), number=place, begun=place * pause).call for place, text in enumerate(texts)]
    return [Crossing(call=call, process_id=7, told=told) for call in calls]


@pytest.mark.parametrize(
    "tries",
    [
        ["SET lock:… NX"] * 4,
        ["INSERT INTO a", "UPDATE a", *["SET lock:… NX"] * 4],
        ["GET lock:…", "TTL lock:…"] * 4,
    ],
)
def test_who_asks_again_and_again_waits(tries: list[str]) -> None:
    assert asks_again(crossings(*tries))


def test_the_tries_of_one_transaction_are_tries() -> None:
    assert asks_again(crossings(*("; ".join(["SELECT pg_try_advisory_lock($)"] * count) for count in range(1, 5))))


@pytest.mark.parametrize(
    "calls",
    [
        [],
        ["SET lock:… NX"] * 3,
        [*["SET lock:… NX"] * 4, "SET page:…"],
        ["GET a", "GET b", "GET c", "GET d"] * 2,
    ],
)
def test_who_goes_on_does_not(calls: list[str]) -> None:
    assert not asks_again(crossings(*calls))


def test_a_loop_that_does_work_is_none_and_a_call_without_an_answer_waits_for_it() -> None:
    assert not asks_again(crossings(*["INCRBY stats:…"] * 9, pause=0.001))
    assert not asks_again(crossings(*["SELECT … FOR UPDATE"] * 4, told=0.0))
