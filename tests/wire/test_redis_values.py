"""Values of RESP2 and RESP3 by value, and commands as a client writes them."""

import pytest

from hotfire.wire.redis import ReplyError, Value, decode, encode


@pytest.mark.parametrize(
    ("message", "value"),
    [
        (b"+OK\r\n", b"OK"),
        (b"-WRONGTYPE no list\r\n", ReplyError(text="WRONGTYPE no list")),
        (b":-3\r\n", -3),
        (b"$3\r\na\r\n\r\n", b"a\r\n"),
        (b"$-1\r\n", None),
        (b"*-1\r\n", None),
        (b"_\r\n", None),
        (b"#t\r\n", True),
        (b",1.5\r\n", 1.5),
        (b",inf\r\n", float("inf")),
        (b"(123456789012345678901234567890\r\n", 123456789012345678901234567890),
        (b"!5\r\nERR x\r\n", ReplyError(text="ERR x")),
        (b"=7\r\ntxt:abc\r\n", b"abc"),
        (b"*2\r\n:1\r\n*1\r\n$-1\r\n", [1, [None]]),
        (b"%1\r\n+proto\r\n:3\r\n", [b"proto", 3]),
        (b"~1\r\n+a\r\n", [b"a"]),
        (b">2\r\n+message\r\n+a\r\n", [b"message", b"a"]),
        (b"|1\r\n+ttl\r\n:9\r\n*1\r\n:1\r\n", [1]),
    ],
)
def test_a_value(message: bytes, value: Value) -> None:
    assert decode(message) == value


@pytest.mark.parametrize("message", [b"?\r\n", b":1\r\n:2\r\n", b":x\r\n", b"+OK"])
def test_no_value(message: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode(message)


def test_an_error_has_a_code() -> None:
    assert ReplyError(text="NOAUTH Authentication required.").code == "NOAUTH"


def test_a_command() -> None:
    assert encode(b"SET", b"a", b"\r\n") == b"*3\r\n$3\r\nSET\r\n$1\r\na\r\n$2\r\n\r\n\r\n"
