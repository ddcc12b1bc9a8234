"""The keys of a database's tables, and values that rows have in them."""

from collections.abc import Collection

import asyncpg

from hotfire.model.history import Row
from hotfire.worlds.stores.address import Connection

KEYS = r"""
    SELECT n.nspname, c.relname, i.indisprimary, array_agg(a.attname::text ORDER BY a.attnum) AS names
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE i.indisunique AND NOT c.relispartition AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'hotfire')
      AND n.nspname !~ '^pg_(toast|temp)'
      AND (a.attnum = ANY((i.indkey::smallint[])[0:i.indnkeyatts - 1])
           OR pg_get_expr(i.indexprs, i.indrelid) ~ ('\m' || regexp_replace(a.attname, '\W', '\\\&', 'g') || '\M'))
    GROUP BY i.indexrelid, i.indisprimary, n.nspname, c.relname
    ORDER BY n.nspname, c.relname, i.indisprimary DESC, names
"""
"""Unique indexes, of constraints too, the primary key's first.

Of one over an expression (`lower(email)`), the columns that it names.
"""


async def held(
    connection: Connection, schema: str, table: str, column: str, like: Row, besides: Collection[str]
) -> str | None:
    """The first value of a column that is none of `besides`, among rows like that; None where nothing can be told."""
    value = f"{_quoted(column)}::text"
    agrees = "".join(f" AND {_quoted(name)}::text = ${n}" for n, name in enumerate(like, 2))
    query = (
        f"SELECT {value} FROM {_quoted(schema)}.{_quoted(table)} "  # noqa: S608  # each name is quoted
        f"WHERE {_quoted(column)} IS NOT NULL AND {value} <> '' AND {value} <> ALL($1::text[]){agrees} "
        f"ORDER BY {_quoted(column)} LIMIT 1"
    )
    try:
        found = await connection.fetchval(query, list(besides), *like.values())
    except asyncpg.PostgresError:  # a type without an order
        return None
    return None if found is None else str(found)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
