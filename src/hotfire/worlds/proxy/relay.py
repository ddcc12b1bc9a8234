"""One connection of the service with its server, passed through a border: two lines, and what becomes of both.

What is read on them, and what is kept back, is a wire's own business: a session of Postgres, of Redis.
"""

import asyncio
from abc import ABC, abstractmethod
from typing import cast

from hotfire.model.action import Action
from hotfire.worlds.proxy.border import Border
from hotfire.worlds.proxy.encrypted import Encrypted, way_out
from hotfire.worlds.proxy.flow import Tap
from hotfire.worlds.proxy.outlet import Outlet, reset


class Relay(asyncio.Protocol, ABC):
    """The service's end, and a `Session` of the border; a `ServerEnd` is the other."""

    def __init__(self, border: Border) -> None:
        self._border = border
        self._client: asyncio.Transport | None = None
        self._server: asyncio.Transport | None = None
        self._to_client: Outlet | Encrypted | None = None
        self._to_server: Outlet | Encrypted | None = None
        self._from_client: Tap | None = None
        self._from_server: Tap | None = None
        self._number = 0

    # what the border asks

    @property
    @abstractmethod
    def busy(self) -> bool:
        """A call without its reply, or a transaction that is open."""

    @property
    @abstractmethod
    def process_id(self) -> int:
        """The server's name for the connection."""

    @property
    def held(self) -> bool:
        """Whether the service still holds its end."""
        return self._client is not None

    @abstractmethod
    def release(self) -> None:
        """Go on with what is held."""

    @abstractmethod
    def resume(self, action: Action) -> None:
        """A person has looked: do with what is held what was to be done."""

    def cut(self) -> None:
        """End both ends now."""
        if self._client:
            self._client.abort()
        self._end_server()

    # the service's end

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A connection of the service begins."""
        self._client = cast("asyncio.Transport", transport)  # uvloop's transports are none by class
        self._to_client, self._from_client = way_out(self._client), Tap(self._client)
        self._number = self._border.opened(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """The service's end is gone: half-close, so that the server ends what was open and says when it has."""
        del exc
        self._client = self._from_client = None
        if self._from_server:
            self._from_server.open("slow", "kept")  # nobody reads what it still says, and its end stands behind that
        self._end_server()

    def pause_writing(self) -> None:
        """The service reads slower than the server writes."""
        if self._from_server:
            self._from_server.shut("slow")

    def resume_writing(self) -> None:
        """The service has caught up."""
        if self._from_server:
            self._from_server.open("slow")

    # the server's end, told by a ServerEnd

    def server_made(self, transport: asyncio.Transport) -> None:
        """The connection to the server stands."""
        self._server = transport
        self._to_server, self._from_server = way_out(transport), Tap(transport)
        if self._client is None:
            transport.abort()

    def server_full(self) -> None:
        """The server reads slower than the service writes."""
        if self._from_client:
            self._from_client.shut("slow")

    def server_drained(self) -> None:
        """The server has caught up."""
        if self._from_client:
            self._from_client.open("slow")

    @abstractmethod
    def server_data(self, data: bytes) -> None:
        """Bytes from the server."""

    def server_lost(self) -> None:
        """The server has ended the connection: nothing of it is to come."""
        self._server = self._from_server = None
        if self._client:
            self._client.close()
        self._border.closed(self)

    # both

    def _write_client(self, data: bytes) -> None:
        if self._client and self._to_client and data:
            self._to_client.send(data)

    def _write_server(self, data: bytes) -> None:
        if self._server and self._to_server:
            self._to_server.send(data)

    def _reset(self) -> None:
        if self._client:
            reset(self._client)
        self._end_server()

    def _end_server(self) -> None:
        """Half-close towards the server, whose EOF then says that all it was asked is done, or undone."""
        if self._server and not self._server.is_closing():
            self._server.write_eof()
        elif self._server is None:
            self._border.closed(self)


class ServerEnd(asyncio.Protocol):
    """The border's connection to the server."""

    def __init__(self, session: Relay) -> None:
        self._session = session

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It stands."""
        self._session.server_made(cast("asyncio.Transport", transport))

    def data_received(self, data: bytes) -> None:
        """The server says something."""
        self._session.server_data(data)

    def pause_writing(self) -> None:
        """It reads slower than it is written to."""
        self._session.server_full()

    def resume_writing(self) -> None:
        """It has caught up."""
        self._session.server_drained()

    def connection_lost(self, exc: Exception | None) -> None:
        """The server has ended it."""
        del exc
        self._session.server_lost()
