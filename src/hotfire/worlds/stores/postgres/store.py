"""A world's database: checkpoints, undo, and what changed, over one superuser connection of ours."""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

import asyncpg

from hotfire.errors import HotfireError
from hotfire.model.history import Row
from hotfire.model.store import START, Changes, CheckpointLost
from hotfire.worlds.stores.address import Connection, leave
from hotfire.worlds.stores.postgres import keys, large_objects
from hotfire.worlds.stores.postgres.lives import Entry, Spot, lives
from hotfire.worlds.stores.postgres.queries import BUSY, COLUMNS, LOG, MOVE, NAMES, TABLES, UNDO, UNDO_LATEST, WAITING
from hotfire.worlds.stores.postgres.rows import Fate, Passage, Whereabouts, joined, repair
from hotfire.worlds.stores.postgres.sequences import advanced
from hotfire.worlds.stores.postgres.session import SETTINGS
from hotfire.worlds.stores.postgres.telling import Table, told
from hotfire.worlds.stores.postgres.template import read_sequences
from hotfire.worlds.stores.server import Server

_UNPLACED = "a transaction wrote large objects of {} and no row: nobody can say where it ended"
VACUUM_EVERY = 250  # restores; each leaves dead rows behind, which make the next slower


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What a checkpoint remembers: the log's end, where the sequences stood, and the large objects."""

    number: int
    sequences: tuple[int, ...]
    lasts: tuple[int, ...]
    calleds: tuple[bool, ...]
    objects: str
    contents: large_objects.Contents = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """From the checkpoint before to this one: the moment of its end, its log, and what became of its rows."""

    checkpoint: int
    moment: Moment
    log: Sequence[Entry] = ()
    fates: Sequence[Fate] = ()


class PostgresStore:
    """The `Store` of one world's database. `reclones` counts how often undo was not enough, `reason` says why last."""

    def __init__(self, *, name: str, database: str, template: str, server: Server) -> None:
        self.name = name
        self.database = database
        self.reclones = 0
        self.reason = ""
        self._template = template
        self._kept = ""
        self._server = server
        self._turn = asyncio.Lock()
        self._past: list[Stretch] = []
        self._whereabouts = Whereabouts()
        self._tables: dict[int, Table] = {}
        self._restores = 0
        self._touched: set[int] = set()

    @classmethod
    async def open(cls, *, name: str, database: str, template: str, server: Server) -> Self:
        """Copy the template into a database for one world, and connect to it."""
        self = cls(name=name, database=database, template=template, server=server)
        await server.create_database(database, template=template)
        await self._connect()
        return self

    async def _connect(self) -> None:
        self._connection: Connection = await self._server.superuser.connect(self.database, SETTINGS)
        self._tables = {}
        self._touched = set()
        self._whereabouts = Whereabouts()
        self._past = [Stretch(checkpoint=START, moment=await self._moment())]

    async def close(self) -> None:
        """Disconnect, and drop the database."""
        await leave(self._connection)
        await self._drop_kept()
        await self._server.drop_database(self.database)

    # the Store protocol

    async def checkpoint(self) -> int:
        """Remember this moment. The service should be at rest."""
        async with self._turn:
            number = self._past[-1].checkpoint + 1
            moment = await self._moment()
            log, passage = await self._since(moment.number)
            self._past.append(Stretch(checkpoint=number, moment=moment, log=log, fates=passage.fates))
            self._whereabouts.pass_to(passage.spots, passage.numbered)
            return number

    async def restore(self, checkpoint: int) -> None:
        """Undo all since the checkpoint; nobody else may be connected. Raises CheckpointLost where it cannot be undone.

        After DDL, a REFRESH or a write to a large object the database is copied from the template anew: only
        checkpoints before the first write survive that.
        """
        async with self._turn:
            later = self._after(checkpoint)
            if not later and await self._undo_latest(self._past[-1].moment):
                return
            log, passage = await self._since()
            kept = self._past[: len(self._past) - len(later)]
            fates = joined([*(stretch.fates for stretch in later), passage.fates])
            log = [*(entry for stretch in later for entry in stretch.log), *log]
            reason = _ddl(log) or await self._undo(kept[-1].moment, len(log), fates, passage)
            self._past = kept
            if reason:
                await self._recover(reason)

    async def changes(self, checkpoint: int) -> Changes:
        """Net row changes and each write since the checkpoint. Columns are told in the server's own text."""
        async with self._turn:
            later = self._after(checkpoint)
            log, passage = await self._since()
            fates = joined([*(stretch.fates for stretch in later), passage.fates])
            log = [*(entry for stretch in later for entry in stretch.log), *log]
            changes = told(fates, log, await self._known(log), self.name)
            return await self._with_large_objects(changes, log, self._at(checkpoint))

    async def advance(self, prime: int) -> None:
        """Move each sequence on by `prime` steps (fewer where a small type has little room)."""
        async with self._turn:
            sequences = await read_sequences(self._connection)
            lasts = [advanced(sequence, prime) for sequence in sequences]
            await self._connection.execute(MOVE, [sequence.oid for sequence in sequences], lasts)

    async def columns(self) -> dict[str, dict[str, str]]:
        """Give "store.table" → column → type name."""
        async with self._turn:
            records = await self._connection.fetch(COLUMNS)
        found: dict[str, dict[str, str]] = {}
        for record in records:
            table = f"{self.name}.{_told(record['nspname'], record['relname'])}"
            found.setdefault(table, {})[record["attname"]] = record["type"]
        return found

    async def keys(self) -> dict[str, list[tuple[str, ...]]]:
        """Give table → the columns of each key."""
        async with self._turn:
            records = await self._connection.fetch(keys.KEYS)
        found: dict[str, list[tuple[str, ...]]] = {}
        for record in records:
            own = found.setdefault(_told(record["nspname"], record["relname"]), [] if record["indisprimary"] else [()])
            own.append(tuple(record["names"]))
        return found

    async def held(self, table: str, column: str, like: Row, besides: Collection[str]) -> str | None:
        """Give a value that another row has in a key's column."""
        schema, dot, name = table.partition(".")
        async with self._turn:
            where = (schema, name) if dot else ("public", table)
            return await keys.held(self._connection, *where, column, like, besides)

    # what the border asks

    async def blocked_by(self, waiting: Iterable[int]) -> dict[int, list[int]]:
        """Which connections (server pids) each of `waiting` waits for; those that wait for nobody are left out."""
        async with self._turn:
            records = await self._connection.fetch(WAITING, list(waiting))
        return {record["pid"]: list(record["blockers"]) for record in records if record["blockers"]}

    async def settled(self, pids: Iterable[int]) -> bool:
        """Whether none of these backends is in a statement or a transaction; one that is gone is settled."""
        async with self._turn:
            return not await self._connection.fetchval(BUSY, list(pids))

    async def digest(self) -> str:
        """All rows, sequences and large objects as one number; reads every table."""
        async with self._turn:
            return str(await self._connection.fetchval("SELECT hotfire.digest()"))

    async def reclone(self) -> None:
        """Copy the template anew, dropping whoever is connected; checkpoints other than START are forgotten."""
        await leave(self._connection)
        await self._server.drop_database(self.database)
        await self._server.create_database(self.database, template=self._kept or self._template)
        await self._connect()
        self.reclones += 1

    async def freeze(self) -> None:
        """Make this moment the one that START means; whoever is connected must have gone.

        For a step behind which undo is not enough: its checkpoint becomes a template of its own.
        """
        await leave(self._connection)
        await self._drop_kept()
        self._kept = f"{self.database}_kept"
        await self._server.create_database(self._kept, template=self.database)
        await self._connect()

    async def thaw(self) -> None:
        """Let START mean the template's state again."""
        if self._kept:
            await self._drop_kept()
            await self.reclone()

    async def _drop_kept(self) -> None:
        if self._kept:
            await self._server.drop_database(self._kept)
            self._kept = ""

    # the work

    async def _moment(self) -> Moment:
        record = await self._connection.fetchrow("SELECT * FROM hotfire.moment()")
        if record is None:
            raise HotfireError("the change log does not answer", hint="report this: hotfire.moment() gave no row")
        return Moment(
            number=record["number"],
            sequences=tuple(record["sequences"]),
            lasts=tuple(record["lasts"]),
            calleds=tuple(record["calleds"]),
            objects=record["objects"],
            contents=await large_objects.contents(self._connection) if record["objects"] else {},
        )

    async def _since(self, last: int | None = None) -> tuple[list[Entry], Passage]:
        """The log since the last checkpoint (up to line `last`), and what it amounts to."""
        records = await self._connection.fetch(LOG, self._past[-1].moment.number)
        log = [Entry(**record) for record in records if last is None or record["number"] <= last]
        return log, self._whereabouts.passage(lives(log))

    def _at(self, checkpoint: int) -> Moment:
        return next(stretch.moment for stretch in self._past if stretch.checkpoint == checkpoint)

    async def _with_large_objects(self, changes: Changes, log: Sequence[Entry], since: Moment) -> Changes:
        """Add what became of large objects, where any was written."""
        if await self._connection.fetchval(large_objects.STATE) == since.objects:
            return changes
        now = await large_objects.contents(self._connection)
        found = large_objects.changed(self.name, since.contents, now)
        told_rows = tuple(sorted((*changes.rows, *found), key=lambda change: change.table))
        unplaced = await large_objects.unplaced(self._connection, found, log)
        return replace(changes, rows=told_rows, unplaced=_UNPLACED.format(self.name) if unplaced else "")

    def _after(self, checkpoint: int) -> list[Stretch]:
        if not any(stretch.checkpoint == checkpoint for stretch in self._past):
            hint = "a restore forgets later checkpoints, a copy of the template all but those before the first write"
            raise HotfireError(f"there is no checkpoint {checkpoint} of {self.database}", hint=hint)
        return [stretch for stretch in self._past if stretch.checkpoint > checkpoint]

    async def _known(self, log: list[Entry]) -> dict[int, Table]:
        if any(entry.operation == "ddl" or entry.relation not in self._tables for entry in log):
            records = await self._connection.fetch(TABLES)
            self._tables = {record["relation"]: _table(record) for record in records}
        return self._tables

    async def _undo_latest(self, moment: Moment) -> bool:
        """Go back to the last checkpoint without a look at the log; False, with nothing done, where it takes one."""
        known = self._whereabouts
        where = (moment.sequences, moment.lasts, moment.calleds, moment.objects)
        record = await self._ask_undo(UNDO_LATEST, moment.number, *where, bool(known.rows))
        if isinstance(record, str):
            return False
        if record["relations"]:
            known.move(record["relations"], record["places"], record["lie"])
        await self._tidy(record["written"] or ())
        return True

    async def _undo(self, moment: Moment, lines_known: int, fates: Sequence[Fate], passage: Passage) -> str:
        """Go back to a moment; gives the reason where the log does not tell enough."""
        spots = self._whereabouts.spots | {row: spot for row, spot in passage.spots.items() if spot}
        lines = repair(fates, spots)
        what = (lines.relations, lines.places, lines.images)
        where = (moment.sequences, moment.lasts, moment.calleds, moment.objects)
        record = await self._ask_undo(UNDO, moment.number, lines_known, *what, *where)
        if isinstance(record, str) or record["reason"]:
            return record if isinstance(record, str) else str(record["reason"])
        now: dict[int, Spot | None] = dict(passage.spots) | dict.fromkeys(lines.rows)
        for line, place in zip(record["lines"], record["lie"], strict=True):
            now[lines.rows[line - 1]] = (lines.relations[line - 1], place)
        self._whereabouts.pass_to(now, passage.numbered)
        await self._tidy(lines.relations)
        return ""

    async def _ask_undo(self, query: str, *arguments: object) -> asyncpg.Record | str:
        """What the server says of an undo, or why it does none."""
        try:
            return await self._connection.fetchrow(query, *arguments) or "no answer"
        except asyncpg.LockNotAvailableError as error:
            hint = "stop the service, and wait for its connections' end, before a restore"
            raise HotfireError(f"somebody still holds locks in {self.database}", hint=hint) from error
        except asyncpg.PostgresError as error:
            return str(error)

    async def _tidy(self, relations: Iterable[int]) -> None:
        """Clear away dead rows, once in many restores."""
        self._touched.update(relations)
        self._restores += 1
        if self._restores % VACUUM_EVERY == 0:
            names = await self._connection.fetchval(NAMES, list(self._touched))
            await self._connection.execute(f"VACUUM hotfire.log{names}")
            self._touched.clear()

    async def _recover(self, reason: str) -> None:
        """Copy the template anew. The checkpoints before the first write are its state, but for the sequences."""
        self.reason = reason
        wanted, start = self._past[-1], self._past[0].moment
        kept = [stretch for stretch in self._past if _same_rows(stretch.moment, start)]
        await self.reclone()
        self._past = kept
        if not _same_rows(wanted.moment, start):
            hint = "play the critical path forward from its start"
            lost = f"checkpoint {wanted.checkpoint} of {self.database}"
            raise CheckpointLost(f"{lost} could not be undone: {reason}", hint=hint)
        await self._undo(wanted.moment, 0, (), Passage(fates=(), spots={}, numbered=0))


def _same_rows(moment: Moment, other: Moment) -> bool:
    return (moment.number, moment.objects) == (other.number, other.objects)


def _ddl(log: Iterable[Entry]) -> str:
    return next((entry.new_row or "DDL" for entry in log if entry.operation == "ddl"), "")


def _told(schema: str, table: str) -> str:
    return table if schema == "public" else f"{schema}.{table}"


def _table(record: asyncpg.Record) -> Table:
    name = _told(record["nspname"], record["relname"])
    return Table(name=name, columns=tuple(record["names"]), virtual=frozenset(record["virtual"]))
