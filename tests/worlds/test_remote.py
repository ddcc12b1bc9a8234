"""What a world's process tells ahead of its answer."""

import asyncio
from types import SimpleNamespace

import msgspec

from hotfire.model.history import History
from hotfire.model.trial import Trial
from hotfire.worlds.remote import RemoteWorld
from hotfire.worlds.telegram import _LENGTH, Tell

TRIAL = Trial(path="buy", step="ann POST /orders #1", check="failure", perturbation="refused")


class Asked:
    """The way to the world's process: nobody reads it."""

    def write(self, data: bytes) -> None: ...

    async def drain(self) -> None: ...


def test_a_world_that_rests_says_so_and_answers_later():
    async def story() -> tuple[History, list[str]]:
        world, said = RemoteWorld("w0"), []
        telling = asyncio.StreamReader()
        world._process = SimpleNamespace(stdin=Asked(), stdout=telling)
        world.on_rest = lambda: said.append("rests")
        running = asyncio.ensure_future(world.run(TRIAL))  # noqa: TID251
        tell(telling, Tell(rests=True))
        while not said:  # noqa: ASYNC110  # the loop's next turns
            await asyncio.sleep(0)
        assert not running.done()
        tell(telling, Tell(history=History(trial=TRIAL.id, world="w0")))
        return await running, said

    history, said = asyncio.run(asyncio.wait_for(story(), 10))
    assert (history.trial, said) == (TRIAL.id, ["rests"])


def tell(reader: asyncio.StreamReader, what: Tell) -> None:
    data = msgspec.json.encode(what)
    reader.feed_data(_LENGTH.pack(len(data)) + data)
