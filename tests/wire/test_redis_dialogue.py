"""One session with Redis as a transcript: what each side says, what is asked, what is told, what is passed on."""

import pytest

from hotfire.wire.redis import Ask, CommandTable, Dialogue, Piece, decode, encode
from tests.wire.redis_commands import TABLE

PUSH = b">2\r\n+invalidate\r\n*1\r\n+a\r\n"
QUEUED = b"+QUEUED\r\n"


def command(text: str) -> bytes:
    return encode(*text.encode().split())


class Talk:
    """Both streams of one session; what is passed on is checked to be what was said."""

    def __init__(self, table: CommandTable = TABLE) -> None:
        self.dialogue = Dialogue(table)

    def hears(self, data: bytes) -> list[str]:
        """The signatures of the calls in bytes of the client; every byte is passed on."""
        pieces = self.dialogue.client(data)
        assert b"".join(piece.data for piece in pieces) == data
        return [piece.ask.signature for piece in pieces if piece.ask]

    def says(self, *texts: str) -> list[str]:
        return self.hears(b"".join(map(command, texts)))

    def told(self, data: bytes) -> list[tuple[str, str, str]]:
        """What ends with bytes of the server: outcome, detail, writes; every byte is passed back."""
        told = self.dialogue.server(data)
        assert b"".join(each.data for each in told) == data
        assert sum(each.size for each in told) == len(data)
        ends = [each.done for each in told if each.done]
        return [(done.outcome, done.detail, ", ".join(map(" ".join, done.writes))) for done in ends]


@pytest.mark.parametrize(
    ("asked", "signature", "answered", "done"),
    [
        ("SET cart:7 x", "SET cart:…", b"+OK\r\n", ("ok", "OK", "set cart:…")),
        ("set cart:7 x NX", "SET cart:…", b"$-1\r\n", ("ok", "nil", "")),
        ("SET cart:7 x GET", "SET cart:…", b"_\r\n", ("ok", "nil", "set cart:…")),
        ("INCRBY rate:9 1", "INCRBY rate:…", b":0\r\n", ("ok", "0", "incrby rate:…")),
        ("DEL a b", "DEL a b", b":2\r\n", ("ok", "2", "del a, del b")),
        ("DEL a", "DEL a", b":0\r\n", ("ok", "0", "")),
        ("MGET p:1 p:2 p:3", "MGET p:…", b"*3\r\n$-1\r\n:1\r\n+a\r\n", ("ok", "3 items", "")),
        ("MSET a 1 b 2", "MSET a b", b"+OK\r\n", ("ok", "OK", "mset a, mset b")),
        ("MGET a b c d e", "MGET a b c …", b"*0\r\n", ("ok", "0 items", "")),
        ("HSET u:1 name ann", "HSET u:…", b"-WRONGTYPE x\r\n", ("error", "WRONGTYPE x", "")),
        ("HSET u:1 name ann", "HSET u:…", b"!5\r\nERR x\r\n", ("error", "ERR x", "")),
        ("EVAL x 2 a b c", "EVAL a b", b"_\r\n", ("ok", "nil", "eval a, eval b")),
        ("EVAL x 0", "EVAL", b":1\r\n", ("ok", "1", "eval …")),
        ("EVAL_RO x 1 a", "EVAL_RO a", b":1\r\n", ("ok", "1", "")),
        ("XREADGROUP GROUP g c STREAMS s:1 >", "XREADGROUP s:…", b"*-1\r\n", ("ok", "nil", "")),
        ("XREAD STREAMS s t 0 0", "XREAD s t", b"*-1\r\n", ("ok", "nil", "")),
        ("XGROUP CREATE s g $", "XGROUP CREATE s", b"+OK\r\n", ("ok", "OK", "xgroup create s")),
        ("ZUNIONSTORE all 2 a b", "ZUNIONSTORE all a b", b":3\r\n", ("ok", "3", "zunionstore all")),
        ("FLUSHALL", "FLUSHALL", b"+OK\r\n", ("ok", "OK", "flushall …")),
        ("PUBLISH room:3 hi", "PUBLISH room:…", b":1\r\n", ("ok", "1", "")),
        ("MODULE.THING a", "MODULE.THING", b"%1\r\n+a\r\n:1\r\n", ("ok", "1 items", "")),
    ],
)
def test_a_call(asked: str, signature: str, answered: bytes, done: tuple[str, str, str]) -> None:
    talk = Talk()
    assert talk.says(asked) == [signature]
    assert talk.told(answered) == [done]


def test_commands_written_in_a_line() -> None:
    talk = Talk()
    assert talk.hears(b"SET a 1\r\n\r\nGET a\n") == ["SET a", "GET a"]
    assert talk.told(b"+OK\r\n$1\r\n1\r\n") == [("ok", "OK", "set a"), ("ok", "1 bytes", "")]


def test_what_is_about_the_connection_executes_nothing() -> None:
    dialogue = Dialogue(TABLE)
    asked = ["HELLO 3", "CLIENT SETINFO LIB-NAME redis-py", "CLIENT NEWER x", "SELECT 1", "PING", "READONLY", "GET a"]
    asks = [piece.ask for text in asked for piece in dialogue.client(command(text))]
    assert [ask.executes for ask in asks if ask] == [False] * 6 + [True]


@pytest.mark.parametrize(
    ("asked", "blocks"),
    [("BLPOP a 0", True), ("XREAD BLOCK 0 STREAMS s $", True), ("XREAD STREAMS s 0", False), ("WAIT 1 0", True)],
)
def test_what_may_wait_for_another_client(asked: str, blocks: bool) -> None:
    (piece,) = Dialogue(TABLE).client(command(asked))
    assert piece.ask is not None
    assert (piece.ask.blocks, piece.ask.executes) == (blocks, True)


def test_a_transaction_is_one_call() -> None:
    talk = Talk()
    assert talk.says("MULTI", "SET cart:7 x", "INCR n", "INCR n", "GET a") == []
    assert talk.dialogue.in_multi
    assert talk.told(b"+OK\r\n" + QUEUED * 4) == []
    assert talk.says("EXEC") == ["SET cart:…; INCR n (2 times); GET a; EXEC"]
    assert not talk.dialogue.in_multi
    assert talk.told(b"*4\r\n+OK\r\n:1\r\n-ERR no\r\n$1\r\nx\r\n") == [("ok", "4 items", "set cart:…, incr n")]
    assert talk.says("GET a") == ["GET a"]


@pytest.mark.parametrize(
    ("ends", "answered", "done"),
    [
        ("EXEC", b"*-1\r\n", ("ok", "nil: a watched key has changed", "")),
        ("EXEC", b"_\r\n", ("ok", "nil: a watched key has changed", "")),
        ("EXEC", b"-EXECABORT no\r\n", ("error", "EXECABORT no", "")),
        ("EXEC", b"*1\r\n:0\r\n", ("ok", "1 items", "")),
        ("DISCARD", b"+OK\r\n", ("ok", "OK", "")),
        ("RESET", b"+RESET\r\n", ("ok", "RESET", "")),
    ],
)
def test_a_transaction_that_writes_nothing(ends: str, answered: bytes, done: tuple[str, str, str]) -> None:
    talk = Talk()
    talk.says("MULTI", "DEL a", ends)
    assert talk.told(b"+OK\r\n+QUEUED\r\n" + answered) == [done]
    assert not talk.dialogue.in_multi


def test_a_transaction_within_one_is_refused_and_that_within_which_stays() -> None:
    talk = Talk()
    assert talk.says("MULTI", "MULTI", "WATCH a", "SET a 1", "EXEC") == ["WATCH a", "SET a; EXEC"]
    assert talk.told(b"+OK\r\n-ERR nested\r\n-ERR watch\r\n" + QUEUED + b"*1\r\n+OK\r\n") == [
        ("error", "ERR watch", ""),
        ("ok", "1 items", "set a"),
    ]


def test_a_transaction_that_was_refused_is_none() -> None:
    talk = Talk()
    talk.says("MULTI")
    assert talk.told(b"-NOPERM multi\r\n") == []
    assert not talk.dialogue.in_multi
    assert talk.says("SET a 1") == ["SET a"]


def test_a_push_is_no_reply() -> None:
    talk = Talk()
    talk.says("SET a 1", "GET a")
    assert talk.told(PUSH + b"+OK\r\n" + PUSH + b"$1\r\n1\r\n") == [("ok", "OK", "set a"), ("ok", "1 bytes", "")]
    assert talk.told(PUSH) == []
    assert not talk.dialogue.opaque


@pytest.mark.parametrize("kind", [b"*", b">"], ids=["RESP2", "RESP3"])
def test_who_listens_is_not_read(kind: bytes) -> None:
    talk = Talk()
    subscribed = kind + b"3\r\n$9\r\nsubscribe\r\n$4\r\nroom\r\n:1\r\n"
    assert talk.says("GET a", "SUBSCRIBE room") == ["GET a", "SUBSCRIBE room"]
    assert talk.told(b"$-1\r\n" + subscribed + b"whatever") == [("ok", "nil", ""), ("ok", "3 items", "")]
    assert talk.told(b" it says") == []
    assert talk.says("SUBSCRIBE other", "PING", "UNSUBSCRIBE") == []
    assert not talk.dialogue.opaque
    assert talk.says("SET a 1") == []  # RESP3 lets it
    assert talk.dialogue.opaque == "SET on a connection that listens to messages is not read"


def test_who_may_not_listen_is_read_on() -> None:
    talk = Talk()
    talk.says("SUBSCRIBE room")
    assert talk.told(b"-NOPERM room\r\n") == [("error", "NOPERM room", "")]
    assert talk.says("GET a") == ["GET a"]


@pytest.mark.parametrize(
    ("client", "server", "why"),
    [
        (b"\x10\x0e\x00\x04MQTT", b"", r"the service sent what is no RESP: it begins with b'\x10\x0e\x00\x04MQTT'"),
        (b"GET \x00\r\n", b"", r"the service sent what is no RESP: it begins with b'GET \x00\r\n'"),
        (b"*x\r\n", b"", "the service sent a length that is none: b'x'"),
        (b"*2000000\r\n", b"", "the service sent a length that is none"),
        (b"*1\r\n$-1\r\n", b"", "the service sent a length that is none"),
        (b"*1\r\n:1\r\n", b"", "an argument of the service's command is no string"),
        (b"*" + b"1" * 40, b"", "the service sent a length that is none"),
        (b"a" * 70_000, b"", "the service sent a line without an end"),
        (command("GET a"), b"HTTP/1.1 400\r\n", "the server answered what is no RESP: it begins with b'HTTP/1.1'"),
        (command("GET a"), b"$x\r\n", "the service sent a length that is none: b'x'"),
        (b"", b"+OK\r\n", "the server answered what nobody asked"),
        (command("CLIENT REPLY OFF"), b"", "CLIENT REPLY lets the server answer nothing"),
        (command("MULTI") + command("GET a"), b"+OK\r\n$1\r\n1\r\n", "the server did at once what was to be queued"),
    ],
)
def test_garbage_passes_unread_and_says_why(client: bytes, server: bytes, why: str) -> None:
    talk = Talk()
    talk.hears(client)
    talk.told(server)
    assert talk.dialogue.opaque == why
    assert talk.says("SET a 1") == []
    assert talk.told(b"+OK\r\n") == []


def test_an_error_that_nobody_asked_for_is_the_servers_last_word() -> None:
    talk = Talk()
    assert talk.told(b"-ERR max number of clients reached\r\n") == []
    assert not talk.dialogue.opaque


def refused(dialogue: Dialogue, text: str) -> Piece:
    piece = dialogue.client(b"".join(map(command, text.split("; "))))[-1]
    return dialogue.refuse(piece, "OOM command not allowed\r\nwhen used memory")


@pytest.mark.parametrize(
    ("text", "instead", "answered"),
    [
        ("SET a 1", "PING", b"+PONG\r\n"),
        ("SUBSCRIBE a", "PING", b"+PONG\r\n"),
        ("MULTI; SET a 1; EXEC", "DISCARD", b"+OK\r\n+QUEUED\r\n+OK\r\n"),
    ],
)
def test_a_call_is_refused_in_the_servers_place(text: str, instead: str, answered: bytes) -> None:
    dialogue = Dialogue(TABLE)
    piece = refused(dialogue, text)
    assert piece.data == command(instead)
    assert dialogue.answers_itself
    *_, told = dialogue.server(answered)
    assert told.data == b"-OOM command not allowed when used memory\r\n"
    assert told.done is not None
    assert (told.done.outcome, told.done.writes) == ("error", ())
    assert not dialogue.answers_itself
    assert [piece.ask.text for piece in dialogue.client(command("GET a")) if piece.ask] == ["GET a"]


def test_only_what_waits_for_a_reply_can_be_refused() -> None:
    with pytest.raises(ValueError, match="waits for no reply"):
        Dialogue(TABLE).refuse(Piece(b"", Ask("GET a", "GET a", executes=True, blocks=False)), "ERR no")


@pytest.mark.parametrize(
    ("text", "instead", "answered", "heard"),
    [
        ("AUTH secret", "PING", b"+PONG\r\n", b"+OK\r\n"),
        ("auth ann secret", "PING", b"+PONG\r\n", b"+OK\r\n"),
        ("HELLO 3 AUTH ann secret SETNAME web", "HELLO 3 SETNAME web", b"%0\r\n", b"%0\r\n"),
        ("HELLO 3", "HELLO 3", b"%0\r\n", b"%0\r\n"),
    ],
)
def test_whoever_comes_is_let_in(text: str, instead: str, answered: bytes, heard: bytes) -> None:
    dialogue = Dialogue(TABLE)
    (piece,) = dialogue.client(command(text))
    assert (piece.data, piece.ask is not None and "secret" in piece.ask.text) == (command(instead), False)
    (told,) = dialogue.server(answered)
    assert (told.data, told.size) == (heard, len(answered))


def test_a_table_of_an_older_server() -> None:
    reply = (
        b"*3\r\n*6\r\n$4\r\nmset\r\n:-3\r\n*1\r\n+write\r\n:1\r\n:-1\r\n:2\r\n*6\r\n$4\r\nping\r\n:-1\r\n*0\r\n:0\r\n:0\r\n:0\r\n"
        b"*6\r\n$6\r\nrename\r\n:3\r\n*1\r\n+write\r\n:1\r\n:2\r\n:1\r\n"
    )
    talk = Talk(CommandTable.of_reply(decode(reply)))
    assert talk.says("MSET a 1 b 2", "RENAME a c", "PING") == ["MSET a b", "RENAME a c", "PING"]
    with pytest.raises(ValueError, match="COMMAND was answered None"):
        CommandTable.of_reply(None)
