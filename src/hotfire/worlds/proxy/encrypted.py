"""TLS over a transport: a transport again, whose bytes leave as those of a clear line do, at once.

The loop's own TLS would send at the end of its turn, and can neither half-close nor end without waiting for the peer.
"""

import asyncio
import ssl
from contextlib import suppress
from typing import Any

from hotfire.worlds.proxy.outlet import Outlet

_RECORD = 1 << 14  # bytes: the most that one TLS record holds
_HANDSHAKE = 0x16  # a record's type, its first byte (RFC 8446 section 5.1)


def begins_tls(heard: bytes | bytearray) -> bool:
    """Whether a client's first bytes are those of TLS; no protocol that a border speaks begins so."""
    return heard[:1] == bytes((_HANDSHAKE,))


def distrusted(name: str, error: ssl.SSLError, places: str) -> str:
    """What a client that failed in the handshake with the border of `name` lacks, and where to write it."""
    return (
        f"the service did not take the certificate of the border of {name} ({error.reason or ''}): let it trust "
        f'"{{{name}.ca}}" ({places})'
    )


class Encrypted(asyncio.Transport):
    """Takes over `raw`, and gives `inner` the plain bytes; `inner.connection_made` is told once the handshake is done.

    `abort` leaves TLS unended, as a cut does. A failed handshake is told to `inner.connection_lost` as ssl.SSLError.
    """

    def __init__(
        self, raw: asyncio.Transport, inner: asyncio.BaseProtocol, context: ssl.SSLContext, host: str | None = None
    ) -> None:
        super().__init__()
        self._raw = raw
        self._inner = inner
        self._outlet = Outlet(raw)
        self._serving = host is None
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        name = None if self._serving else host
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=self._serving, server_hostname=name)
        self._established = False
        self._ended = False
        self._failure: ssl.SSLError | None = None
        raw.set_protocol(_Raw(self))

    # what the raw line tells

    def received(self, data: bytes) -> None:
        """Encrypted bytes; none: begin the handshake."""
        self._incoming.write(data)
        begins = not self._established
        try:
            if begins:
                self._tls.do_handshake()
                self._established = True
            plain, ended = self._read()
        except ssl.SSLWantReadError:
            self._flush()
        except ssl.SSLError as error:
            self._failure = None if self._established else error
            self._flush()  # the alert that says why
            self._raw.close()
        else:
            self._flush()
            self._tell(plain, begins=begins, ended=ended)

    def lost(self, exc: Exception | None) -> None:
        """The raw line has ended."""
        self._inner.connection_lost(self._failure or exc)

    def pressed(self, *, pause: bool) -> None:
        """The peer reads slower than we write, or has caught up."""
        if pause:
            self._inner.pause_writing()
        else:
            self._inner.resume_writing()

    def _read(self) -> tuple[bytes, bool]:
        """What the peer has said, and whether that was all."""
        pieces: list[bytes] = []
        try:
            while piece := self._tls.read(_RECORD):
                pieces.append(piece)
        except ssl.SSLWantReadError:
            return b"".join(pieces), False
        except ssl.SSLZeroReturnError:  # the peer's goodbye, where it answers ours
            pass
        return b"".join(pieces), True

    def _tell(self, plain: bytes, *, begins: bool, ended: bool) -> None:
        if begins:
            self._inner.connection_made(self)
        if plain and isinstance(self._inner, asyncio.Protocol):
            self._inner.data_received(plain)
        if ended and self._serving:  # of a server, only the end of the line says that all is rolled back
            self.close()

    # what a transport does

    def send(self, data: bytes) -> None:
        """Encrypt and send now."""
        if self._ended or self._raw.is_closing():
            return
        rest = memoryview(data)
        while rest:
            rest = rest[self._tls.write(rest) :]
        self._flush()

    def write(self, data: "bytes | bytearray | memoryview[Any]") -> None:
        """Likewise."""
        self.send(bytes(data))

    def write_eof(self) -> None:
        """Say that nothing more comes, and half-close; what the peer still says is heard."""
        self._say_goodbye()
        self._raw.write_eof()

    def can_write_eof(self) -> bool:
        """Yes."""
        return True

    def close(self) -> None:
        """Say that nothing more comes, and close without waiting for the peer to say so too."""
        self._say_goodbye()
        self._raw.close()

    def abort(self) -> None:
        """Close without a word."""
        self._raw.abort()

    def _say_goodbye(self) -> None:
        if not self._ended:
            self._ended = True
            with suppress(ssl.SSLError):  # SSLWantReadError: the peer has not said so yet
                self._tls.unwrap()
            self._flush()

    def _flush(self) -> None:
        if self._outgoing.pending:
            self._outlet.send(self._outgoing.read())

    def is_closing(self) -> bool:
        """Whether the raw line is."""
        return self._raw.is_closing()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """What the raw line knows of itself, its socket too."""
        return self._raw.get_extra_info(name, default)

    def get_write_buffer_size(self) -> int:
        """Encrypted bytes that wait."""
        return self._raw.get_write_buffer_size()

    def pause_reading(self) -> None:
        """Hear nothing for now."""
        self._raw.pause_reading()

    def resume_reading(self) -> None:
        """Hear again."""
        self._raw.resume_reading()

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        """Let somebody else have the plain bytes."""
        self._inner = protocol


class _Raw(asyncio.Protocol):
    """The encrypted side."""

    def __init__(self, line: Encrypted) -> None:
        self._line = line

    def data_received(self, data: bytes) -> None:
        self._line.received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._line.lost(exc)

    def pause_writing(self) -> None:
        self._line.pressed(pause=True)

    def resume_writing(self) -> None:
        self._line.pressed(pause=False)


def way_out(transport: asyncio.Transport) -> Outlet | Encrypted:
    """What sends at once: past the transport where the line is clear, through it where it is encrypted."""
    return transport if isinstance(transport, Encrypted) else Outlet(transport)
