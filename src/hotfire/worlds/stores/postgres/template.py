"""The template that each world's database is copied from: the user's prepared state, with our change log in it."""

from importlib.resources import files

from hotfire.worlds.stores.address import Connection
from hotfire.worlds.stores.postgres.sequences import Sequence, spread
from hotfire.worlds.stores.postgres.session import SETTINGS
from hotfire.worlds.stores.server import Server

CHANGE_LOG = "change_log.sql"
SEQUENCES = """
    SELECT m.seqrelid AS oid, format('%I.%I', m.nspname, m.relname) AS name, s.last, m.seqincrement AS increment,
           m.seqmin AS least, s.called, m.seqcycle AS cycle,
           least(m.seqmax, (
               SELECT min(CASE a.atttypid WHEN 'smallint'::regtype THEN 32767 WHEN 'integer'::regtype THEN 2147483647
                          ELSE m.seqmax END)
               FROM pg_depend d
               LEFT JOIN pg_attrdef f ON d.classid = 'pg_attrdef'::regclass AND f.oid = d.objid
               JOIN pg_attribute a ON (a.attrelid, a.attnum) = (f.adrelid, f.adnum)
                   OR (d.classid = 'pg_class'::regclass AND d.objid = m.seqrelid AND d.deptype IN ('a', 'i')
                       AND (a.attrelid, a.attnum) = (d.refobjid, d.refobjsubid))
               WHERE (d.refclassid, d.refobjid) = ('pg_class'::regclass, m.seqrelid) OR d.objid = m.seqrelid
           )) AS "limit"
    FROM hotfire.moving m JOIN hotfire.sequences() s ON s.sequence = m.seqrelid
    ORDER BY name
"""


async def prepare_template(server: Server, database: str, first: int = 1) -> None:
    """Make a database, in which the user's `prepare` has run, a template: change log, sequences apart, statistics.

    Nobody may be connected to it afterwards. `first` is the number of its sequences' first range.
    """
    connection = await server.superuser.connect(database, {**SETTINGS, "lock_timeout": "30s"})
    try:
        text = files(__package__ or "").joinpath(CHANGE_LOG).read_text(encoding="utf-8")
        await connection.execute(f"BEGIN;{text};COMMIT")
        moved = spread(await read_sequences(connection), first)
        await connection.execute(
            "SELECT setval(oid, last) FROM unnest($1::oid[], $2::bigint[]) AS m(oid, last)",
            list(moved),
            list(moved.values()),
        )
        await connection.execute("VACUUM (ANALYZE)")  # what a copy's first readers would have to do each time
    finally:
        await connection.close()


async def read_sequences(connection: Connection) -> list[Sequence]:
    """Each sequence of a prepared database, in the order of the names."""
    return [
        Sequence(
            oid=record["oid"],
            name=record["name"],
            last=record["last"],
            increment=record["increment"],
            least=record["least"],
            limit=record["limit"],
        )
        for record in await connection.fetch(SEQUENCES)
    ]
