"""PostgreSQL before the session, and the messages that a border writes itself.

A client opens with one packet without a type byte: it asks for TLS or GSS encryption (answered with one byte, after
which it opens again), cancels another session's statement, or starts a session. Specification: PostgreSQL's
"Frontend/Backend Protocol", sections "Message Flow" and "Message Formats"; versions 3.0 and 3.2.
"""

import re
import struct
from dataclasses import dataclass

_CANCEL, _SSL, _GSS = 80877102, 80877103, 80877104
_VERSION_3_0 = 196608
# The server's own limit for this packet; more (or a TLS hello, which reads as a huge length) is not PostgreSQL.
_LONGEST = 10_000
_SQLSTATE = re.compile(r"[0-9A-Z]{5}")

AUTHENTICATION_OK = b"R\0\0\0\x08\0\0\0\0"
REFUSED = b"N"
ACCEPTED = b"S"
SYNC = b"S\0\0\0\x04"


@dataclass(frozen=True, slots=True, kw_only=True)
class Startup:
    """The client starts a session as `parameters["user"]`; `version` is 196608 for 3.0, 196610 for 3.2."""

    parameters: dict[str, str]
    version: int
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SSLRequest:
    """The client asks for TLS: answered with ACCEPTED it begins it, with REFUSED it goes on in clear (or gives up)."""

    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class GSSRequest:
    """The client asks for GSS encryption; answered with REFUSED it goes on."""

    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelRequest:
    """The client cancels what the session of `process_id` does; no answer, the connection is closed."""

    process_id: int
    secret: bytes
    data: bytes


Opening = Startup | SSLRequest | GSSRequest | CancelRequest


def opening(buffer: bytes) -> Opening | None:
    """Read the first packet in `buffer`; None: more bytes are needed. `len(result.data)` bytes were used.

    Raises ValueError for bytes that are no such packet: TLS without asking first, or another protocol.
    """
    if len(buffer) < 8:
        return None
    length, code = struct.unpack_from("!II", buffer)
    if not 8 <= length <= _LONGEST:
        problem = f"not a PostgreSQL opening packet: {buffer[:8]!r}"
        raise ValueError(problem)
    if len(buffer) < length:
        return None
    data = bytes(buffer[:length])
    if code == _SSL:
        return SSLRequest(data=data)
    if code == _GSS:
        return GSSRequest(data=data)
    if code == _CANCEL:
        return CancelRequest(process_id=struct.unpack_from("!I", data, 8)[0], secret=data[12:], data=data)
    return Startup(parameters=_parameters(data[8:]), version=code, data=data)


def _parameters(body: bytes) -> dict[str, str]:
    words = [word.decode("utf-8", "replace") for word in body.split(b"\0")]
    pairs = zip(words[::2], words[1::2], strict=False)
    return {name: value for name, value in pairs if name}


def startup_message(parameters: dict[str, str], version: int = _VERSION_3_0) -> bytes:
    """The packet that starts a session with these parameters ("user", "database", …)."""
    words = [word for pair in parameters.items() for word in pair]
    body = struct.pack("!I", version) + b"".join(word.encode() + b"\0" for word in words) + b"\0"
    return struct.pack("!I", len(body) + 4) + body


def ssl_request() -> bytes:
    """The packet that asks for TLS."""
    return struct.pack("!II", 8, _SSL)


def cancel_request(process_id: int, secret: bytes) -> bytes:
    """The packet that cancels what the session of `process_id` does; it needs a connection of its own."""
    return struct.pack("!III", 12 + len(secret), _CANCEL, process_id) + secret


def message(kind: bytes, body: bytes) -> bytes:
    """A message of the session: its type byte, its length, its body."""
    return kind + struct.pack("!I", len(body) + 4) + body


def error_response(sqlstate: str, text: str, severity: str = "FATAL") -> bytes:
    """An ErrorResponse. Only for a session that the server does not have: elsewhere let the server raise it."""
    fields = {"S": severity, "V": severity, "C": sqlstate, "M": text}
    return message(b"E", b"".join(f"{key}{value}\0".encode() for key, value in fields.items()) + b"\0")


def raise_statement(sqlstate: str, text: str, *, waits: bool = False, ends: bool = False) -> bytes:
    """A simple Query that makes the real server raise `sqlstate`, so that server, driver and transaction agree.

    `waits`: it raises only once the statement is cancelled, as one that hangs in the server does: by the client, or by
    the server's own statement_timeout. `ends`: the transaction is rolled back first, for a COMMIT that fails ends it.
    Raises ValueError if `sqlstate` is not five digits or capital letters, or means success. In place of messages of
    the extended protocol use `Dialogue.refuse`, which also keeps the answers from the client that it did not ask for.
    """
    raising = _raising(sqlstate, text)
    if not waits:
        return message(b"Q", (b"ROLLBACK; " if ends else b"") + raising + b"\0")
    if ends:
        return message(b"Q", _WAITED_OUT + b"; ROLLBACK; " + raising + b"\0")
    return message(b"Q", _WAITING + b"\0")


def raise_portal(sqlstate: str, text: str, *, waits: bool = False) -> bytes:
    """Parse, Bind and Execute of such a statement, unnamed, without Sync: "1" and "2" are answered, then the error."""
    statement = _WAITING if waits else _raising(sqlstate, text)
    parse = message(b"P", b"\0" + statement + b"\0\0\0")
    return parse + message(b"B", b"\0\0\0\0\0\0\0\0") + message(b"E", b"\0\0\0\0\0")


_FOR_EVER = "PERFORM pg_catalog.pg_sleep(86400)"
_WAITING = f"DO LANGUAGE plpgsql $hotfire$BEGIN {_FOR_EVER}; END$hotfire$".encode()
_WAITED_OUT = (
    f"DO LANGUAGE plpgsql $hotfire$BEGIN {_FOR_EVER}; EXCEPTION WHEN query_canceled THEN NULL; END$hotfire$".encode()
)
"""The wait ends without an error when it is cancelled, so that what stands behind it is still done."""


def _raising(sqlstate: str, text: str) -> bytes:
    if not _SQLSTATE.fullmatch(sqlstate) or sqlstate == "00000":
        problem = f"not an SQLSTATE that can be raised: {sqlstate!r}"
        raise ValueError(problem)
    quoted = text.replace("'", "''").replace("\\", "/").replace("\0", "")
    tag = "hotfire"
    while f"${tag}$" in quoted:
        tag += "_"
    body = f"BEGIN RAISE EXCEPTION USING ERRCODE = '{sqlstate}', MESSAGE = '{quoted}'; END"
    return f"DO LANGUAGE plpgsql ${tag}${body}${tag}$".encode()
