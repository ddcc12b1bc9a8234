"""A service that writes files dies exactly where the border says, in an old Python and a new one."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from hotfire.model.perturbation import Script
from hotfire.model.store import START
from hotfire.perturbations.kill import Kill
from hotfire.perturbations.none import Undisturbed
from hotfire.worlds.dependencies.files import FilesHolding, Grant
from hotfire.worlds.evidence import effects
from hotfire.worlds.processes import ServiceProcess, Zygote
from tests.worlds.zygote.bench import get, launched, play, started, write
from tests.worlds.zygote.test_files_hook import two

PORT = 5900
SERVICE = """
    import os

    os.makedirs(os.path.join(os.environ["MEDIA"], "notes"), exist_ok=True)
    with open(os.path.join(os.environ["MEDIA"], "seen.txt"), "w") as file:
        file.write("imported")

    def app(environ, start_response):
        with open(os.environ["MEDIA"] + "/notes" + environ["PATH_INFO"], "w") as file:
            for _ in range(2000):
                file.write("0123456789")
        start_response("201 Created", [("Content-Type", "text/plain"), ("Content-Length", "4")])
        return [b"kept"]
"""


@dataclass
class Scene:
    """The service, its folder, and what signals do."""

    zygote: Zygote
    holding: FilesHolding
    process: ServiceProcess

    async def state(self) -> list[tuple[str, bool]]:
        """Each new file, and whether it is whole."""
        rows = [row.after for row in (await self.holding.store.changes(START)).rows if row.after]
        return [(row["path"] or "", row["size"] == "20000") for row in rows]

    def arm(self, script: Script) -> None:
        self.holding.border.arm(script, asyncio.get_running_loop().time())


@contextlib.asynccontextmanager
async def scene(folder: Path, python: str) -> AsyncIterator[Scene]:
    write(folder, SERVICE)
    media = folder / "w0" / "media"
    (folder / "template.json").write_bytes(msgspec.json.encode({}))
    source = str(folder / "media")
    grant = Grant(
        path=str(media), source=source, contents=str(folder / "contents"), template=str(folder / "template.json")
    )
    holding = FilesHolding("media", grant, PORT, lambda _: held.process.kill())
    async with launched(folder, {"MEDIA": str(media), **holding.settings}, python=python) as zygote:
        await holding.listen(zygote)
        await holding.open()
        assert not (await zygote.import_app("service:app")).cold
        await holding.imported()
        held = Scene(zygote=zygote, holding=holding, process=await started(zygote))
        try:
            yield held
        finally:
            await holding.deafen()


@pytest.mark.parametrize("python", two(), ids=lambda path: Path(path).parts[-3])
def test_killed_on_the_way_of_a_file(tmp_path: Path, python: str) -> None:
    async def story() -> None:
        async with scene(tmp_path, python) as held:
            assert await held.state() == []
            expected = {"create": [("notes/a", False)], "write": [("notes/a", False)], "close": [("notes/a", True)]}
            for call, left in expected.items():
                held.arm(Script.of(Kill(dependency="media", signature=f"{call} media/notes/a")))
                assert await get(held.zygote, "/a") == ""
                assert await held.process.exited(5) == -signal.SIGKILL
                assert await held.holding.border.drained(5)
                assert await held.state() == left
                await held.holding.store.restore(START)
                assert await held.state() == []
                held.process = await started(held.zygote)
            held.arm(Script.of(Undisturbed()))
            assert await get(held.zygote, "/b") == "kept"
            assert await held.process.quiet(2) == ()
            assert await held.holding.border.rested(5) == ()
            window = held.holding.border.window
            assert window is not None
            found = effects(window.crossings, window.writes["media"], 1e9)
            writes = [effect.writes for effect in found]
            assert writes == [("create media.files",), ("write media.files",), ("write media.files",)]
            held.process.kill()
            await held.process.exited(5)

    play(story())
