"""What a store asks of its database; the functions are those of `change_log.sql`."""

LOG = """
    SELECT number, operation, relation, old_place, new_place, old_row, new_row,
           transaction::text::bigint AS transaction, connection, instant
    FROM hotfire.log WHERE number > $1 ORDER BY number
"""
TABLES = """
    SELECT w.relation, n.nspname, c.relname, coalesce(a.names, '{}') AS names, coalesce(a.virtual, '{}') AS virtual
    FROM hotfire.watched w
    JOIN pg_class c ON c.oid = coalesce(pg_partition_root(w.relation), w.relation)
    JOIN pg_namespace n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL (
        SELECT array_agg(attname::text ORDER BY attnum) AS names,
               array_agg(attname::text) FILTER (WHERE attgenerated = 'v') AS virtual
        FROM pg_attribute WHERE attrelid = w.relation AND attnum > 0 AND NOT attisdropped
    ) a
"""
COLUMNS = """
    SELECT n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod) AS type
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence <> 't' AND a.attnum > 0
      AND NOT a.attisdropped AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'hotfire')
      AND n.nspname !~ '^pg_(toast|temp)'
    ORDER BY n.nspname, c.relname, a.attnum
"""
WAITING = "SELECT pid, pg_blocking_pids(pid) AS blockers FROM unnest($1::integer[]) AS w(pid)"
BUSY = "SELECT count(*) FROM pg_stat_activity WHERE pid = ANY($1::integer[]) AND state IS DISTINCT FROM 'idle'"
UNDO = "SELECT * FROM hotfire.undo($1, $2, $3, $4, $5, $6, $7, $8, $9)"
UNDO_LATEST = "SELECT * FROM hotfire.undo_latest($1, $2, $3, $4, $5, $6)"
NAMES = """
    SELECT coalesce(string_agg(format(', %I.%I', nspname, relname), ''), '')
    FROM hotfire.watched WHERE relation = ANY($1::oid[])
"""
MOVE = "SELECT setval(oid, last) FROM unnest($1::oid[], $2::bigint[]) AS m(oid, last)"
