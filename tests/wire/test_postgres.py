"""PostgreSQL sessions as transcripts: what the client asks, what the server tells, what is made of it."""

import struct
from typing import Self

import pytest

from hotfire.wire.postgres import (
    AUTHENTICATION_OK,
    CancelRequest,
    Dialogue,
    Done,
    GSSRequest,
    Segment,
    SSLRequest,
    Startup,
    cancel_request,
    error_response,
    opening,
    raise_statement,
    startup_message,
)


def message(kind: str, body: bytes = b"") -> bytes:
    return kind.encode() + struct.pack("!I", len(body) + 4) + body


def text(*words: str) -> bytes:
    return b"".join(word.encode() + b"\0" for word in words)


def query(sql: str) -> bytes:
    return message("Q", text(sql))


def parse(sql: str, name: str = "") -> bytes:
    return message("P", text(name, sql) + b"\0\0")


def bind(name: str = "", portal: str = "") -> bytes:
    return message("B", text(portal, name) + bytes(6))


def execute(portal: str = "") -> bytes:
    return message("E", text(portal) + bytes(4))


SYNC, FLUSH = message("S"), message("H")
PARSED, BOUND, CLOSED, NO_DATA = message("1"), message("2"), message("3"), message("n")
ROW = message("D", b"\0\x01\0\0\0\x01x")


def complete(tag: str) -> bytes:
    return message("C", text(tag))


def ready(status: str) -> bytes:
    return message("Z", status.encode())


def error(sqlstate: str, severity: str = "ERROR") -> bytes:
    return error_response(sqlstate, "no", severity)


class Playbook:
    """A session written down: each line checks what its bytes are read as, and that none is lost."""

    def __init__(self) -> None:
        self.dialogue = Dialogue()
        self.segments: list[Segment] = []

    def client(self, data: bytes, *asks: str | None) -> Self:
        """Each ask as "signature", with " !" if it commits and " +" if a transaction is open after it."""
        data = self.dialogue.held + data
        self.segments = self.dialogue.client(data.removeprefix(self.dialogue.held))
        assert b"".join(segment.data for segment in self.segments) + self.dialogue.held == data
        told = [
            s.ask and f"{s.ask.signature}{' +' * s.ask.transaction}{' !' * s.ask.commits}".lstrip()
            for s in self.segments
        ]
        assert told == list(asks)
        return self

    def server(self, data: bytes, *ends: str, shown: bytes | None = None) -> Self:
        """Each end as "detail status", with " !" if durable."""
        told = self.dialogue.server(data)
        assert b"".join(piece.data for piece in told) == (data if shown is None else shown)
        assert [end(piece.done) for piece in told if piece.done] == list(ends)
        return self


def end(done: Done) -> str:
    assert (done.outcome == "error") == bool(done.sqlstate or done.detail.startswith("skipped"))
    return " ".join(word for word in (done.detail, done.status, "!" * done.durable) if word)


def test_autocommit() -> None:
    (
        Playbook()
        .client(query("INSERT INTO t VALUES (1)"), "INSERT INTO t VALUES (…) !")
        .server(complete("INSERT 0 1") + ready("I"), "INSERT 0 1 I !")
        .client(query("INSERT INTO t VALUES (2)"), "INSERT INTO t VALUES (…) !")
        .server(error("23505") + ready("I"), "23505 no I")
        .client(query(""), "(empty) !")
        .server(message("I") + ready("I"), "I")
    )


def test_transaction() -> None:
    (
        Playbook()
        .client(query("BEGIN"), "BEGIN +")
        .server(complete("BEGIN") + ready("T"), "BEGIN T")
        .client(query("SAVEPOINT a"), "BEGIN; SAVEPOINT ? +")
        .server(complete("SAVEPOINT") + ready("T"), "SAVEPOINT T")
        .client(query("ROLLBACK TO a"), "BEGIN; SAVEPOINT ?; ROLLBACK TO ? +")
        .server(complete("ROLLBACK") + ready("T"), "ROLLBACK T")
        .client(query("INSERT INTO t VALUES (1)"), "BEGIN; SAVEPOINT ?; ROLLBACK TO ?; INSERT INTO t VALUES (…) +")
        .server(complete("INSERT 0 1") + ready("T"), "INSERT 0 1 T")
        .client(query("COMMIT"), "BEGIN; SAVEPOINT ?; ROLLBACK TO ?; INSERT INTO t VALUES (…); COMMIT !")
        .server(complete("COMMIT") + ready("I"), "COMMIT I !")
        .client(query("SELECT 1"), "SELECT ? !")
    )


def test_a_failed_transaction_commits_nothing() -> None:
    (
        Playbook()
        .client(query("BEGIN"), "BEGIN +")
        .server(complete("BEGIN") + ready("T"), "BEGIN T")
        .client(query("SELECT 1/0"), "BEGIN; SELECT ?/? +")
        .server(error("22012") + ready("E"), "22012 no E")
        .client(query("COMMIT"), "BEGIN; SELECT ?/?; COMMIT !")
        .server(complete("ROLLBACK") + ready("I"), "ROLLBACK I")
    )


def test_many_statements_in_one_query() -> None:
    (
        Playbook()
        .client(query("INSERT INTO a VALUES (1); BEGIN; SELECT 1"), "INSERT INTO a VALUES (…); BEGIN; SELECT ? +")
        .server(
            complete("INSERT 0 1") + complete("BEGIN") + ROW + complete("SELECT 1") + ready("T"),
            "INSERT 0 1; BEGIN; SELECT 1 T",
        )
        .client(query("COMMIT; SELECT 2"), "INSERT INTO a VALUES (…); BEGIN; SELECT ?; COMMIT; SELECT ? !")
        .server(complete("COMMIT") + error("42601") + ready("I"), "42601 no I !")
        .client(query("BEGIN; DELETE FROM a; COMMIT AND CHAIN"), "BEGIN; DELETE FROM a; COMMIT AND CHAIN + !")
        .server(
            complete("BEGIN") + complete("DELETE 1") + complete("COMMIT") + ready("T"), "BEGIN; DELETE 1; COMMIT T !"
        )
        .client(query("ROLLBACK"), "ROLLBACK")
        .server(complete("ROLLBACK") + ready("I"), "ROLLBACK I")
    )


def test_prepared_first_executed_later() -> None:
    described = message("D", b"S" + text("s1"))
    (
        Playbook()
        .client(parse("SELECT $1", "s1") + described + FLUSH, "prepare: SELECT ?")
        .server(PARSED + message("t", b"\0\0") + message("T", b"\0\0"), "")
        .client(bind("s1") + execute() + SYNC, "SELECT ? !")
        .server(BOUND + ROW + message("s") + ready("I"), "suspended I !")
        .client(message("C", b"S" + text("s1")) + SYNC, "")
        .server(CLOSED + ready("I"), "I")
        .client(bind("s1") + execute() + SYNC, "? !")
        .server(error("26000") + ready("I"), "26000 no I")
    )


def test_prepared_by_a_statement() -> None:
    (
        Playbook()
        .client(
            query("PREPARE p (int) AS DELETE FROM t WHERE a = $1"), "PREPARE ? (int) AS DELETE FROM t WHERE a = ? !"
        )
        .server(complete("PREPARE") + ready("I"), "PREPARE I !")
        .client(query("EXECUTE p (3)"), "DELETE FROM t WHERE a = ? !")
        .server(complete("DELETE 1") + ready("I"), "DELETE 1 I !")
        .client(query("DEALLOCATE p"), "DEALLOCATE ? !")
        .server(complete("DEALLOCATE") + ready("I"), "DEALLOCATE I !")
        .client(query("EXECUTE p (3)"), "EXECUTE ? (?) !")
    )


def test_a_pipeline_is_one_segment_for_each_execute() -> None:
    insert = parse("INSERT INTO t VALUES ($1)") + bind() + execute()
    (
        Playbook()
        .client(
            insert + insert + insert + SYNC,
            "INSERT INTO t VALUES (…)",
            "INSERT INTO t VALUES (…) (2 times)",
            "INSERT INTO t VALUES (…) (3 times) !",
        )
        .server(PARSED + BOUND + complete("INSERT 0 1"), "INSERT 0 1")
        .server(PARSED + BOUND + error("23505"), "23505 no")
        .server(ready("I"), "skipped: the pipeline failed before I")
    )


def test_a_pipeline_skips_to_its_sync() -> None:
    select = bind() + execute()
    (
        Playbook()
        .client(parse("SELECT 1") + select + FLUSH + select + bind(), "SELECT ?", "SELECT ? (2 times)")
        .server(error("42P01"), "42P01 no")
        .client(execute() + SYNC + select + SYNC, "SELECT ? (3 times) !", "SELECT ? !")
        .server(
            ready("I") + BOUND + complete("SELECT 1") + ready("I"),
            "skipped: the pipeline failed before",
            "skipped: the pipeline failed before I",
            "SELECT 1 I !",
        )
    )


def test_commit_inside_a_pipeline_is_durable_before_sync() -> None:
    def run(sql: str) -> bytes:
        return parse(sql) + bind() + execute()

    (
        Playbook()
        .client(
            run("BEGIN") + run("DELETE FROM t") + run("COMMIT") + FLUSH,
            "BEGIN +",
            "BEGIN; DELETE FROM t +",
            "BEGIN; DELETE FROM t; COMMIT !",
        )
        .server((PARSED + BOUND + complete("BEGIN")) + (PARSED + BOUND + complete("DELETE 3")), "BEGIN", "DELETE 3")
        .server(PARSED + BOUND + complete("COMMIT"), "COMMIT !")
        .client(SYNC, "")
        .server(ready("I"), "I")
    )


def test_a_sync_of_its_own_commits_the_implicit_transaction() -> None:
    (
        Playbook()
        .client(parse("DELETE FROM t") + bind() + execute() + FLUSH, "DELETE FROM t")
        .server(PARSED + BOUND + complete("DELETE 1"), "DELETE 1")
        .client(SYNC, "DELETE FROM t !")
        .server(ready("I"), "I !")
    )


def test_an_execute_waits_for_the_message_behind_it() -> None:
    book = Playbook().client(parse("SELECT 1") + bind() + execute())
    assert [s.ask and s.ask.text for s in book.dialogue.client(SYNC)] == ["SELECT ?"]


def test_a_deferred_constraint_fails_at_sync() -> None:
    (
        Playbook()
        .client(parse("INSERT INTO t VALUES (1)") + bind() + execute() + SYNC, "INSERT INTO t VALUES (…) !")
        .server(PARSED + BOUND + complete("INSERT 0 1") + error("23505") + ready("I"), "23505 no I")
    )


def test_copy_in_and_out() -> None:
    (
        Playbook()
        .client(query("COPY t FROM STDIN"), "COPY t FROM STDIN !")
        .server(message("G", b"\0\0\0"))
        .client(message("d", b"1\n") + message("d", b"2\n") + message("c"), None)
        .server(complete("COPY 2") + ready("I"), "COPY 2 I !")
        .client(query("COPY t TO STDOUT"), "COPY t TO STDOUT !")
        .server(
            message("H", b"\0\0\0") + message("d", b"1\n") + message("c") + complete("COPY 1") + ready("I"),
            "COPY 1 I !",
        )
    )


def test_copy_in_the_extended_protocol_has_one_sync() -> None:
    (
        Playbook()
        .client(parse("COPY t FROM STDIN") + bind() + execute() + SYNC, "COPY t FROM STDIN !")
        .server(PARSED + BOUND + message("G", b"\0\0\0"))
        .client(message("d", b"1\n") + message("c") + SYNC, None, None)
        .server(complete("COPY 1") + ready("I"), "COPY 1 I !")
        .client(query("SELECT 1"), "SELECT ? !")
    )


def test_function_call() -> None:
    (Playbook().client(message("F", bytes(10)), "function ? !").server(message("V", bytes(4)) + ready("I"), "I !"))


def test_what_nobody_asked_for_belongs_to_no_call() -> None:
    dialogue = Dialogue()
    start = AUTHENTICATION_OK + message("S", text("server_version", "18.6")) + message("K", b"\0\0\0\x07secret")
    (told,) = dialogue.server(start + ready("I"))
    assert (told.call, told.done) == (False, None)
    assert (dialogue.process_id, dialogue.secret, dialogue.parameters) == (7, b"secret", {"server_version": "18.6"})
    dialogue.client(query("SELECT 1"))
    ended, notice = dialogue.server(complete("SELECT 1") + ready("I") + message("N", b"\0"))
    assert (ended.call, notice.call) == (True, False)


def test_a_fatal_error_ends_the_call() -> None:
    (
        Playbook()
        .client(query("SELECT pg_sleep(9)"), "SELECT pg_sleep(?) !")
        .server(error("57P01", "FATAL"), "57P01 no")
        .server(error("57P01", "FATAL"))
    )


def test_the_server_corrects_the_clients_view() -> None:
    run = parse("BEGIN") + bind() + execute() + SYNC
    (
        Playbook()
        .client(run, "BEGIN +")
        .server(error("42601") + ready("I"), "42601 no I")
        .client(query("SELECT 1"), "SELECT ? !")
        .server(complete("SELECT 1") + ready("T"), "SELECT 1 T")
        .client(query("SELECT 1"), "SELECT ? +")
    )


def test_a_long_transaction_has_a_short_signature() -> None:
    dialogue, signatures = Dialogue(), set()
    dialogue.client(query("BEGIN"))
    for number in range(500):
        (segment,) = dialogue.client(query(f"LISTEN a_channel_with_a_name_{number}"))
        assert segment.ask is not None
        signatures.add(segment.ask.signature)
    assert len(signatures) == 500
    assert max(map(len, signatures)) < 3000


def test_refuse_a_query() -> None:
    book = Playbook().client(query("DELETE FROM t"), "DELETE FROM t !")
    assert book.dialogue.refuse(book.segments[0], "40001", "no") == raise_statement("40001", "no")
    book.server(error("40001") + ready("I"), "40001 no I")


def test_refuse_in_the_extended_protocol_hides_what_was_not_asked() -> None:
    book = Playbook().client(parse("SELECT 1", "s") + FLUSH, "prepare: SELECT ?").server(PARSED, "")
    book.client(bind("s") + execute() + SYNC, "SELECT ? !")
    sent = book.dialogue.refuse(book.segments[0], "40001", "no")
    assert sent.startswith(b"P")
    assert sent.endswith(SYNC)
    book.server(PARSED + BOUND + error("40001") + ready("I"), "40001 no I", shown=error("40001") + ready("I"))
    with pytest.raises(ValueError, match="waits for"):
        book.dialogue.refuse(book.segments[0], "40001", "no")


def test_refuse_within_a_pipeline() -> None:
    book = Playbook().client(
        parse("DELETE FROM t") + bind() + execute() + bind() + execute() + SYNC,
        "DELETE FROM t",
        "DELETE FROM t (2 times) !",
    )
    assert not book.dialogue.refuse(book.segments[0], "40001", "no").endswith(SYNC)
    book.server(PARSED + BOUND + error("40001"), "40001 no", shown=error("40001"))
    book.server(ready("I"), "skipped: the pipeline failed before I")


@pytest.mark.parametrize("sqlstate", ["", "4000", "40 01", "00000", "4000a"])
def test_only_an_sqlstate_can_be_raised(sqlstate: str) -> None:
    with pytest.raises(ValueError, match="SQLSTATE"):
        raise_statement(sqlstate, "no")


def test_a_raised_message_cannot_leave_its_quotes() -> None:
    assert b"$hotfire_$" in raise_statement("40001", "it's $hotfire$ \\")


def test_openings() -> None:
    startup = startup_message({"user": "ann", "database": "shop"})
    assert opening(startup + b"more") == Startup(
        parameters={"user": "ann", "database": "shop"}, version=196608, data=startup
    )
    assert [opening(startup[:size]) for size in (0, 7, len(startup) - 1)] == [None] * 3
    assert opening(struct.pack("!II", 8, 80877103)) == SSLRequest(data=struct.pack("!II", 8, 80877103))
    assert opening(struct.pack("!II", 8, 80877104)) == GSSRequest(data=struct.pack("!II", 8, 80877104))
    cancel = cancel_request(7, b"secret of 3.2")
    assert opening(cancel) == CancelRequest(process_id=7, secret=b"secret of 3.2", data=cancel)
    with pytest.raises(ValueError, match="not a PostgreSQL"):
        opening(b"\x16\x03\x01\x02\x00\x01\x00\x01")
