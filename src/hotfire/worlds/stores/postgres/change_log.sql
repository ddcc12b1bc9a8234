-- The change log: what a world's writes did to each row, so that they can be undone and told.
-- Runs once in a template, as superuser. The connection has search_path = pg_catalog, so nothing of the user's is found
-- by a bare name. Our own connections set session_replication_role = 'replica' and hotfire.quiet = 'on' when they begin:
-- no row that they write is logged, and no DDL.

CREATE SCHEMA hotfire;

CREATE UNLOGGED TABLE hotfire.log (
    number bigint GENERATED ALWAYS AS IDENTITY (CACHE 1) PRIMARY KEY,
    operation text NOT NULL,          -- insert | update | delete; emptied: a row that TRUNCATE took; truncate; ddl
    relation oid NOT NULL,
    old_place tid,
    new_place tid,
    old_row text,
    new_row text,
    transaction xid8 NOT NULL DEFAULT pg_current_xact_id(),
    connection integer NOT NULL DEFAULT pg_backend_pid(),
    instant double precision NOT NULL DEFAULT extract(epoch FROM clock_timestamp())
);

-- A row's text must read back as the same row whatever the service's session has set, and be the same in every session.
CREATE FUNCTION hotfire.log_row() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog SET datestyle = 'ISO, MDY' SET intervalstyle = 'postgres' SET timezone = 'UTC'
    SET extra_float_digits = 1 SET bytea_output = 'hex' SET lc_monetary = 'C'
AS $$
BEGIN
    IF tg_op = 'INSERT' THEN
        INSERT INTO hotfire.log (operation, relation, new_place, new_row)
        VALUES ('insert', tg_relid, new.ctid, new::text);
    ELSIF tg_op = 'UPDATE' THEN
        INSERT INTO hotfire.log (operation, relation, old_place, new_place, old_row, new_row)
        VALUES ('update', tg_relid, old.ctid, new.ctid, old::text, new::text);
    ELSE
        INSERT INTO hotfire.log (operation, relation, old_place, old_row)
        VALUES ('delete', tg_relid, old.ctid, old::text);
    END IF;
    RETURN NULL;
END $$;

-- TRUNCATE fires this on each table that it empties, cascades and partitions too. The closing line tells that places
-- before it and after it are not the same.
CREATE FUNCTION hotfire.log_truncate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog SET datestyle = 'ISO, MDY' SET intervalstyle = 'postgres' SET timezone = 'UTC'
    SET extra_float_digits = 1 SET bytea_output = 'hex' SET lc_monetary = 'C'
AS $$
BEGIN
    EXECUTE format(
        'INSERT INTO hotfire.log (operation, relation, old_place, old_row)
         SELECT ''emptied'', %s, t.ctid, t::text FROM ONLY %I.%I t', tg_relid, tg_table_schema, tg_table_name);
    INSERT INTO hotfire.log (operation, relation) VALUES ('truncate', tg_relid);
    RETURN NULL;
END $$;

-- Tables whose rows are ours to watch: ordinary ones and leaf partitions.
CREATE VIEW hotfire.watched AS
    SELECT c.oid AS relation, n.nspname, c.relname
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND c.relpersistence <> 't'
      AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'hotfire') AND n.nspname !~ '^pg_(toast|temp)';

-- One function a table, so that its plans are kept: deletes what is left at `news`, inserts those of `images` that did not
-- lie there (at `olds`, in the same order; null: nowhere), tells where these lie now. The rows left are as many as were
-- born less those of them that died; else a place was given away twice, or rows have moved unseen.
CREATE FUNCTION hotfire.write_undo(target oid) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    name text := (SELECT format('%I.%I', nspname, relname) FROM hotfire.watched WHERE relation = target);
    names text;
    fields text;
BEGIN
    SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum),
           string_agg('(r.row).' || quote_ident(attname), ', ' ORDER BY attnum)
    INTO names, fields
    FROM pg_attribute WHERE attrelid = target AND attnum > 0 AND NOT attisdropped AND attgenerated = '';
    EXECUTE format(
        'CREATE OR REPLACE FUNCTION hotfire.undo_%s(olds tid[], news tid[], images text[]) RETURNS tid[]
         LANGUAGE plpgsql AS $undo$
         DECLARE left_over bigint := 0; places tid[];
         BEGIN
             IF news IS NOT NULL THEN
                 DELETE FROM ONLY %s WHERE ctid = ANY (news);
                 GET DIAGNOSTICS left_over = ROW_COUNT;
             END IF;
             IF images IS NOT NULL THEN
                 WITH back AS (
                     INSERT INTO %s %s SELECT %s
                     FROM (SELECT image::%s AS row FROM unnest(images, olds) AS u(image, old)
                           WHERE (old = ANY (news)) IS NOT TRUE OFFSET 0) AS r
                     RETURNING ctid
                 ) SELECT array_agg(ctid) INTO places FROM back;
             END IF;
             IF left_over <> coalesce(cardinality(news), 0)
                             - coalesce(cardinality(images), 0) + coalesce(cardinality(places), 0) THEN
                 RAISE EXCEPTION ''%% of %% changed rows are where the change log saw them'',
                     left_over, cardinality(news);
             END IF;
             RETURN places;
         END $undo$',
        target, name, name,
        CASE WHEN names IS NULL THEN '' ELSE format('(%s) OVERRIDING SYSTEM VALUE', names) END,
        coalesce(fields, ''), name);
END $$;

-- Which of those functions is a table's: a tree of comparisons, whose plans are kept too, as those of EXECUTE are not.
CREATE FUNCTION hotfire.branch(tables oid[]) RETURNS text LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    half integer := cardinality(tables) / 2;
BEGIN
    IF half = 0 THEN
        RETURN coalesce(format('RETURN hotfire.undo_%s(olds, news, images);', tables[1]), 'RETURN NULL;');
    END IF;
    RETURN format('IF target <= %s::oid THEN %s ELSE %s END IF;', tables[half],
                  hotfire.branch(tables[:half]), hotfire.branch(tables[half + 1:]));
END $$;

CREATE FUNCTION hotfire.write_branches() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    EXECUTE format(
        'CREATE OR REPLACE FUNCTION hotfire.undo_table(target oid, olds tid[], news tid[], images text[])
         RETURNS tid[] LANGUAGE plpgsql AS $undo$ BEGIN %s END $undo$',
        (SELECT hotfire.branch(array_agg(relation ORDER BY relation)) FROM hotfire.watched));
END $$;

-- Where every sequence stands. Written anew when sequences come and go.
CREATE FUNCTION hotfire.write_sequences() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    body text;
BEGIN
    IF current_setting('server_version_num')::integer >= 180000 THEN
        SELECT format('SELECT s, d.last_value, d.is_called FROM unnest(%L::oid[]) AS s, pg_get_sequence_data(s) AS d',
                      coalesce(array_agg(seqrelid ORDER BY seqrelid), '{}'))
        INTO body FROM hotfire.moving;
    ELSE
        SELECT coalesce(
            string_agg(format('SELECT %s::oid, last_value, is_called FROM %I.%I', seqrelid, nspname, relname),
                       ' UNION ALL ' ORDER BY seqrelid),
            'SELECT 0::oid, 0::bigint, false WHERE false')
        INTO body FROM hotfire.moving;
    END IF;
    EXECUTE format(
        'CREATE OR REPLACE FUNCTION hotfire.sequences(OUT sequence oid, OUT last bigint, OUT called boolean)
         RETURNS SETOF record LANGUAGE plpgsql AS $f$ BEGIN RETURN QUERY %s; END $f$', body);
END $$;

CREATE VIEW hotfire.moving AS
    SELECT s.seqrelid, n.nspname, c.relname, s.seqtypid, s.seqincrement, s.seqmin, s.seqmax, s.seqcycle
    FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relpersistence <> 't' AND n.nspname <> 'hotfire';

-- Watch every table that is not watched yet, and those of `anew` again. The triggers are plain ones, which do not fire
-- where session_replication_role is 'replica': ours is, and the service's plain role may not set it. A WHEN clause
-- instead would be parsed again in each statement, the service's too.
CREATE FUNCTION hotfire.watch(anew oid[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog SET "hotfire.quiet" = 'on'
AS $$
DECLARE
    t record;
BEGIN
    FOR t IN
        SELECT w.*, g.oid IS NULL AS bare FROM hotfire.watched w
        LEFT JOIN pg_trigger g ON g.tgrelid = w.relation AND g.tgname = ' hotfire row'
        WHERE g.oid IS NULL OR w.relation = ANY (anew)
    LOOP
        PERFORM hotfire.write_undo(t.relation);
        IF t.bare THEN
            EXECUTE format(
                'CREATE TRIGGER " hotfire row" AFTER INSERT OR UPDATE OR DELETE ON %I.%I FOR EACH ROW
                 EXECUTE FUNCTION hotfire.log_row()', t.nspname, t.relname);
            EXECUTE format(
                'CREATE TRIGGER " hotfire truncate" BEFORE TRUNCATE ON %I.%I FOR EACH STATEMENT
                 EXECUTE FUNCTION hotfire.log_truncate()', t.nspname, t.relname);
        END IF;
    END LOOP;
    PERFORM hotfire.write_branches();
    PERFORM hotfire.write_sequences();
END $$;

-- DDL cannot be undone from the log. It is noted, and what is new is watched from here on.
CREATE FUNCTION hotfire.log_ddl() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog
AS $$
DECLARE
    what text[];
    touched oid[];
BEGIN
    IF current_setting('hotfire.quiet', true) = 'on' THEN
        RETURN;
    END IF;
    SELECT array_agg(DISTINCT command_tag || coalesce(' ' || object_identity, '')),
           array_agg(objid) FILTER (WHERE classid = 'pg_class'::regclass)
    INTO what, touched
    FROM pg_event_trigger_ddl_commands() WHERE schema_name IS DISTINCT FROM 'pg_temp';
    IF what IS NOT NULL THEN
        INSERT INTO hotfire.log (operation, relation, new_row) VALUES ('ddl', 0, what[1]);
        PERFORM hotfire.watch(touched);
    END IF;
END $$;

CREATE FUNCTION hotfire.log_drop() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog
AS $$
DECLARE
    what text;
BEGIN
    IF current_setting('hotfire.quiet', true) = 'on' THEN
        RETURN;
    END IF;
    SELECT tg_tag || coalesce(' ' || object_identity, '') INTO what
    FROM pg_event_trigger_dropped_objects() WHERE NOT is_temporary AND original LIMIT 1;
    IF what IS NOT NULL THEN
        INSERT INTO hotfire.log (operation, relation, new_row) VALUES ('ddl', 0, what);
        PERFORM hotfire.watch('{}');
    END IF;
END $$;

-- Large objects have no triggers; this tells whether any was written. Cheap where there are none.
CREATE FUNCTION hotfire.large_objects() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_largeobject_metadata) THEN
        RETURN '';
    END IF;
    RETURN (SELECT md5(string_agg(format('%s %s', oid, xmin), ',' ORDER BY oid)) FROM pg_largeobject_metadata)
        || coalesce((SELECT md5(string_agg(format('%s %s %s', loid, pageno, xmin), ',' ORDER BY loid, pageno))
                     FROM pg_largeobject), '');
END $$;

-- This moment: the log's end, each sequence, the large objects.
CREATE FUNCTION hotfire.moment(
    OUT number bigint, OUT sequences oid[], OUT lasts bigint[], OUT calleds boolean[], OUT objects text
) LANGUAGE plpgsql AS $$
BEGIN
    number := (SELECT coalesce(max(log.number), 0) FROM hotfire.log);
    SELECT coalesce(array_agg(s.sequence), '{}'), coalesce(array_agg(s.last), '{}'), coalesce(array_agg(s.called), '{}')
    INTO sequences, lasts, calleds FROM hotfire.sequences() s;
    objects := hotfire.large_objects();
END $$;

-- Sequences back to where they stood. One that was not called tells nothing of itself, and is set in any case.
CREATE FUNCTION hotfire.rewind(sequences oid[], lasts bigint[], calleds boolean[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM setval(m.sequence, m.last, m.called)
    FROM unnest(sequences, lasts, calleds) AS m(sequence, last, called)
    WHERE NOT m.called OR pg_sequence_last_value(m.sequence) IS DISTINCT FROM m.last;
END $$;

-- Back to the last checkpoint, where the log's lines alone tell how: what lies at places of births goes, the images of
-- deaths at other places come. An error (with nothing done) where they do not: the caller then asks for hotfire.undo.
-- Lines are read and deleted at once, so that one written meanwhile is kept for the next undo. Gives the tables that it
-- wrote to, and if asked to `tell` which rows it put where.
CREATE FUNCTION hotfire.undo_latest(
    moment bigint, sequences oid[], lasts bigint[], calleds boolean[], objects text, tell boolean,
    OUT written oid[], OUT relations oid[], OUT places tid[], OUT lie tid[]
) LANGUAGE plpgsql AS $$
DECLARE
    t record;
    found_places tid[];
    lost tid[];
BEGIN
    IF objects <> '' OR EXISTS (SELECT FROM pg_largeobject_metadata) THEN
        IF hotfire.large_objects() <> objects THEN
            RAISE EXCEPTION 'large objects were written';
        END IF;
    END IF;
    FOR t IN
        WITH gone AS (DELETE FROM hotfire.log WHERE log.number > moment RETURNING *)
        SELECT relation, array_agg(old_place) FILTER (WHERE old_place IS NOT NULL) AS olds,
               array_agg(new_place) FILTER (WHERE new_place IS NOT NULL) AS news,
               array_agg(old_row) FILTER (WHERE old_place IS NOT NULL) AS images,
               count(*) > 500 OR bool_or(operation IN ('truncate', 'ddl')) AS tangled
        FROM gone GROUP BY relation
    LOOP
        IF t.tangled THEN
            RAISE EXCEPTION 'too much for one look';
        END IF;
        found_places := hotfire.undo_table(t.relation, t.olds, t.news, t.images);
        written := written || t.relation;
        IF tell AND found_places IS NOT NULL THEN
            lost := ARRAY(SELECT old FROM unnest(t.olds) AS old WHERE (old = ANY (t.news)) IS NOT TRUE);
            relations := relations || array_fill(t.relation, ARRAY[cardinality(lost)]);
            places := places || lost;
            lie := lie || found_places;
        END IF;
    END LOOP;
    PERFORM hotfire.rewind(sequences, lasts, calleds);
END $$;

-- Back to any moment. `places` and `images` go together with `relations`; a null place is an image to insert and the
-- other way round. `known` counts the lines of the log that they were made of. Gives the reason why it cannot be done, and
-- has then done nothing; else which lines' images now lie where.
CREATE FUNCTION hotfire.undo(
    moment bigint, known bigint, relations oid[], places text[], images text[],
    sequences oid[], lasts bigint[], calleds boolean[], objects text,
    OUT reason text, OUT lines integer[], OUT lie tid[]
) LANGUAGE plpgsql AS $$
DECLARE
    t record;
    found_places tid[];
    found_lines bigint;
BEGIN
    IF hotfire.large_objects() <> objects THEN
        reason := 'large objects were written';
        RETURN;
    END IF;
    DELETE FROM hotfire.log WHERE log.number > moment;
    GET DIAGNOSTICS found_lines = ROW_COUNT;
    IF found_lines <> known THEN
        RAISE EXCEPTION 'somebody wrote during the undo';
    END IF;
    lines := '{}';
    lie := '{}';
    FOR t IN
        SELECT u.relation, array_agg(u.place::tid) FILTER (WHERE u.place IS NOT NULL) AS gone,
               array_agg(u.image ORDER BY u.nth) FILTER (WHERE u.image IS NOT NULL) AS images,
               array_agg(u.nth::integer ORDER BY u.nth) FILTER (WHERE u.image IS NOT NULL) AS nths
        FROM unnest(relations, places, images) WITH ORDINALITY AS u(relation, place, image, nth) GROUP BY u.relation
    LOOP
        found_places := hotfire.undo_table(t.relation, NULL, t.gone, t.images);
        IF found_places IS NOT NULL THEN
            lines := lines || t.nths;
            lie := lie || found_places;
        END IF;
    END LOOP;
    PERFORM hotfire.rewind(sequences, lasts, calleds);
END $$;

-- All rows and sequences, as one number: equal before and after an undo. For tests, and for null trials.
CREATE FUNCTION hotfire.digest() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    t record;
    part text;
    parts text[] := '{}';
BEGIN
    FOR t IN SELECT * FROM hotfire.watched ORDER BY nspname, relname LOOP
        EXECUTE format('SELECT md5(coalesce(string_agg(md5(r::text), '''' ORDER BY r::text COLLATE "C"), ''''))
                        FROM ONLY %I.%I r', t.nspname, t.relname) INTO part;
        parts := parts || format('%s.%s %s', t.nspname, t.relname, part);
    END LOOP;
    part := (SELECT string_agg(format('%s %s %s', s.sequence::regclass, s.last, s.called), ',' ORDER BY s.sequence)
             FROM hotfire.sequences() s);
    RETURN md5(array_to_string(parts, ',') || coalesce(part, '') || hotfire.large_objects());
END $$;

SELECT hotfire.watch('{}');
CREATE EVENT TRIGGER hotfire_ddl ON ddl_command_end EXECUTE FUNCTION hotfire.log_ddl();
CREATE EVENT TRIGGER hotfire_drop ON sql_drop EXECUTE FUNCTION hotfire.log_drop();
ALTER EVENT TRIGGER hotfire_ddl ENABLE ALWAYS;
ALTER EVENT TRIGGER hotfire_drop ENABLE ALWAYS;
