"""What a world's process tells ahead of its answer."""

import asyncio
import socket

import msgspec

from hotfire.model.history import History
from hotfire.model.trial import Trial
from hotfire.worlds.remote import RemoteWorld
from hotfire.worlds.telegram import _LENGTH, Tell

TRIAL = Trial(path="buy", step="ann POST /orders #1", check="failure", perturbation="refused")


class OneLine:
    """A nursery that forks nobody: the line to the world is the test's own."""

    def fork(self, _name: str, line: socket.socket) -> int:
        self.line = line.dup()
        return 1


def test_a_world_that_rests_says_so_and_answers_later():
    async def story() -> tuple[History, list[str]]:
        nursery, said = OneLine(), asyncio.Queue()
        world = RemoteWorld("w0", nursery)
        await world.launch()
        world.on_rest = lambda: said.put_nowait("rests")
        with nursery.line:
            async with asyncio.TaskGroup() as tasks:
                running = tasks.create_task(world.run(TRIAL))
                tell(nursery.line, Tell(rests=True))
                told = [await said.get()]
                assert not running.done()
                tell(nursery.line, Tell(history=History(trial=TRIAL.id, world="w0")))
            world._line[1].close()
            await world._line[1].wait_closed()
        return running.result(), told

    history, said = asyncio.run(asyncio.wait_for(story(), 10))
    assert (history.trial, said) == (TRIAL.id, ["rests"])


def tell(line: socket.socket, what: Tell) -> None:
    data = msgspec.json.encode(what)
    line.sendall(_LENGTH.pack(len(data)) + data)
