"""What a server holds, taken and put back: only keys that differ are written, and each has as long to live as it had.

Times are the world's own: a clock that goes back whenever the contents do. So a key that had a minute left at a moment
has a minute left each time that the moment is brought back, however long ago it was.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from hotfire.worlds.stores.redis.client import Client, Command, Reply, facts_of
from hotfire.worlds.stores.redis.moment import Entry, Moment, Place
from hotfire.worlds.stores.redis.rows import READS, text
from hotfire.worlds.stores.redis.server import DATABASES

_SCAN = 5_000  # keys a round
_SOON = 1_000  # ms: what ends so soon may be gone when we write
_FOOTER = 10  # bytes: the version and a checksum


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What INFO tells: databases with keys in them, a count of all changes ever made, and of scripts."""

    databases: tuple[int, ...]
    changes: str
    scripts: int


class Contents:
    """All databases of one server, over one connection of ours. The service should be at rest."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._lag = 0  # ms that the world's clock is behind
        self._known: tuple[str, Moment] | None = None  # the last look, and the count of changes at it

    async def take(self) -> Moment:
        """All that there is now."""
        facts, now = await self._look()
        if self._known and self._known[0] == facts.changes:
            return replace(self._known[1], at=now, scripts=facts.scripts)
        places = [place for database in facts.databases for place in await self._keys(database)]
        moment = Moment(
            at=now,
            entries=await self._entries(places),
            functions=_libraries(await self._client.ask("FUNCTION", "DUMP")),
            scripts=facts.scripts,
        )
        self._known = (facts.changes, moment)
        return moment

    async def put(self, moment: Moment) -> None:
        """Bring all back to that moment, and the world's clock with it."""
        present = await self.take()
        self._lag += present.at - moment.at
        differing = [place for place, entry in moment.entries.items() if present.entries.get(place) != entry]
        gone = [place for place in present.entries if place not in moment.entries]
        # a key with an end has the same one in the world's time, and so another one in the server's
        ending = [place for place, entry in moment.entries.items() if entry.expires is not None]
        await self._each(gone, lambda place: ("DEL", place[1]))
        await self._each({*differing, *ending}, lambda place: self._restored(place, moment, present))
        if present.functions != moment.functions:
            restored = ("RESTORE", moment.functions, "FLUSH") if moment.functions else ("FLUSH",)
            await self._client.ask("FUNCTION", *restored)
        if present.scripts and not moment.scripts:
            await self._client.ask("SCRIPT", "FLUSH")
        # the server may keep what it was given in another form than the one that it gave
        moment.entries.update(await self._entries(differing))
        self._known = ((await self._look())[0].changes, moment)

    def _restored(self, place: Place, moment: Moment, present: Moment) -> Command:
        key, entry, now = place[1], moment.entries[place], present.entries.get(place)
        ends = 0 if entry.expires is None else entry.expires + self._lag
        there = now is not None and (now.expires is None or now.expires > present.at + _SOON)
        if now and there and now.dump == entry.dump:
            return ("PEXPIREAT", key, ends) if ends else ("PERSIST", key)
        return ("RESTORE", key, ends, entry.dump, "REPLACE", "ABSTTL")

    async def values(self, places: Sequence[Place]) -> list[tuple[str, Reply]]:
        """What these keys hold: the type, and what its command of READS answers."""
        kinds = [text(kind) for kind in await self._each(places, lambda place: ("TYPE", place[1]))]
        reads = dict(zip(places, kinds, strict=True))
        return list(zip(kinds, await self._each(places, lambda place: _read(place[1], reads[place])), strict=True))

    async def values_of(self, entries: Sequence[Entry]) -> list[tuple[str, Reply]]:
        """What these entries hold: they are unfolded in a database that the service does not have."""
        places = [(DATABASES, b"%d" % number) for number in range(len(entries))]
        dumps = dict(zip(places, entries, strict=True))
        await self._each(places, lambda place: ("RESTORE", place[1], 0, dumps[place].dump))
        values = await self.values(places)
        await self._client.ask_all([("SELECT", DATABASES), ("FLUSHDB",)])
        if self._known:  # our own changes are none
            self._known = ((await self._look())[0].changes, self._known[1])
        return values

    async def _look(self) -> tuple[Facts, int]:
        told, time = await self._client.ask_all([("INFO", "keyspace", "persistence", "memory"), ("TIME",)])
        lines = facts_of(told)
        seconds, micros = (int(text(part)) for part in (time if isinstance(time, list) else ()))
        facts = Facts(
            databases=tuple(int(name[2:]) for name in lines if name.startswith("db") and name[2:].isdigit()),
            changes=lines["rdb_changes_since_last_save"],
            scripts=int(lines["number_of_cached_scripts"]),
        )
        return facts, seconds * 1000 + micros // 1000 - self._lag

    async def _keys(self, database: int) -> list[Place]:
        await self._client.ask("SELECT", database)
        found: dict[Place, None] = {}
        cursor: Reply = b""
        while cursor != b"0":
            told = await self._client.ask("SCAN", text(cursor or b"0"), "COUNT", _SCAN)
            cursor, keys = told if isinstance(told, list) else (b"0", [])
            found |= {
                (database, key): None for key in (keys if isinstance(keys, list) else []) if isinstance(key, bytes)
            }
        return list(found)

    async def _entries(self, places: Sequence[Place]) -> dict[Place, Entry]:
        dumps = await self._each(places, lambda place: ("DUMP", place[1]))
        ends = await self._each(places, lambda place: ("PEXPIRETIME", place[1]))
        return {
            place: Entry(dump, None if end < 0 else end - self._lag)
            for place, dump, end in zip(places, dumps, ends, strict=True)
            if isinstance(dump, bytes) and isinstance(end, int)
        }

    async def _each(self, places: Iterable[Place], command: Callable[[Place], Command]) -> list[Reply]:
        """One command for each key, in the key's own database; its reply."""
        commands: list[Command] = []
        wanted: list[int] = []
        selected = -1
        for place in places:
            if place[0] != selected:
                selected = place[0]
                commands.append(("SELECT", selected))
            wanted.append(len(commands))
            commands.append(command(place))
        replies = await self._client.ask_all(commands)
        return [replies[number] for number in wanted]


def _read(key: bytes, kind: str) -> Command:
    """The command that tells a value; one of a type that we do not know (a module's) is told in the server's form."""
    name, rest = READS.get(kind, ("DUMP", ()))
    return (name, "STREAM", key, *rest) if kind == "stream" else (name, key, *rest)


def _libraries(dump: Reply) -> bytes:
    """FUNCTION DUMP's payload; nothing where it holds none, but only its own end."""
    return dump if isinstance(dump, bytes) and len(dump) > _FOOTER else b""
