"""A world's own process: asks come in and answers go out over one line to the engine."""

import asyncio
import os
import socket
import traceback
from typing import NoReturn

import uvloop

from hotfire.errors import HotfireError
from hotfire.model.world import Mistake
from hotfire.worlds import telegram
from hotfire.worlds.build import build, environment_secrets, prepare
from hotfire.worlds.secrets import Secrets
from hotfire.worlds.telegram import LIMIT, Ask, Failure, Tell
from hotfire.worlds.world import LocalWorld


class Input(asyncio.StreamReader):
    """What the engine asks; `gone` is set when it has closed its end."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit=limit)
        self.gone = asyncio.Event()

    def feed_eof(self) -> None:
        """The engine is gone."""
        super().feed_eof()
        self.gone.set()


class Post:
    """Answers asks until the engine is gone; then leaves nothing behind."""

    def __init__(self, reader: Input, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._world: LocalWorld | None = None
        self._environment = Secrets()
        self._held: asyncio.Task[Tell] | None = None

    async def serve(self) -> None:
        """Ask by ask. The engine's end is watched while one is answered, too."""
        try:
            while ask := await telegram.receive(self._reader, Ask):
                tell = await self._guarded(ask)
                if tell is None:
                    return
                await telegram.send(self._writer, tell)
        finally:
            if self._world:
                await self._world.close()

    async def _guarded(self, ask: Ask) -> Tell | None:
        """The answer; None when the engine has gone before it was there."""
        loop = asyncio.get_running_loop()
        answering = loop.create_task(self._answer(ask))
        gone = loop.create_task(self._reader.gone.wait())
        resting = loop.create_task(self._tell_rest(ask))
        await asyncio.wait([answering, gone], return_when=asyncio.FIRST_COMPLETED)
        gone.cancel()
        resting.cancel()
        await asyncio.gather(gone, resting, return_exceptions=True)  # what is answered comes behind what was told
        if not answering.done():
            answering.cancel()
            await asyncio.gather(answering, return_exceptions=True)
            return None
        try:
            return await answering
        except HotfireError as error:
            return Tell(failure=Failure.of(self._secrets.error(error)))

    async def _tell_rest(self, ask: Ask) -> None:
        """Tell once when what was asked mostly waits."""
        if self._world and ask.wish != "hold":
            await self._world.rest()
            await telegram.send(self._writer, Tell(rests=True))

    @property
    def _secrets(self) -> Secrets:
        """What must not leave: the environment's, what the actors have earned, and what they typed."""
        if self._world is None:
            return self._environment
        return self._environment.earned_by(*self._world.credentials).typed(self._world.typed)

    async def _answer(self, ask: Ask) -> Tell:
        if ask.opening:
            self._environment = environment_secrets(ask.opening)
        if ask.opening and ask.wish == "prepare":
            return Tell(sealed=await prepare(ask.opening))
        if ask.opening:
            self._world = await build(ask.opening)
            return Tell(notices=self._world.notices)
        if self._world is None:
            raise HotfireError("a world was asked before it was opened", hint="please report it")
        return await self._of_world(self._world, ask)

    async def _of_world(self, world: LocalWorld, ask: Ask) -> Tell:
        match ask.wish:
            case "survey":
                survey = await world.survey(ask.path)
                return Tell(survey=self._secrets.survey(survey))
            case "baseline":
                measured = await world.baseline(ask.path, ask.step)
                if isinstance(measured, Mistake):
                    return Tell(mistake=self._secrets.mistake(measured))
                return Tell(baseline=self._secrets.baseline(measured))
            case "run" if ask.trial:
                history = await world.run(ask.trial)
                return Tell(history=self._secrets.history(history))
            case "hold":
                return await self._hold(world, ask)
            case _:
                raise HotfireError(f"a world cannot {ask.wish!r}", hint="please report it")

    async def _hold(self, world: LocalWorld, ask: Ask) -> Tell:
        """First half: run to the cut and tell what can be looked at. Second half: go on to the end."""
        if ask.trial:
            cut = asyncio.Event()
            loop = asyncio.get_running_loop()
            self._held = loop.create_task(self._of_world(world, Ask(wish="run", trial=ask.trial)))
            world.stop_at_cut(cut)
            reached = loop.create_task(cut.wait())
            await asyncio.wait([reached, self._held], return_when=asyncio.FIRST_COMPLETED)
            reached.cancel()
            return Tell(cut=world.sights()) if cut.is_set() else await self._held
        if self._held is None:
            raise HotfireError("nothing is held", hint="please report it")
        world.go_on()
        return await self._held


def serve(line: socket.socket) -> None:
    """Be a world, until the engine at the other end of `line` is gone; then this process ends."""
    uvloop.run(_serve(line))


async def _serve(line: socket.socket) -> NoReturn:
    status = 1
    try:
        await _post(line)
        status = 0
    except Exception:  # noqa: BLE001  # the engine tells of a world that ended, and the log says why
        traceback.print_exc()
    finally:
        os._exit(status)  # all is left in order: the end of a loop would wait for threads that nobody needs any more


async def _post(line: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    reader = Input(limit=LIMIT)
    transport, protocol = await loop.create_unix_connection(lambda: asyncio.StreamReaderProtocol(reader), sock=line)
    await Post(reader, asyncio.StreamWriter(transport, protocol, reader, loop)).serve()
