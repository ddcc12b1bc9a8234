"""Asks again until an answer is as a person wants it: one step, however often it is sent."""

import asyncio
from collections.abc import Awaitable, Callable

from hotfire.worlds.driver.asked import Answer, Asked, Until
from hotfire.worlds.driver.http import Answered
from hotfire.worlds.driver.recording import person_answer

_FIRST_PAUSE, _LONGEST_PAUSE = 0.02, 0.5  # seconds between two asks: a service at rest may still wait for its clock
_LEAST = 0.05  # seconds that the last ask is given


async def until_so(ask: Callable[[float], Awaitable[Answered]], asked: Asked, deadline: float) -> Answered:
    """The answer, or of a poll the first one that is so, a failure, or at the deadline (seconds) the last one.

    `ask` sends the request once, and waits so many seconds for its answer.
    """
    loop = asyncio.get_running_loop()
    end, pause = loop.time() + deadline, _FIRST_PAUSE
    while True:
        answered = await ask(max(_LEAST, end - loop.time()))
        failed = answered.status is None or answered.status >= 500
        if asked.until is None or failed or await _is_so(asked.until, person_answer(answered, asked.request)):
            return answered
        if loop.time() + pause > end:
            return answered
        await asyncio.sleep(pause)
        pause = min(2 * pause, _LONGEST_PAUSE)


async def _is_so(until: Until, answer: Answer) -> bool:
    """In a thread, since it is the person's own code; one that raises is asked once more at the end, by the actor."""
    try:
        return bool(await asyncio.to_thread(until, answer))
    except Exception:  # noqa: BLE001  # what is not there yet raises KeyError, TypeError, JSONDecodeError …
        return False
