"""TLS by value: two ends that hear each other in pieces say the same, and end as they mean to."""

import asyncio
import ssl
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotfire.worlds.proxy.encrypted import Encrypted
from tests.worlds.proxy.bordered import looping, manner_of
from tests.worlds.proxy.test_passing_on import Line


@dataclass
class Wire(Line):
    """A raw transport that keeps what is written, and how it was ended."""

    protocol: object = None
    ends: list[str] = field(default_factory=list)

    def set_protocol(self, protocol: object) -> None:
        self.protocol = protocol

    def is_closing(self) -> bool:
        return bool({"close", "abort"} & set(self.ends))

    def close(self) -> None:
        self.ends.append("close")
        self.protocol.connection_lost(None)

    def abort(self) -> None:
        self.ends.append("abort")

    def write_eof(self) -> None:
        self.ends.append("eof")

    def take(self) -> bytes:
        taken = bytes(self.written)
        self.written.clear()
        return taken


class Heard(asyncio.Protocol):
    """A protocol that keeps what it hears."""

    def __init__(self) -> None:
        self.data = b""
        self.lost: list[Exception | None] = []
        self.line: Encrypted | None = None

    def connection_made(self, line: Encrypted) -> None:
        self.line = line

    def data_received(self, data: bytes) -> None:
        self.data += data

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost.append(exc)


class Ends:
    """A server and a client in TLS, with all that is between them."""

    def __init__(self, folder, server: ssl.SSLContext) -> None:
        self.wires, self.heard = (Wire(), Wire()), (Heard(), Heard())
        client = ssl.create_default_context(cafile=f"{folder}/tls-db/ca.pem")
        self.tls = (
            Encrypted(self.wires[0], self.heard[0], server),
            Encrypted(self.wires[1], self.heard[1], client, "localhost"),
        )
        self.tls[1].received(b"")

    def carry(self, size: int) -> None:
        """What is written reaches the other end in pieces of this size, until nothing more is written."""
        while any(wire.written for wire in self.wires):
            for here, there in ((0, 1), (1, 0)):
                data = self.wires[here].take()
                for at in range(0, len(data), size):
                    self.tls[there].received(data[at : at + size])


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    with looping() as loop:
        manner = manner_of(loop, folder)
    return folder, manner.tls


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 60_000)), max_size=4), st.integers(1, 20_000))
@settings(max_examples=40, deadline=None)
def test_what_is_said_is_heard_whole_and_in_order(made, talks, size) -> None:
    ends, said = Ends(*made), [b"", b""]
    ends.carry(size)
    for number, (who, length) in enumerate(talks):
        part = bytes([65 + number]) * length
        ends.tls[who].send(part)
        said[who] += part
        ends.carry(size)
    assert [ends.heard[1].data, ends.heard[0].data] == said


def test_a_half_close_is_heard_and_what_comes_after_it_too(made) -> None:
    ends = Ends(*made)
    ends.carry(9999)
    ends.tls[1].write_eof()
    ends.tls[1].send(b"nowhere")
    ends.tls[0].send(b"last words")
    ends.carry(9999)
    assert ends.wires[1].ends == ["eof"]
    assert ends.heard[1].data == b"last words"
    assert ends.heard[0].data == b""
    assert ends.wires[0].ends == ["close"]  # the serving end answers an end with its own


def test_an_abort_says_nothing(made) -> None:
    ends = Ends(*made)
    ends.carry(9999)
    ends.tls[0].abort()
    assert ends.wires[0].ends == ["abort"]
    assert not ends.wires[0].written
    assert ends.heard[1].lost == []


def test_bytes_that_are_no_tls_end_the_handshake_with_an_error(made) -> None:
    ends = Ends(*made)
    ends.tls[0].received(b"GET / HTTP/1.1\r\n\r\n")
    assert ends.wires[0].ends == ["close"]
    assert isinstance(ends.heard[0].lost[0], ssl.SSLError)
    assert ends.heard[0].line is None
