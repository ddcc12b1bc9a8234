"""The border's way to the server: a unix socket, TCP in clear, or TLS where the server's DSN demands it."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from typing import cast

from hotfire.wire import postgres as wire
from hotfire.worlds.proxy.encrypted import Encrypted
from hotfire.worlds.stores.address import Address

Connect = Callable[[asyncio.Protocol], Awaitable[object]]
"""Opens a connection to the server and gives it to the protocol."""


async def reach(address: Address, protocol: asyncio.Protocol) -> None:
    """Connect `protocol` to the server.

    Raises:
        OSError: nobody listens there, the server refuses TLS, or its certificate is not as the address demands.
    """
    loop = asyncio.get_running_loop()
    context = address.context()
    if address.socket:
        await loop.create_unix_connection(lambda: protocol, address.socket)
    elif context is None:
        await loop.create_connection(lambda: protocol, address.host, address.port)
    else:
        asking = _Asking(protocol, context, address.host)
        transport, _ = await loop.create_connection(lambda: asking, address.host, address.port)
        try:
            await asking.done
        except BaseException:
            transport.abort()
            raise


class _Asking(asyncio.Protocol):
    """Asks the server for TLS, and is told `connection_made` again once it stands: then the session has the line."""

    def __init__(self, session: asyncio.Protocol, context: ssl.SSLContext, host: str) -> None:
        self.done = asyncio.get_running_loop().create_future()
        self._session = session
        self._context = context
        self._host = host
        self._raw: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The raw line stands, or TLS."""
        line = cast("asyncio.Transport", transport)  # uvloop's transports are none by class
        if isinstance(line, Encrypted):
            line.set_protocol(self._session)
            self._session.connection_made(line)
            self._end(None)
        else:
            self._raw = line
            line.write(wire.ssl_request())

    def data_received(self, data: bytes) -> None:
        """The server's one byte."""
        if self._raw and data == wire.ACCEPTED:
            Encrypted(self._raw, self, self._context, self._host).received(b"")
        else:
            self._end(ConnectionError(f"the server refuses TLS: it answered {data[:80]!r}"))

    def connection_lost(self, exc: Exception | None) -> None:
        """The server has gone before TLS stood."""
        self._end(exc or ConnectionError("the server closed the connection while TLS began"))

    def _end(self, error: Exception | None) -> None:
        if self.done.done():
            return
        if error is None:
            self.done.set_result(None)
        else:
            self.done.set_exception(error)
