"""The login that a border does in the service's place: cleartext, MD5, and SCRAM-SHA-256, without IO.

The service itself is let in without a password, unless it insists on one (scram_server.py): what stands behind the
border is ours.
Specification: PostgreSQL's "Frontend/Backend Protocol", "SASL Authentication"; RFC 5802, RFC 7677. The password must be
plain ASCII (ours is made of hex digits), so SASLprep changes nothing. Channel binding is not offered.
"""

import hashlib
import hmac
import struct
from base64 import b64decode, b64encode

from hotfire.wire.postgres.frames import Frames, frames
from hotfire.wire.postgres.startup import message

_OK, _CLEARTEXT, _MD5, _SASL, _CONTINUE, _FINAL = 0, 3, 5, 10, 11, 12
_MECHANISM = "SCRAM-SHA-256"


class LoginRefusedError(ValueError):
    """The server asks for something that this login cannot do, or does not prove that it knows the password."""


class Login:
    """One login. Feed it the server's bytes until `done`; then `rest` are those that the client shall see."""

    def __init__(self, user: str, password: str, nonce: str) -> None:
        self.done = False
        self.rest = b""
        self.user = user
        self._password = password
        self._first = f"n=,r={nonce}"
        self._proof = b""
        self._frames = Frames()

    def server(self, data: bytes) -> bytes:
        """Take the server's bytes; what to answer.

        Raises:
            LoginRefusedError: it cannot go on. An ErrorResponse of the server is no error here: it is passed on.
        """
        buffer = self._frames.join(data)
        answers, at = b"", 0
        for kind, end in frames(buffer):
            if kind != b"R":
                self.done, self.rest = True, buffer[at:]
                return answers
            code = struct.unpack_from("!I", buffer, at + 5)[0]
            if code == _OK:
                self.done, self.rest = True, buffer[at:]
                return answers
            answers += self._answer(code, buffer[at + 9 : end])
            at = end
        self._frames.keep(buffer, at)
        return answers

    def _answer(self, code: int, body: bytes) -> bytes:
        match code:
            case n if n == _CLEARTEXT:
                return message(b"p", self._password.encode() + b"\0")
            case n if n == _MD5:
                return message(b"p", self._md5(body) + b"\0")
            case n if n == _SASL:
                return self._begin(body)
            case n if n == _CONTINUE:
                return message(b"p", self._prove(body.decode()))
            case n if n == _FINAL:
                self._verify(body.decode())
                return b""
            case _:
                problem = f"the server asks for authentication {code}, which hotfire's border cannot do"
                raise LoginRefusedError(problem)

    def _md5(self, salt: bytes) -> bytes:
        inner = hashlib.md5((self._password + self.user).encode(), usedforsecurity=False).hexdigest()
        return b"md5" + hashlib.md5(inner.encode() + salt, usedforsecurity=False).hexdigest().encode()

    def _begin(self, mechanisms: bytes) -> bytes:
        if _MECHANISM.encode() not in mechanisms.split(b"\0"):
            problem = f"the server offers {mechanisms!r}, hotfire's border can {_MECHANISM}"
            raise LoginRefusedError(problem)
        first = b"n,," + self._first.encode()
        return message(b"p", _MECHANISM.encode() + b"\0" + struct.pack("!I", len(first)) + first)

    def _prove(self, challenge: str) -> bytes:
        fields = dict(part.split("=", 1) for part in challenge.split(","))
        if not fields["r"].startswith(self._first.split("r=", 1)[1]):
            problem = "the server answered another nonce than ours"
            raise LoginRefusedError(problem)
        salted = hashlib.pbkdf2_hmac("sha256", self._password.encode(), b64decode(fields["s"]), int(fields["i"]))
        last = f"c=biws,r={fields['r']}"
        signed = f"{self._first},{challenge},{last}".encode()
        key = _hmac(salted, b"Client Key")
        signature = _hmac(hashlib.sha256(key).digest(), signed)
        self._proof = _hmac(_hmac(salted, b"Server Key"), signed)
        proof = bytes(one ^ other for one, other in zip(key, signature, strict=True))
        return f"{last},p={b64encode(proof).decode()}".encode()

    def _verify(self, final: str) -> None:
        if not hmac.compare_digest(final, f"v={b64encode(self._proof).decode()}"):
            problem = "the server did not prove that it knows the password"
            raise LoginRefusedError(problem)


def _hmac(key: bytes, text: bytes) -> bytes:
    return hmac.new(key, text, hashlib.sha256).digest()
