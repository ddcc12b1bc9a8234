"""The server's side of SCRAM-SHA-256 and SCRAM-SHA-256-PLUS, for a service that insists on a password, without IO.

Specification: RFC 5802 and RFC 7677; RFC 5929 section 4 for the channel binding `tls-server-end-point`; PostgreSQL's
"Frontend/Backend Protocol", "SASL Authentication". The password must be plain ASCII (ours is made of hex digits), so
SASLprep changes nothing; the user's name in the exchange is ignored, as PostgreSQL ignores it.
"""

import hashlib
import hmac
import struct
from base64 import b64decode, b64encode
from dataclasses import dataclass

from hotfire.wire.postgres.frames import Frames, frames
from hotfire.wire.postgres.startup import message

_SASL, _CONTINUE, _FINAL = 10, 11, 12
_PLAIN, _PLUS = b"SCRAM-SHA-256", b"SCRAM-SHA-256-PLUS"
_BINDING = "p=tls-server-end-point"
_ITERATIONS = 4096  # RFC 7677 section 4: no fewer; it is the client that pays for them


class PasswordRefusedError(ValueError):
    """The client does not prove that it knows the password."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verifier:
    """What a server keeps of a password (RFC 5802 section 3): enough to check it, made once for all connections."""

    salt: bytes
    iterations: int
    stored_key: bytes
    server_key: bytes

    @classmethod
    def of(cls, password: str, salt: bytes, iterations: int = _ITERATIONS) -> "Verifier":
        """The verifier of a password."""
        salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, iterations)
        stored = hashlib.sha256(_hmac(salted, b"Client Key")).digest()
        return cls(salt=salt, iterations=iterations, stored_key=stored, server_key=_hmac(salted, b"Server Key"))


class PasswordCheck:
    """One exchange. Say `begin()`, then feed it the client's bytes until `done`; `rest` are those that come after.

    `nonce` is the server's part. `end_point` is the SHA-256 of the certificate of the TLS that the exchange runs in
    (RFC 5929), or empty where there is none: then channel binding is not offered.
    """

    def __init__(self, verifier: Verifier, nonce: str, end_point: bytes = b"") -> None:
        self.done = False
        self.rest = b""
        self._verifier = verifier
        self._nonce = nonce
        self._end_point = end_point
        self._bound = b""  # what the client must repeat: its header, and the channel
        self._said = ""  # client-first-message-bare and server-first-message
        self._frames = Frames()

    def begin(self) -> bytes:
        """Which mechanisms there are."""
        mechanisms = [_PLUS, _PLAIN] if self._end_point else [_PLAIN]
        return _authentication(_SASL, b"".join(name + b"\0" for name in mechanisms) + b"\0")

    def client(self, data: bytes) -> bytes:
        """Take the client's bytes; what to answer.

        Raises:
            PasswordRefusedError: the password is another one, or the TLS is not ours.
            ValueError: this is no SCRAM.
        """
        buffer = self._frames.join(data)
        answers, at = b"", 0
        for kind, end in frames(buffer):
            if self.done:
                break
            if kind != b"p":
                problem = f"expected the answer to SASL, got a message of type {kind!r}"
                raise ValueError(problem)
            body = buffer[at + 5 : end]
            answers += self._finish(body.decode("ascii")) if self._said else self._challenge(body)
            at = end
        if self.done:
            self.rest = buffer[at:]
        else:
            self._frames.keep(buffer, at)
        return answers

    def _challenge(self, body: bytes) -> bytes:
        """RFC 5802 section 7: client-first-message in, server-first-message out."""
        mechanism, _, rest = body.partition(b"\0")
        if len(rest) < 4 or struct.unpack_from("!I", rest)[0] != len(rest) - 4:
            problem = "SASLInitialResponse has no initial response"
            raise ValueError(problem)
        flag, authorization, bare = _split(rest[4:].decode("ascii"))
        self._bound = f"{flag},{authorization},".encode() + self._channel(mechanism, flag)
        nonce = _fields(bare).get("r", "") + self._nonce
        challenge = f"r={nonce},s={b64encode(self._verifier.salt).decode()},i={self._verifier.iterations}"
        self._said = f"{bare},{challenge}"
        return _authentication(_CONTINUE, challenge.encode())

    def _channel(self, mechanism: bytes, flag: str) -> bytes:
        """What binds the exchange to its TLS (RFC 5802 section 6); nothing for the plain mechanism."""
        if mechanism == _PLUS and flag == _BINDING and self._end_point:
            return self._end_point
        if mechanism == _PLAIN and flag == "y" and self._end_point:
            problem = "the client says that channel binding was not offered, though it was"
            raise PasswordRefusedError(problem)
        if mechanism == _PLAIN and flag in {"n", "y"}:
            return b""
        problem = f"{mechanism.decode('ascii', 'replace')} with {flag!r} was not offered"
        raise ValueError(problem)

    def _finish(self, final: str) -> bytes:
        """RFC 5802 section 7: client-final-message in, server-final-message out."""
        without, _, proof = final.rpartition(",p=")
        fields = _fields(without)
        if b64decode(fields.get("c", ""), validate=True) != self._bound:
            problem = "the client is bound to another channel than ours"
            raise PasswordRefusedError(problem)
        signed = f"{self._said},{without}".encode()
        if fields.get("r") != _nonce_of(self._said) or not self._proves(b64decode(proof, validate=True), signed):
            problem = "password authentication failed"
            raise PasswordRefusedError(problem)
        self.done = True
        return _authentication(_FINAL, b"v=" + b64encode(_hmac(self._verifier.server_key, signed)))

    def _proves(self, proof: bytes, signed: bytes) -> bool:
        signature = _hmac(self._verifier.stored_key, signed)
        if len(proof) != len(signature):
            return False
        key = bytes(one ^ other for one, other in zip(proof, signature, strict=True))
        return hmac.compare_digest(hashlib.sha256(key).digest(), self._verifier.stored_key)


def _authentication(code: int, body: bytes) -> bytes:
    return message(b"R", struct.pack("!I", code) + body)


def _split(first: str) -> tuple[str, str, str]:
    """The header of a client-first-message (channel binding flag, authorization identity), and the bare message."""
    parts = first.split(",", 2)
    if len(parts) != 3 or "r=" not in parts[2]:
        problem = "the client's first SCRAM message cannot be read"
        raise ValueError(problem)
    return parts[0], parts[1], parts[2]


def _fields(text: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in text.split(","))
    return {name: value for name, _, value in pairs}


def _nonce_of(said: str) -> str:
    """The nonce of both: that of the server-first-message, which came last."""
    return _fields(said)["r"]


def _hmac(key: bytes, text: bytes) -> bytes:
    return hmac.new(key, text, hashlib.sha256).digest()
