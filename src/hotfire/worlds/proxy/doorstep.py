"""Where a client is met whose configuration insists: TLS and the password, before its session begins.

A border that nobody demands anything of has no doorstep (see `wire/postgres/demands.py`); after a clear opening the
session takes the line over, and the doorstep is gone.
"""

import asyncio
import secrets
import ssl
from dataclasses import dataclass
from typing import cast

from hotfire.wire import postgres as wire
from hotfire.wire.postgres.scram_server import PasswordCheck, PasswordRefusedError, Verifier
from hotfire.worlds.proxy.border import Border
from hotfire.worlds.proxy.encrypted import Encrypted, begins_tls, distrusted


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How clients are met. `end_point` is the SHA-256 of the certificate in `tls` (RFC 5929 section 4.1)."""

    tls: ssl.SSLContext | None = None
    end_point: bytes = b""
    verifier: Verifier | None = None


class Doorstep(asyncio.Protocol):
    """One connection of the service until its session begins. It is told `connection_made` again once it is in TLS."""

    def __init__(self, border: Border, manner: Manner, session: asyncio.Protocol) -> None:
        self._border = border
        self._manner = manner
        self._session = session
        self._line: asyncio.Transport | None = None
        self._heard = bytearray()
        self._startup = b""
        self._check: PasswordCheck | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A connection of the service begins, or its TLS stands."""
        self._line = cast("asyncio.Transport", transport)  # uvloop's transports are none by class

    def data_received(self, data: bytes) -> None:
        """Bytes of the client, in clear or decrypted."""
        self._heard += data
        try:
            if self._check:
                self._ask(self._check)
            else:
                self._open()
        except PasswordRefusedError as error:
            self._refuse("28P01", str(error))
        except ValueError as error:
            self._refuse("08P01", str(error))

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has gone."""
        self._line = None
        if isinstance(exc, ssl.SSLError):
            places = "sslrootcert or PGSSLROOTCERT; SSL_CERT_FILE for ssl=True in Python"
            self._border.unmet = distrusted(self._border.dependency, exc, places)

    def _open(self) -> None:
        """Answer what comes before the session, until something is to be waited for."""
        while self._line and self._heard:
            if begins_tls(self._heard) and self._offers(self._line):  # libpq's sslnegotiation=direct
                self._encrypt(self._line)
                return
            opening = wire.opening(bytes(self._heard))
            if opening is None:
                return
            if isinstance(opening, wire.SSLRequest) and self._offers(self._line):
                self._accept(self._line, opening)
                return
            if isinstance(opening, wire.SSLRequest | wire.GSSRequest):
                del self._heard[: len(opening.data)]
                self._line.write(wire.REFUSED)
            elif isinstance(opening, wire.Startup) and self._manner.verifier:
                self._begin_check(self._line, opening, self._manner.verifier)
                return
            else:
                self._hand_over(self._line)
                return

    def _offers(self, line: asyncio.Transport) -> bool:
        return self._manner.tls is not None and not isinstance(line, Encrypted)

    def _accept(self, line: asyncio.Transport, request: wire.SSLRequest) -> None:
        """Say yes to TLS; what was said in clear after the question is none of the client's."""
        del self._heard[: len(request.data)]
        if self._heard:
            self._refuse("08P01", "unencrypted bytes after the request for TLS")
            return
        line.write(wire.ACCEPTED)
        self._encrypt(line)

    def _encrypt(self, line: asyncio.Transport) -> None:
        if self._manner.tls is None:
            return
        heard, self._heard = bytes(self._heard), bytearray()
        Encrypted(line, self, self._manner.tls).received(heard)

    def _begin_check(self, line: asyncio.Transport, opening: wire.Startup, verifier: Verifier) -> None:
        self._startup = opening.data
        del self._heard[: len(opening.data)]
        end_point = self._manner.end_point if isinstance(line, Encrypted) else b""
        self._check = PasswordCheck(verifier, secrets.token_urlsafe(18), end_point)
        line.write(self._check.begin())
        if self._heard:
            self._ask(self._check)

    def _ask(self, check: PasswordCheck) -> None:
        heard, self._heard = bytes(self._heard), bytearray()
        answer = check.client(heard)
        if self._line and answer:
            self._line.write(answer)
        if self._line and check.done:
            self._heard += self._startup + check.rest
            self._hand_over(self._line)

    def _hand_over(self, line: asyncio.Transport) -> None:
        """The session begins with what the doorstep has not used up; the line is no longer ours."""
        line.set_protocol(self._session)
        self._session.connection_made(line)
        self._session.data_received(bytes(self._heard))

    def _refuse(self, sqlstate: str, problem: str) -> None:
        """No session: say why in the server's manner."""
        if self._line:
            self._line.write(wire.error_response(sqlstate, f"hotfire: {problem}"))
            self._line.close()
