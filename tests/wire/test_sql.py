"""SQL in normal form, as names are made of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotfire.wire.sql import Statement, normalise, read, writes


@pytest.mark.parametrize(
    ("sql", "normal"),
    [
        ("INSERT INTO posts(id,title) VALUES ($1,$2), ($3, now())", "INSERT INTO posts(id, title) VALUES (…)"),
        (
            "INSERT INTO posts (id) VALUES (nextval('s'), (1)) RETURNING id",
            "INSERT INTO posts (id) VALUES (…) RETURNING id",
        ),
        (
            "SELECT  *\n FROM t -- it's\n WHERE a = 'it''s' /* a /* b */ ; */ AND b > 2.5e3",
            "SELECT * FROM t WHERE a = ? AND b > ?",
        ),
        ("SELECT E'a\\'b', U&'c', $a$ ; $a$, $$;$$, 0xFF, .5, x'1f'", "SELECT ?, ?, ?, ?, ?, ?, ?"),
        ("select a FROM t where b = -1 and c - 1 > 0", "select a FROM t where b = ? and c - ? > ?"),
        ("SELECT a WHERE id IN (1, -2, 3) AND x IN ($1::UUID)", "SELECT a WHERE id IN (…) AND x IN (…)"),
        ("SELECT a WHERE (x, y) IN ((1, 2), (3, 4))", "SELECT a WHERE (x, y) IN (…)"),
        (
            "SELECT a WHERE id IN (SELECT b FROM c WHERE d IN (1))",
            "SELECT a WHERE id IN (SELECT b FROM c WHERE d IN (…))",
        ),
        ("SELECT a WHERE id = ANY(ARRAY[1, 2]::int[])", "SELECT a WHERE id = ANY(ARRAY[…]::int[])"),
        ("SELECT a[1:2], \"q;'?\", b->>'c'", 'SELECT a[?:?], "q;\'?", b->>?'),
        ("SELECT p FROM (VALUES ($1, 0), ($2, 1)) AS s(p)", "SELECT p FROM (VALUES (…)) AS s(p)"),
        ('SAVEPOINT "_pg3_1"', "SAVEPOINT ?"),
        ('ROLLBACK TO "_pg3_1"; RELEASE sp_2', "ROLLBACK TO ?; RELEASE ?"),
        ("DECLARE c_1 CURSOR FOR SELECT 1", "DECLARE ? CURSOR FOR SELECT ?"),
        ("FETCH FORWARD 10 FROM c_1; CLOSE c_1; CLOSE ALL", "FETCH FORWARD ? FROM ?; CLOSE ?; CLOSE ALL"),
        ("UPDATE t SET a = 1 WHERE CURRENT OF c_1", "UPDATE t SET a = ? WHERE CURRENT OF ?"),
        ("PREPARE TRANSACTION 'x'", "PREPARE TRANSACTION ?"),
        ("DO $x$ BEGIN; END $x$", "DO ?"),
        (
            "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)",
            "CREATE RULE r AS ON INSERT TO t DO (SELECT ?; SELECT ?)",
        ),
        ("SELECT 'open", "SELECT 'open"),
        ("SELECT 1 /* open", "SELECT ?"),
        (" ; -- nothing\n", ""),
    ],
)
def test_normal_form(sql: str, normal: str) -> None:
    assert normalise(sql) == normal


def test_the_normal_form_is_the_same_however_many_rows() -> None:
    insert = "INSERT INTO t (a) VALUES (1)"
    texts = {normalise(insert + ", (1)" * more) for more in range(4)}
    assert texts == {"INSERT INTO t (a) VALUES (…)"}


def test_statements_are_split_outside_of_quotes_and_bodies() -> None:
    function = "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN a THEN b END; SELECT c; END"
    assert [s.text for s in read(f"SELECT ';'; {function}; COMMIT".encode())] == ["SELECT ?", function, "COMMIT"]


@pytest.mark.parametrize(
    ("sql", "turn"),
    [
        ("begin isolation level serializable", "begin"),
        ("START TRANSACTION", "begin"),
        ("COMMIT WORK", "commit"),
        ("END", "commit"),
        ("COMMIT AND CHAIN", "commit and chain"),
        ("COMMIT AND NO CHAIN", "commit"),
        ("ROLLBACK", "rollback"),
        ("ABORT AND CHAIN", "rollback and chain"),
        ("PREPARE TRANSACTION 'x'", "rollback"),
        ("ROLLBACK TO SAVEPOINT a", ""),
        ("ROLLBACK WORK TO a", ""),
        ("COMMIT PREPARED 'x'", ""),
        ("SAVEPOINT a", ""),
        ("RELEASE a", ""),
        ("SELECT 1", ""),
    ],
)
def test_what_it_does_to_the_transaction(sql: str, turn: str) -> None:
    assert [s.turn for s in read(sql.encode())] == [turn]


def test_what_it_does_to_a_prepared_statement() -> None:
    assert read(b'PREPARE "Plan" (int) AS SELECT $1; EXECUTE Plan(1); DEALLOCATE plan; DEALLOCATE ALL') == (
        Statement(text="PREPARE ? (int) AS SELECT ?", verb="prepare", name="Plan"),
        Statement(text="EXECUTE ?(?)", verb="execute", name="plan"),
        Statement(text="DEALLOCATE ?", verb="deallocate", name="plan"),
        Statement(text="DEALLOCATE ALL", verb="deallocate"),
    )


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO a VALUES (1)",
        "update a set b = 1",
        "WITH x AS (INSERT INTO a VALUES (1) RETURNING id) SELECT * FROM x",
        "WITH x AS (SELECT 1) UPDATE a SET b = 1",
        "COPY t (a, b) FROM STDIN",
        "COPY t FROM STDIN",
        "SELECT 1; DELETE FROM t",
        "SELECT a INTO b FROM c",
        "CREATE TABLE t (a int)",
        "CALL p()",
        "EXPLAIN (ANALYZE, BUFFERS) INSERT INTO t VALUES (1)",
    ],
)
def test_it_may_write(sql: str) -> None:
    assert writes(normalise(sql))


@pytest.mark.parametrize(
    "sql",
    [
        "",
        "SELECT * FROM t FOR UPDATE",
        "WITH x AS (SELECT 1 FROM t FOR NO KEY UPDATE) SELECT * FROM x",
        "COPY (SELECT a FROM b) TO STDOUT",
        "COPY t TO STDOUT",
        "BEGIN",
        "EXPLAIN INSERT INTO t VALUES (1)",
        "SELECT 'INSERT INTO t'",
    ],
)
def test_it_does_not_look_as_if_it_writes(sql: str) -> None:
    assert not writes(normalise(sql))


@given(st.text(alphabet="aE'\"$/*-;()[],? 1\n\\.", max_size=60))
def test_any_text_has_a_normal_form(sql: str) -> None:
    assert normalise(sql) == normalise(sql + " ")
