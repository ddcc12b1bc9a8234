"""Where clients of Redis are met that speak TLS: from the first byte on, for Redis knows no question before it."""

import asyncio
import ssl
from typing import cast

from hotfire.worlds.proxy.border import Border
from hotfire.worlds.proxy.encrypted import Encrypted, begins_tls, distrusted


class TlsDoor(asyncio.Protocol):
    """One connection of the service until its first byte has shown whether it speaks TLS, and the TLS stands."""

    def __init__(self, border: Border, context: ssl.SSLContext, session: asyncio.Protocol) -> None:
        self._border = border
        self._context = context
        self._session = session
        self._line: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A connection begins, or its TLS stands."""
        self._line = cast("asyncio.Transport", transport)  # uvloop's transports are none by class
        if isinstance(transport, Encrypted):
            transport.set_protocol(self._session)
            self._session.connection_made(transport)

    def data_received(self, data: bytes) -> None:
        """The first bytes."""
        if self._line is None:
            return
        if begins_tls(data):
            Encrypted(self._line, self, self._context).received(data)
            return
        self._line.set_protocol(self._session)
        self._session.connection_made(self._line)
        self._session.data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has gone, perhaps since it trusts the border's certificate not."""
        if isinstance(exc, ssl.SSLError):
            self._border.unmet = distrusted(self._border.dependency, exc, "ssl_ca_certs, or SSL_CERT_FILE")
