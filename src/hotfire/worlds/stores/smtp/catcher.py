"""A mail server of ours that delivers nothing: what the service sends to it is kept, as a store of plain rows."""

import asyncio
import socket
from typing import cast

from hotfire.model.action import Action
from hotfire.model.history import RowChange
from hotfire.model.store import Changes
from hotfire.wire.smtp import GREETING, Dialogue
from hotfire.worlds.proxy.border import Border
from hotfire.worlds.stores.smtp.letter import Letter

PORT = 2525


def placeholders(port: int = PORT) -> dict[str, str]:
    """What the service's environment may name: {mail.host}, {mail.port}, {mail.url}, {mail.user}, {mail.password}."""
    values = {"host": "127.0.0.1", "port": str(port), "user": "hotfire", "password": "hotfire"}
    return {**values, "url": f"smtp://127.0.0.1:{port}"}


class Catcher:
    """The `Store` of the mails of one world. A checkpoint is the number of mails that had come.

    Its server listens where the service is told to send mail: `serve` takes a socket of the service's own network.
    The border counts its connections, and perturbs none as yet.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._letters: list[Letter] = []
        self._start = 0
        self._server: asyncio.Server | None = None

    async def serve(self, listener: socket.socket, border: Border) -> None:
        """Take mails from this listening socket."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Session(self, border), sock=listener)

    # the Store protocol

    async def checkpoint(self) -> int:
        """The number of mails that have come."""
        return len(self._letters)

    async def restore(self, checkpoint: int) -> None:
        """Forget all that came later."""
        del self._letters[self._place(checkpoint) :]

    async def changes(self, checkpoint: int) -> Changes:
        """Each mail since as a new row: what was sent is never changed. The same mail sent again is none."""
        since = range(self._place(checkpoint), len(self._letters))
        rows = (self._letters[place].row() for place in since if not self._is_again(place))
        table = f"{self.name}.messages"
        return Changes(
            rows=tuple(RowChange(store=self.name, table=table, before=None, after=row) for row in rows), writes=()
        )

    async def advance(self, prime: int) -> None:
        """Nothing: a mail server makes no values up that a service is told."""

    async def columns(self) -> dict[str, dict[str, str]]:
        """All is text."""
        names = ("from", "to", "subject", "body", "html", "attachments")
        return {f"{self.name}.{self.name}.messages": dict.fromkeys(names, "text")}

    # what else a world asks

    async def freeze(self) -> None:
        """What has come by now is the state of the start, until `thaw`."""
        self._start = len(self._letters)

    async def thaw(self) -> None:
        """The start is empty again."""
        self._start = 0

    async def letters(self, checkpoint: int) -> tuple[Letter, ...]:
        """The mails since."""
        return tuple(self._letters[checkpoint:])

    async def close(self) -> None:
        """Listen no more."""
        if self._server:
            self._server.close()

    def take(self, letter: Letter) -> None:
        """A mail has come."""
        self._letters.append(letter)

    def _is_again(self, place: int) -> bool:
        letter = self._letters[place]
        return letter.message_id != "" and letter in self._letters[:place]

    def _place(self, checkpoint: int) -> int:
        return max(checkpoint, self._start)


class _Session(asyncio.Protocol):
    """One connection of the service; a `Session` of the border."""

    busy = False
    process_id = 0

    def __init__(self, catcher: Catcher, border: Border) -> None:
        self._catcher = catcher
        self._border = border
        self._dialogue = Dialogue()
        self._taken = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's transports are none by class
        self._border.opened(self)
        self._transport.write(GREETING)

    def data_received(self, data: bytes) -> None:
        replies = self._dialogue.feed(data)
        messages = self._dialogue.messages
        for message in messages[self._taken :]:
            self._catcher.take(Letter.of_bytes(message.sender, message.recipients, message.content))
        self._taken = len(messages)
        self._transport.write(replies)
        if self._dialogue.ended:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._border.closed(self)

    def release(self) -> None:
        """Nothing is ever held."""

    def resume(self, action: Action) -> None:
        """Likewise."""

    def cut(self) -> None:
        """The service is gone: what it sent is still read, to the end of the connection."""
