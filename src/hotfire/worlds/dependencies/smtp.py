"""smtp: a mail server of ours in each world, which keeps what the service sends to it and delivers nothing.

Placeholders: {mail.host}, {mail.port}, {mail.user}, {mail.password}, and {mail.url}, "smtp://" and the address. Nothing
is encrypted, and everybody may sign in. Mails are rows of the table `mail.messages`, after the dependency's own name.

A sent mail is an effect: the service is killed before and after each, and the server's reply is lost. A mail that is
sent again under the same Message-ID is one mail (RFC 5322, section 3.6.4); under another, or without, it is two.
"""

from collections.abc import Mapping
from typing import ClassVar

from hotfire.config import Dependency
from hotfire.errors import HotfireError
from hotfire.worlds.marks import RunDirectory
from hotfire.worlds.prepared.reuse import Reuse
from hotfire.worlds.processes import Zygote
from hotfire.worlds.proxy.border import Border, Session, Signaller
from hotfire.worlds.stores.smtp.catcher import PORT, Catcher, placeholders


class SmtpGround:
    """Nothing stands for a run: a world's mails are its own, and `prepare` sends none that count."""

    on_shelf: ClassVar[bool] = False
    filled = False

    async def make_template(self) -> None:
        """No mail has come."""

    async def keep_template(self) -> None:
        """Likewise."""

    async def keep(self, reuse: Reuse, *, sealed: bool) -> None:
        """There is nothing to keep."""
        del reuse, sealed

    def grant(self, world: str) -> str:
        """A world needs nothing."""
        del world
        return ""

    async def stop(self) -> None:
        """Nothing runs."""


class SmtpHolding:
    """One world's mail server."""

    embedded = False

    def __init__(self, name: str, port: int, signal: Signaller) -> None:
        self.border = Border(name, signal)
        self.store = Catcher(name)
        self._port = port

    @property
    def fields(self) -> Mapping[str, str]:
        """Where mail is sent to."""
        return placeholders(self._port)

    @property
    def public(self) -> str:
        """The password that anybody may sign in with."""
        return self.fields["password"]

    @property
    def settings(self) -> Mapping[str, str]:
        """The zygote need not know."""
        return {}

    async def listen(self, zygote: Zygote) -> None:
        """Take mails, behind the seal."""
        await self.store.serve(await zygote.listen(self._port), self.border)

    async def open(self) -> None:
        """No mail has come."""
        await self.store.restore(0)

    async def imported(self) -> None:
        """Mails that an import sends are of before the path."""

    async def waits_for(self, holder: Session) -> bool:
        """Nobody waits for a mail of another."""
        del holder
        return False

    def sights(self) -> dict[str, str]:
        """The mails are seen in the trial's story."""
        return {}

    def explain(self, said: str) -> HotfireError | None:
        """A failed `prepare` says itself what it could not send."""
        del said
        return None

    async def deafen(self) -> None:
        """Close the port."""
        await self.store.close()


class Smtp:
    """The kind `smtp`."""

    kind: ClassVar[str] = "smtp"
    port: ClassVar[int] = PORT

    async def begin(self, dependency: Dependency, run: RunDirectory, reuse: Reuse) -> SmtpGround:
        """Nothing is started."""
        del dependency, run, reuse
        return SmtpGround()

    def says(self, dependency: Dependency) -> str:
        """Nothing worth a line."""
        del dependency
        return ""

    def hold(
        self, name: str, grant: str, port: int, run_directory: str, signal: Signaller, environment: Mapping[str, str]
    ) -> SmtpHolding:
        """One world's mail server."""
        del grant, run_directory, environment
        return SmtpHolding(name, port, signal)
