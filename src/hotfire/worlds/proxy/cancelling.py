"""Cancels what the server does for a session whose client has gone: a backend that waits does not see that itself."""

import asyncio
import contextlib
from typing import cast

from hotfire.wire.postgres import cancel_request
from hotfire.worlds.proxy.reach import Connect


async def cancel(connect: Connect, process_id: int, secret: bytes) -> None:
    """Have the server cancel what the session of `process_id` does; it needs a connection of its own."""
    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    with contextlib.suppress(OSError):  # then it is gone itself
        await connect(_Asking(cancel_request(process_id, secret), done))
        await done


class _Asking(asyncio.Protocol):
    """Says one packet to the server, which closes the connection when it has done as it was told."""

    def __init__(self, request: bytes, done: "asyncio.Future[None]") -> None:
        self._request = request
        self._done = done

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        cast("asyncio.Transport", transport).write(self._request)

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        if not self._done.done():
            self._done.set_result(None)
