"""A service on a SQLite file dies exactly where the border says, in each Python that is here and both journals."""

import asyncio
import contextlib
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from hotfire.model.perturbation import Script
from hotfire.model.store import START
from hotfire.perturbations.at_once import AtOnce
from hotfire.perturbations.kill import Kill
from hotfire.perturbations.none import Undisturbed
from hotfire.wire.files import Dialogue
from hotfire.worlds.dependencies.sqlite import Grant, SqliteHolding
from hotfire.worlds.processes import ServiceProcess, Zygote
from hotfire.worlds.proxy.border import Border
from hotfire.worlds.proxy.hooked import HookedSession
from hotfire.worlds.stores.sqlite.template import make_template
from tests.worlds.zygote.bench import get, launched, play, started, write
from tests.worlds.zygote.test_old_python import pythons

PORT = 5800
THREADS = str(Path(sys.base_prefix) / "bin" / "python3")  # without other packages: wsgiref serves a thread a request
INSERT = "INSERT INTO notes (text) VALUES (…)"
SERVICE = """
    import os, sqlite3

    def app(environ, start_response):
        connection = sqlite3.connect(os.environ["DB"])
        with connection:
            if environ["PATH_INFO"] == "/first":
                connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO notes (text) VALUES (?)", (environ["PATH_INFO"],))
        connection.close()
        start_response("201 Created", [("Content-Type", "text/plain"), ("Content-Length", "4")])
        return [b"kept"]
"""


@dataclass
class Scene:
    """The service, its file, and what signals do."""

    zygote: Zygote
    holding: SqliteHolding
    process: ServiceProcess

    async def state(self) -> list[str | None]:
        changes = await self.holding.store.changes(START)
        return [row.after["text"] for row in changes.rows if row.after]

    def arm(self, script: Script) -> None:
        self.holding.border.arm(script, asyncio.get_running_loop().time())


@contextlib.asynccontextmanager
async def scene(folder: Path, journal: str, python: str) -> AsyncIterator[Scene]:
    write(folder, SERVICE)
    with contextlib.closing(sqlite3.connect(folder / "prepared.sqlite3")) as connection:
        connection.execute(f"PRAGMA journal_mode = {journal}")
        connection.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)")
    make_template(folder / "prepared.sqlite3", folder / "template.sqlite3")
    file = folder / "w0" / "db.sqlite3"
    grant = Grant(path=str(file), template=str(folder / "template.sqlite3"), first=1)
    holding = SqliteHolding("db", grant, PORT, lambda name: processes[-1].kill() if name == "SIGKILL" else None)
    processes: list[ServiceProcess] = []
    async with launched(folder, {"DB": str(file), **holding.settings}, python=python) as zygote:
        await holding.listen(zygote)
        await holding.open()
        assert not (await zygote.import_app("service:app")).cold
        processes.append(await started(zygote))
        try:
            yield Scene(zygote=zygote, holding=holding, process=processes[-1])
        finally:
            await holding.deafen()


@pytest.mark.parametrize("journal", ["delete", "wal"])
@pytest.mark.parametrize(("when", "left"), [("before", []), ("after", ["/a"])])
@pytest.mark.parametrize("python", pythons(), ids=lambda path: Path(path).parts[-3])
def test_killed_at_the_commit(tmp_path: Path, python: str, when: str, left: list[str], journal: str) -> None:
    async def story() -> None:
        async with scene(tmp_path, journal, python) as held:
            held.arm(Script.of(Kill(dependency="db", signature=f"{INSERT}; COMMIT", when=when)))  # type: ignore[arg-type]
            assert await get(held.zygote, "/a") == ""
            assert await held.process.exited(5) == -signal.SIGKILL
            assert await held.holding.border.drained(5)
            assert await held.state() == left
            held.arm(Script.of(Undisturbed()))
            again = await started(held.zygote)
            assert await get(held.zygote, "/b") == "kept"
            assert await again.quiet(2) == ()
            assert await held.state() == [*left, "/b"]
            again.kill()
            await again.exited(5)
            assert await held.holding.border.drained(5)
            await held.holding.store.restore(START)
            assert await held.state() == []

    play(story())


@pytest.mark.parametrize("journal", ["delete", "wal"])
def test_who_waits_for_whom_is_seen_before_the_librarys_time_out(tmp_path: Path, journal: str) -> None:
    async def story() -> None:
        async with scene(tmp_path, journal, THREADS) as held, asyncio.TaskGroup() as tasks:
            held.arm(Script.of(AtOnce(dependency="db", signature=f"BEGIN IMMEDIATE; {INSERT}")))
            first = tasks.create_task(get(held.zygote, "/first"))
            assert held.holding.border.window is not None
            await held.holding.border.window.held.wait()
            holder = held.holding.border.window.holding
            assert holder is not None
            second = tasks.create_task(get(held.zygote, "/second"))
            while not await held.holding.waits_for(holder):
                done, _ = await asyncio.wait([first, second], timeout=0.01)
                assert not done
            elsewhere = HookedSession(Border("media", lambda _: None), Dialogue("media.files"), "")
            assert await held.holding.waits_for(elsewhere)  # it may be a file of the first that is held
            held.holding.border.release()
            assert [await first, await second] == ["kept", "kept"]
            assert await held.process.quiet(2) == ()
            assert await held.state() == ["/first", "/second"]

    play(story())
