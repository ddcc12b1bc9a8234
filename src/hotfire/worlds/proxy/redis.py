"""One connection of the service to Redis through the border: two asyncio Protocols and a sans-IO dialogue."""

import asyncio
from collections.abc import Awaitable, Callable

from hotfire.model.action import Action
from hotfire.wire.redis.commands import CommandTable
from hotfire.worlds.proxy.border import Border

Connect = Callable[[asyncio.Protocol], Awaitable[object]]
"""Opens a connection to the server and gives it to the protocol."""


class RedisSession(asyncio.Protocol):
    """The service's end."""

    def __init__(self, border: Border, connect: Connect, table: CommandTable) -> None:
        self._border = border
        self._connect = connect
        self._table = table

    @property
    def busy(self) -> bool:
        """A call without its reply, unless it waits for another client, or an open MULTI."""
        return False

    @property
    def process_id(self) -> int:
        """The border's own number of the connection."""
        return 0

    def release(self) -> None:
        """Go on with what is held."""

    def resume(self, action: Action) -> None:
        """A person has looked: do with what is held what was to be done."""

    def cut(self) -> None:
        """End both ends now."""
