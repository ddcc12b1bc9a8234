"""One run's use of the shelf: the server starts from what was kept, or what `prepare` left is kept for the next run.

reuse = await Reuse.look(project, say, fresh=False)
server = await reuse.start(start)                      # reuse.hit: with the template in it, nothing to prepare
await reuse.keep(server, sealed=…)                     # else, when the template is made
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from hotfire.errors import SetupError
from hotfire.worlds.prepared.copying import Torn
from hotfire.worlds.prepared.key import Key, Project, key_of
from hotfire.worlds.prepared.shelf import Shelf
from hotfire.worlds.prepared.tree import NoKey
from hotfire.worlds.stores.cluster import Fill
from hotfire.worlds.stores.process import Account
from hotfire.worlds.stores.server import Server

_IN_EACH = "prepare runs in each check: "

Say = Callable[[str], None]
Start = Callable[[Fill | None], Awaitable[Server]]


@dataclass(slots=True, kw_only=True)
class Reuse:
    """What this run may take, and what it may keep. Without a key neither."""

    project: Project
    say: Say
    shelf: Shelf | None = None
    key: Key | None = None
    entry: Path | None = None
    hit: bool = False

    @classmethod
    async def look(cls, project: Project, say: Say, *, fresh: bool) -> "Reuse":
        """Find what was kept for what is there now; `fresh` looks for nothing, and keeps anew."""
        reuse = cls(project=project, say=say)
        if project.config.service.prepare:
            await asyncio.to_thread(reuse._look, fresh)
        return reuse

    def _look(self, fresh: bool) -> None:  # noqa: FBT001  (asyncio.to_thread hands it over by its place)
        self.shelf = Shelf.open()
        if self.shelf is None:
            return
        self.key = self._key(self.shelf)
        if self.key and not fresh:
            self.entry = self.shelf.find(self.key)

    def _key(self, shelf: Shelf) -> Key | None:
        try:
            return key_of(self.project, shelf.memory(self.project.folder))
        except NoKey as reason:
            self.say(f"{_IN_EACH}{reason}")
            return None

    def not_kept(self, reason: str) -> None:
        """Say why nothing is kept for the next run, where it would have been."""
        if self.key:
            self.say(f"{_IN_EACH}{reason}")

    async def start(self, start: Start) -> Server:
        """Start the server: from the entry where there is one, and anew where that is broken."""
        if self.entry:
            try:
                server = await start(self._fill)
            except (Torn, OSError, SetupError, asyncpg.PostgresError):
                if self.shelf:
                    self.shelf.drop(self.entry)
            else:
                self.hit = True
                return server
        return await start(None)

    def _fill(self, data: Path, account: Account | None) -> None:
        if self.shelf and self.entry:
            self.shelf.take(self.entry, data, account)

    @property
    def changed(self) -> str:
        """A file that has changed since the last run's `prepare`, to be told; empty where none has."""
        return self.shelf.changed(self.key) if self.shelf and self.key and not self.entry else ""

    async def keep(self, server: Server, *, sealed: bool) -> None:
        """Keep what `prepare` left, unless it could read the network, or wrote into what it reads."""
        shelf, key = self.shelf, self.key
        if shelf is None or key is None or not sealed:
            return
        now = await asyncio.to_thread(self._key, shelf)
        if now is None:
            return
        if now.digest != key.digest:
            changed = min((name for name, _ in now.files.items() ^ key.files.items()), default="what it reads")
            self.say(f"what prepare left is not kept: {changed} changed while it ran")
            return

        def put(data: Path, base: Path) -> None:
            try:
                shelf.keep(key, data, base)
            except OSError as error:
                self.say(f"what prepare left is not kept: {error.strerror}")

        await server.rest(put)
