"""Large objects as rows: they have no triggers, so what became of them is told by comparing them with a moment's.

One is a row of the table "large objects": its oid, and the digest of its content (PostgreSQL manual, chapter 35).
"""

from collections.abc import Iterable, Mapping

from hotfire.model.history import RowChange
from hotfire.worlds.stores.address import Connection
from hotfire.worlds.stores.postgres.lives import Entry

TABLE = "large objects"
STATE = "SELECT hotfire.large_objects()"
LIST = "SELECT oid::text AS oid, md5(lo_get(oid)) AS content FROM pg_largeobject_metadata"
WRITERS = "SELECT DISTINCT xmin::text::bigint AS writer FROM pg_largeobject WHERE loid::text = ANY($1::text[])"
_XIDS = 1 << 32  # a row's xmin is the low half of its transaction's number

Contents = Mapping[str, str]
"""The digest of each large object's content, by its oid."""


async def contents(connection: Connection) -> Contents:
    """All that are there now."""
    return {record["oid"]: record["content"] for record in await connection.fetch(LIST)}


def changed(store: str, before: Contents, after: Contents) -> tuple[RowChange, ...]:
    """What became of them, one change for each."""
    oids = sorted(oid for oid in before.keys() | after.keys() if before.get(oid) != after.get(oid))
    return tuple(
        RowChange(store=store, table=TABLE, before=_row(oid, before.get(oid)), after=_row(oid, after.get(oid)))
        for oid in oids
    )


async def unplaced(connection: Connection, changes: Iterable[RowChange], log: Iterable[Entry]) -> bool:
    """Whether a transaction wrote large objects and no row: then nobody can say at which point they were there."""
    oids = [change.after["oid"] for change in changes if change.after]
    writers = {record["writer"] for record in await connection.fetch(WRITERS, oids)}
    return bool(writers - {entry.transaction % _XIDS for entry in log})


def _row(oid: str, content: str | None) -> dict[str, str | None] | None:
    return None if content is None else {"oid": oid, "content": content}
