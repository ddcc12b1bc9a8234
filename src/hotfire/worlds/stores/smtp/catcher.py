"""A mail server of ours that delivers nothing: what the service sends to it is kept, as a store of plain rows."""

import asyncio
import socket

from hotfire.model.history import RowChange
from hotfire.model.store import Changes
from hotfire.wire.smtp import Message
from hotfire.worlds.proxy.border import Border
from hotfire.worlds.proxy.smtp import SmtpSession
from hotfire.worlds.stores.smtp.letter import Letter

PORT = 2525


def placeholders(port: int = PORT) -> dict[str, str]:
    """What the service's environment may name: {mail.host}, {mail.port}, {mail.url}, {mail.user}, {mail.password}."""
    values = {"host": "127.0.0.1", "port": str(port), "user": "hotfire", "password": "hotfire"}
    return {**values, "url": f"smtp://127.0.0.1:{port}"}


class Catcher:
    """The `Store` of the mails of one world. A checkpoint is the number of mails that had come.

    Its server listens where the service is told to send mail: `serve` takes a socket of the service's own network.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._letters: list[Letter] = []
        self._start = 0
        self._server: asyncio.Server | None = None

    async def serve(self, listener: socket.socket, border: Border) -> None:
        """Take mails from this listening socket."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: SmtpSession(border, self.take), sock=listener)

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

    def take(self, message: Message) -> None:
        """A mail has come."""
        self._letters.append(Letter.of_bytes(message.sender, message.recipients, message.content))

    def _is_again(self, place: int) -> bool:
        letter = self._letters[place]
        return letter.message_id != "" and letter in self._letters[:place]

    def _place(self, checkpoint: int) -> int:
        return max(checkpoint, self._start)
