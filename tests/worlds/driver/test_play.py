"""A person's function in a thread of its own: what goes on for ever is told, and keeps nobody from the next play."""

import asyncio
import threading

from hotfire.errors import UsageError
from hotfire.worlds.driver.play import Theatre


def test_a_function_that_goes_on_without_asking_anything_is_left_to_itself() -> None:
    gate = threading.Event()

    def endless() -> None:
        gate.wait()

    async def play() -> tuple[str, str, object]:
        theatre = Theatre(__file__, patience=0.05)
        played = await theatre.play(endless, {}, None)  # type: ignore[arg-type]  # nothing is asked of it
        following = await theatre.play(lambda: "played", {}, None)  # type: ignore[arg-type]
        gate.set()
        assert isinstance(played.error, UsageError)
        return played.mistake(__file__), played.error.hint, following.value

    problem, hint, following = asyncio.run(play())
    assert problem == "line 14 is at work for 0.05 s, and asks for nothing"
    assert "poll" in hint
    assert following == "played"
