"""The `Store` of one world's SQLite file: a checkpoint is a copy of it, what changed is what two copies differ in."""

import contextlib
import sqlite3
from collections.abc import Collection
from pathlib import Path

from hotfire.errors import HotfireError
from hotfire.model.history import Row
from hotfire.model.store import START, Changes
from hotfire.worlds.marks import remove_tree
from hotfire.worlds.stores.sqlite import files, keys
from hotfire.worlds.stores.sqlite.difference import differences, quoted, tables
from hotfire.worlds.stores.sqlite.template import counters, make_template, move


class SqliteStore:
    """One world's file at `path`, in a folder of its own; `template` is what it begins as."""

    def __init__(self, *, name: str, path: Path, template: Path) -> None:
        self.name = name
        self.path = path
        self._template = template
        self._copies = path.parent / "kept"
        self._last = START
        self._opened: files.Stamp = ()
        self._now: files.Stamp | None = None

    @classmethod
    def open(cls, *, name: str, path: Path, template: Path) -> "SqliteStore":
        """Copy the template into the world."""
        self = cls(name=name, path=path, template=template)
        self._copies.mkdir(parents=True)
        files.put_back(template, path)
        self._opened = files.stamp(path)
        return self

    def adopt(self, first: int) -> None:
        """What was written since the beginning is what this world's START means; nobody may have the file open."""
        if files.stamp(self.path) == self._opened:
            return
        own = self._copies / "template.sqlite3"
        make_template(self.path, own, first)
        files.put_back(own, self.path)
        self._template = own

    async def close(self) -> None:
        """Remove the world's folder."""
        remove_tree(self.path.parent)

    async def checkpoint(self) -> int:
        """Copy the file. The service should be at rest."""
        self._last += 1
        files.keep(self.path, self._copy(self._last))
        return self._last

    async def restore(self, checkpoint: int) -> None:
        """Put the copy back; nobody else may have the file open."""
        kept = self._known(checkpoint)
        files.put_back(kept, self.path)
        while self._last > checkpoint:
            files.remove(self._copy(self._last))
            self._last -= 1

    async def changes(self, checkpoint: int) -> Changes:
        """Net row changes since the checkpoint. Who wrote them is told by the border: the file keeps no log."""
        before = self._known(checkpoint)
        try:
            return Changes(rows=tuple(differences(before, self._present(), self.name)), writes=())
        except sqlite3.DatabaseError as problem:
            reads = f"hotfire reads it with SQLite {sqlite3.sqlite_version}: a newer Python may read more"
            raise HotfireError(f"the file of {self.name} cannot be read: {problem}", hint=reads) from problem

    async def advance(self, prime: int) -> None:
        """Move each AUTOINCREMENT counter on by `prime`; nobody may have the file open."""
        if self.path.exists():
            with contextlib.closing(sqlite3.connect(self.path, isolation_level=None)) as connection:
                move(connection, {table: last + prime for table, last in counters(connection).items()})

    async def columns(self) -> dict[str, dict[str, str]]:
        """Give "store.table" → column → declared type."""
        with contextlib.closing(sqlite3.connect(self._present(), isolation_level=None)) as connection:
            return {
                f"{self.name}.{table}": {
                    column[1]: column[2]
                    for column in connection.execute(f"PRAGMA main.table_xinfo({quoted(table)})").fetchall()
                }
                for table in tables(connection, "main")
            }

    async def keys(self) -> dict[str, list[tuple[str, ...]]]:
        """Give table → the columns of each key."""
        with contextlib.closing(sqlite3.connect(self._present(), isolation_level=None)) as connection:
            return keys.keys(connection)

    async def held(self, table: str, column: str, like: Row, besides: Collection[str]) -> str | None:
        """Give a value that another row has in a key's column."""
        with contextlib.closing(sqlite3.connect(self._present(), isolation_level=None)) as connection:
            return keys.held(connection, table, column, like, besides)

    async def freeze(self) -> None:
        """Make this moment the one that START means; nobody may have the file open."""
        files.keep(self.path, self._copy(START))
        self._last = START

    async def thaw(self) -> None:
        """Let START mean the template's state again."""
        files.remove(self._copy(START))
        self._last = START

    def _copy(self, checkpoint: int) -> Path:
        return self._copies / f"{checkpoint}.sqlite3"

    def _known(self, checkpoint: int) -> Path:
        if checkpoint == START:
            frozen = self._copy(START)
            return frozen if frozen.exists() else self._template
        if not START < checkpoint <= self._last:
            hint = "a restore forgets later checkpoints"
            raise HotfireError(f"there is no checkpoint {checkpoint} of {self.name}", hint=hint)
        return self._copy(checkpoint)

    def _present(self) -> Path:
        """A copy of the file as it is now; the last one, while nobody has written."""
        stamp, copy = files.stamp(self.path), self._copies / "now.sqlite3"
        if self._now != stamp:
            files.keep(self.path, copy)
            self._now = stamp if files.settled(stamp) else None
        return copy
