"""sqlite: a SQLite file in the world's own folder, held by a hook inside of the service's Python.

Placeholders: {db.path}, the file's absolute path, and {db.url}, "sqlite:///" and the path. No other file is touched.
Works with the standard library's sqlite3 and what stands on it: SQLAlchemy, aiosqlite, Django. What writes the file
past it (apsw, pysqlite3, another program, ATTACH) is told as a mistake where nothing else was seen to write.

Kills, SIGTERM, clients that go away, and requests twice and at once are tried as with a server. Lost calls and lost
replies are not: between a file and its library no message is on its way; the ledger names them as left out.
In hotfire's copies, and there only, ids count on (AUTOINCREMENT), so that no two of them are equal by chance.
`executemany` outside of a transaction is one point, though each of its rows is durable by itself.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import msgspec

from hotfire.config import Dependency
from hotfire.errors import HotfireError, UsageError
from hotfire.wire.sqlite import Dialogue
from hotfire.worlds.marks import RunDirectory
from hotfire.worlds.prepared.reuse import Reuse
from hotfire.worlds.processes import Zygote
from hotfire.worlds.proxy.border import Border, Session, Signaller
from hotfire.worlds.proxy.hooked import HookedSession
from hotfire.worlds.stores.sqlite.store import SqliteStore
from hotfire.worlds.stores.sqlite.template import make_template

_FIRST, _RANGES = 1000, 100  # the ranges of its ids lie above those of servers, and apart from another file's
_BROKEN = "disk I/O error"  # what SQLite says itself when the file cannot be reached
_BLOCKED = 0.25  # seconds: a statement that takes longer beside an open transaction waits for its lock


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """The world's file, the template that it is copied from, and the number of its ids' first range."""

    path: str
    template: str
    first: int


class SqliteGround:
    """The template of one file, for the length of a run."""

    on_shelf: ClassVar[bool] = False
    filled = True

    def __init__(self, name: str, run: RunDirectory) -> None:
        self._folder = run.path / "sqlite" / name
        self._first = _FIRST
        self._prepared = self._folder / "prepare" / f"{name}.sqlite3"
        self._template = self._folder / "template.sqlite3"

    async def make_template(self) -> None:
        """Make the folder in which `prepare` makes the file."""
        self._prepared.parent.mkdir(parents=True, mode=0o700)
        self._first += _RANGES * (sum(1 for _ in self._folder.parent.iterdir()) - 1)

    async def keep_template(self) -> None:
        """Copy what was prepared."""
        make_template(self._prepared, self._template, self._first)

    async def keep(self, reuse: Reuse, *, sealed: bool) -> None:
        """It is not on the shelf."""
        del reuse, sealed

    def grant(self, world: str) -> str:
        """The world's own file."""
        path = self._folder / world / self._prepared.name if world else self._prepared
        return msgspec.json.encode(Grant(path=str(path), template=str(self._template), first=self._first)).decode()

    async def stop(self) -> None:
        """Nothing runs; the run's directory is removed with all that is in it."""


class SqliteHolding:
    """One file and the hook in front of it."""

    embedded = True
    public = ""

    def __init__(self, name: str, grant: Grant, port: int, signal: Signaller) -> None:
        self.border = Border(name, signal)
        self.border.through = "Python's sqlite3"
        self._path = Path(grant.path)
        self._template = Path(grant.template)
        self._first = grant.first
        self._port = port
        self._store: SqliteStore | None = None
        self._listener: asyncio.Server | None = None

    @property
    def store(self) -> SqliteStore:
        """The world's file."""
        assert self._store is not None  # noqa: S101  # it is opened before it is asked
        return self._store

    @property
    def fields(self) -> Mapping[str, str]:
        """Where the file lies."""
        return {"path": str(self._path), "url": f"sqlite:///{self._path}"}

    @property
    def settings(self) -> Mapping[str, str]:
        """What the hook is told: which file lies behind which port."""
        return {f"HOTFIRE_SQLITE_{self._port}": str(self._path)}

    async def listen(self, zygote: Zygote) -> None:
        """Listen to the hook, behind the seal."""
        loop = asyncio.get_running_loop()
        self._listener = await loop.create_server(self._session, sock=await zygote.listen(self._port))

    def _session(self) -> HookedSession:
        return HookedSession(self.border, Dialogue(), _BROKEN)

    async def open(self) -> None:
        """Copy the template into the world's folder."""
        self._store = SqliteStore.open(name=self.border.dependency, path=self._path, template=self._template)

    async def imported(self) -> None:
        """Many a service makes its tables while it is imported: then they are this world's template."""
        self.store.adopt(self._first)

    async def waits_for(self, holder: Session) -> bool:
        """SQLite waits by trying again: beside a transaction that is held, a call that takes long waits for it."""
        now = asyncio.get_running_loop().time()
        sessions = [each for each in self.border.sessions if isinstance(each, HookedSession)]
        held = [each for each in sessions if each is holder] or [each for each in sessions if each.asked is None]
        waiting = [each for each in sessions if each.asked is not None and now - each.asked > _BLOCKED]
        return any(each.open for each in held) and any(each not in held for each in waiting)

    def sights(self) -> dict[str, str]:
        """The file."""
        return {"file": str(self._path)}

    def explain(self, said: str) -> HotfireError | None:
        """A failed `prepare` says itself what SQLite refused."""
        del said
        return None

    async def deafen(self) -> None:
        """Close the port."""
        self.border.cut_all()
        if self._listener:
            self._listener.close()


class Sqlite:
    """The kind `sqlite`."""

    kind: ClassVar[str] = "sqlite"
    port: ClassVar[int] = 5800

    async def begin(self, dependency: Dependency, run: RunDirectory, reuse: Reuse) -> SqliteGround:
        """Nothing is started: the library is the service's own. Raises UsageError where a server is named."""
        del reuse
        if dependency.server != Dependency(name="", kind="").server:
            raise UsageError(
                f"pyproject.toml: [tool.hotfire.dependency.{dependency.name}] names a server, and SQLite has none",
                hint="leave server out: the file lies in a folder of hotfire's, at {" + dependency.name + ".path}",
            )
        return SqliteGround(dependency.name, run)

    def says(self, dependency: Dependency) -> str:
        """Nothing worth a line."""
        del dependency
        return ""

    def hold(
        self, name: str, grant: str, port: int, run_directory: str, signal: Signaller, environment: Mapping[str, str]
    ) -> SqliteHolding:
        """One world's file."""
        del run_directory, environment
        return SqliteHolding(name, msgspec.json.decode(grant, type=Grant), port, signal)
