"""The `Store` of one world's Redis: a checkpoint is all that it holds; what changed is told key by key, row by row.

A key that ends within a minute is restored as all are, and is no state: a lock with an end, a limit on requests, a code
for once. Whether it is still there is a matter of time, and what it does wrong heals by itself.

What Redis makes up itself are the ids of streams, which are of the moment. A counter that a service takes ids from is
a value like others: nobody can tell it from a count, so it is not moved on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Self

from hotfire.errors import HotfireError
from hotfire.model.history import RowChange
from hotfire.model.store import START, Changes
from hotfire.worlds.stores.redis.client import Client, Reply
from hotfire.worlds.stores.redis.contents import Contents
from hotfire.worlds.stores.redis.moment import Entry, Moment, Place
from hotfire.worlds.stores.redis.rows import Value, differences, expiry, table_of
from hotfire.worlds.stores.redis.server import RedisServer

SHORT = 65_000
"""Keys with less time to live than this (ms) are no state; a minute, and what a slow run may be late."""


class RedisStore:
    """One world's server and our connection to it; `template` is what it begins as."""

    def __init__(self, *, name: str, server: RedisServer, client: Client, template: Moment) -> None:
        self.name = name
        self._server = server
        self._client = client
        self._contents = Contents(client)
        self._template = template
        self._moments: dict[int, Moment] = {}

    @classmethod
    async def open(cls, *, name: str, server: RedisServer, template: Moment) -> Self:
        """Fill the server with the template."""
        self = cls(name=name, server=server, client=await server.connect(), template=template)
        await self._contents.put(template)
        return self

    async def adopt(self) -> None:
        """Let what is there now be what this world's START means: what an import wrote, too."""
        self._template = await self._contents.take()

    async def close(self) -> None:
        """Stop the server."""
        await self._client.close()
        await self._server.stop()

    async def checkpoint(self) -> int:
        """Remember all keys. The service should be at rest."""
        number = max(self._moments, default=START) + 1
        self._moments[number] = await self._contents.take()
        return number

    async def restore(self, checkpoint: int) -> None:
        """Bring all keys back, each with as long to live as it had; later checkpoints are forgotten."""
        moment = self._moment(checkpoint)
        self._moments = {number: each for number, each in self._moments.items() if number <= checkpoint}
        await self._contents.put(moment)

    async def changes(self, checkpoint: int) -> Changes:
        """Net row changes since. Who wrote is told by the border: the server keeps no log of it."""
        before, after = self._moment(checkpoint), await self._contents.take()
        places = sorted(place for place in {*before.entries, *after.entries} if _differs(place, before, after))
        old, new = _lasting(before, places, before), _lasting(after, places, before)
        was = _values(old, before, await self._contents.values_of(list(old.values())))
        now = _values(new, after, await self._contents.values(list(new)))
        for place in old.keys() & new.keys():  # of an end that nobody touched the word stays, however late it is
            if old[place].expires == new[place].expires:
                now[place] = replace(now[place], expires=was[place].expires)
        return Changes(rows=tuple(self._rows(places, was, now)), writes=())

    async def advance(self, prime: int) -> None:
        """Nothing: what Redis makes up (a stream's ids) is of the moment, and new in each run."""

    async def columns(self) -> dict[str, dict[str, str]]:
        """None: Redis has no types that would say more than a value's text, and tables as its keys are named."""
        return {}

    async def freeze(self) -> None:
        """Make this moment the one that START means."""
        self._moments = {START: await self._contents.take()}

    async def thaw(self) -> None:
        """Let START mean the template's state again."""
        self._moments = {}

    def _moment(self, checkpoint: int) -> Moment:
        found = self._moments.get(checkpoint, self._template if checkpoint == START else None)
        if found is None:
            hint = "a restore forgets later checkpoints"
            raise HotfireError(f"there is no checkpoint {checkpoint} of {self.name}", hint=hint)
        return found

    def _rows(self, places: Sequence[Place], was: dict[Place, Value], now: dict[Place, Value]) -> Iterator[RowChange]:
        for place in places:
            database, key = place
            for kind, before, after in differences(key, was.get(place), now.get(place)):
                table = table_of(self.name, database, kind, key)
                yield RowChange(store=self.name, table=table, before=before, after=after)


def _values(entries: dict[Place, Entry], moment: Moment, told: Sequence[tuple[str, Reply]]) -> dict[Place, Value]:
    return {
        place: Value(kind=kind, content=content, expires=expiry(_left(entry, moment)))
        for (place, entry), (kind, content) in zip(entries.items(), told, strict=True)
    }


def _left(entry: Entry, moment: Moment) -> int | None:
    return None if entry.expires is None else entry.expires - moment.at


def _differs(place: Place, before: Moment, after: Moment) -> bool:
    """Whether something has become of a key, other than that its time has come."""
    was, now = before.entries.get(place), after.entries.get(place)
    over = was is not None and was.expires is not None and was.expires <= after.at
    return was != now and not (now is None and over)


def _lasting(moment: Moment, places: Sequence[Place], before: Moment) -> dict[Place, Entry]:
    """The keys that count as state. Of an end that nobody touched since `before`, it is asked as it was then."""
    found: dict[Place, Entry] = {}
    for place in places:
        entry, known = moment.entries.get(place), before.entries.get(place)
        if entry is None:
            continue
        untouched = known is not None and known.expires == entry.expires
        left = _left(entry, before if untouched else moment)
        if left is None or left >= SHORT:
            found[place] = entry
    return found
