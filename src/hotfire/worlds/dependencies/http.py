"""http: a partner over HTTP, played by a stand-in of the user's own, with a ledger of what it was asked.

    [tool.hotfire.dependency.images]
    kind = "http"
    hosts = ["images.example"]             the hosts under which the service knows it; "*.images.example" for all below
    stub = "launch/stubs.py:images"        this is the default: an ASGI application, named as the dependency
    reads = ["POST /v1/search"]            changing methods that change nothing there
    idempotency = "v1"                     what a key means to it: "v1", "v2" or "none"
    idempotency_header = "Idempotency-Key"

Placeholders: {images.url}, "http://" and the border's address; {images.host}, {images.port}; {images.ca}, the authority
that certifies each of its hosts. HTTP and HTTPS come to one port. Each request that changes something is a row of the
table `images.requests`. A stub keeps what it remembers in scope["state"], which goes back with the world.
"""

import asyncio
import json
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, cast

import msgspec

from hotfire.config import Dependency
from hotfire.errors import HotfireError, UsageError
from hotfire.wire.http import MEANINGS, Keys, Meaning, Naming
from hotfire.worlds.marks import RunDirectory
from hotfire.worlds.prepared.reuse import Reuse
from hotfire.worlds.processes import Zygote
from hotfire.worlds.proxy.authority import Authority, serving
from hotfire.worlds.proxy.border import Border, Session, Signaller
from hotfire.worlds.proxy.http import HttpSession
from hotfire.worlds.stores.partner.ledger import Ledger
from hotfire.worlds.stores.partner.stub import Stub

_WELL_KNOWN = (443, 80)
_HOST = re.compile(r"(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """The partner as it was declared, its stand-in's file and variable, and the certificate with its authority."""

    hosts: tuple[str, ...]
    reads: tuple[str, ...]
    idempotency: Meaning
    header: str
    file: str
    variable: str
    certificate: str
    authority: str


class HttpGround:
    """A certificate, for the length of a run; a world's partners remember nothing of `prepare`."""

    on_shelf: ClassVar[bool] = False
    filled = False

    def __init__(self, grant: Grant) -> None:
        self._grant = msgspec.json.encode(grant).decode()

    async def make_template(self) -> None:
        """Nothing was asked."""

    async def keep_template(self) -> None:
        """Likewise."""

    async def keep(self, reuse: Reuse, *, sealed: bool) -> None:
        """There is nothing to keep."""
        del reuse, sealed

    def grant(self, world: str) -> str:
        """The same for each world."""
        del world
        return self._grant

    async def stop(self) -> None:
        """The files go with the run's folder."""


class HttpHolding:
    """One partner in one world."""

    embedded = False
    public = ""

    def __init__(self, name: str, grant: Grant, port: int, signal: Signaller) -> None:
        self.border = Border(name, signal)
        self._grant = grant
        self._port = port
        self._naming = Naming.of(name, grant.hosts, grant.reads)
        self._ledger: Ledger | None = None
        self._listeners: list[asyncio.Server] = []

    @property
    def store(self) -> Ledger:
        """What it was asked."""
        assert self._ledger is not None  # noqa: S101  # it listens before it is asked
        return self._ledger

    @property
    def fields(self) -> Mapping[str, str]:
        """The border's address, for a base URL."""
        port = str(self._port)
        return {"url": f"http://127.0.0.1:{port}", "host": "127.0.0.1", "port": port, "ca": self._grant.authority}

    @property
    def settings(self) -> Mapping[str, str]:
        """Which hosts lead to the border, for clients that are told no base URL."""
        name = re.sub(r"\W", "_", self.border.dependency).upper()
        told = {"hosts": dict.fromkeys(self._grant.hosts, self._port), "ca": self._grant.authority}
        return {f"HOTFIRE_PARTNER_{name}": json.dumps(told)}

    async def listen(self, zygote: Zygote) -> None:
        """Open the border's port behind the seal, with the stand-in behind it."""
        grant, tls = self._grant, serving(Path(self._grant.certificate))
        stub = Stub.load(self.border.dependency, Path(grant.file), grant.variable)
        self._ledger = ledger = Ledger(self._naming, stub, Keys(meaning=grant.idempotency), grant.header)
        loop = asyncio.get_running_loop()
        self._listeners = [
            await loop.create_server(lambda: HttpSession(self.border, self._naming, ledger, tls), sock=door)
            for door in await self._doors(zygote)
        ]

    async def _doors(self, zygote: Zygote) -> list[socket.socket]:
        """Its own port; and for clients that the shim does not lead (curl), the ports at which its hosts are known."""
        shadows = [zygote.shadows[host] for host in self._grant.hosts if host in zygote.shadows]
        known = [await zygote.listen(port, address) for address in shadows for port in _WELL_KNOWN]
        return [await zygote.listen(self._port), *known]

    async def open(self) -> None:
        """Nothing was asked: what `prepare` asked is forgotten."""
        await self.store.restore(0)

    async def imported(self) -> None:
        """What an import asks is of before the path."""

    async def waits_for(self, holder: Session) -> bool:
        """No request waits for another of a session that is held: that one has not reached the partner."""
        del holder
        return False

    def sights(self) -> dict[str, str]:
        """What it was asked is seen in the trial's story."""
        return {}

    def explain(self, said: str) -> HotfireError | None:
        """A failed `prepare` says itself what it was answered."""
        del said
        return None

    async def deafen(self) -> None:
        """Close the port, and end the stand-in."""
        self.border.cut_all()
        await self.border.drained(10.0)
        for listener in self._listeners:
            listener.close()
        await self.store.close()


class Http:
    """The kind `http`. Its ports lie below those that a kernel gives to clients."""

    kind: ClassVar[str] = "http"
    port: ClassVar[int] = 8443

    def __init__(self) -> None:
        self._authorities: dict[str, Authority] = {}
        self._named: dict[tuple[str, str], str] = {}

    async def begin(self, dependency: Dependency, run: RunDirectory, reuse: Reuse) -> HttpGround:
        """Read the declaration, run the stand-in's file once, and have the hosts certified.

        Raises:
            UsageError: what is declared cannot be meant, or the stand-in's file raises.
            SetupError: there is no stand-in, or trustme is not installed.
        """
        _check(dependency)
        file, variable = _stand_in(dependency, reuse.project.folder, reuse.project.launch)
        Stub.load(dependency.name, file, variable)
        if run.run not in self._authorities:
            self._authorities[run.run] = Authority.make(run.path)
        self._know(dependency, run.run)
        authority = self._authorities[run.run]
        grant = Grant(
            hosts=dependency.hosts,
            reads=dependency.reads,
            idempotency=cast("Meaning", dependency.idempotency),
            header=dependency.idempotency_header,
            file=str(file),
            variable=variable,
            certificate=str(_certified(authority, dependency)),
            authority=str(authority.file),
        )
        return HttpGround(grant)

    def _know(self, dependency: Dependency, run: str) -> None:
        """A host leads to one partner."""
        for host in dependency.hosts:
            other = self._named.setdefault((run, host), dependency.name)
            if other != dependency.name:
                problem = f"pyproject.toml: the dependencies {other} and {dependency.name} both have the host {host}"
                raise UsageError(problem, hint="one stand-in may answer for several hosts: hosts = […] of one of them")

    def says(self, dependency: Dependency) -> str:
        """Nothing worth a line."""
        del dependency
        return ""

    def hold(
        self, name: str, grant: str, port: int, run_directory: str, signal: Signaller, environment: Mapping[str, str]
    ) -> HttpHolding:
        """One partner in one world."""
        del run_directory, environment
        return HttpHolding(name, msgspec.json.decode(grant, type=Grant), port, signal)


def _certified(authority: Authority, dependency: Dependency) -> Path:
    try:
        return authority.certify(dependency.name, dependency.hosts)
    except ValueError as error:
        problem = f"{_where(dependency)} hosts: {', '.join(dependency.hosts)} cannot be certified: {error}"
        raise UsageError(problem, hint='write names of the DNS: hosts = ["images.example"]') from error


def _where(dependency: Dependency) -> str:
    return f"pyproject.toml: [tool.hotfire.dependency.{dependency.name}]"


def _check(dependency: Dependency) -> None:
    """Refuse what cannot be meant, with the field and what to write."""
    where = _where(dependency)
    if dependency.server != "embedded":
        raise UsageError(f"{where} names a server; a partner is played by launch/stubs.py", hint="take the line out")
    for host in dependency.hosts:
        if not _HOST.fullmatch(host):
            hint = 'write bare names, lower case: hosts = ["images.example"]'
            raise UsageError(f"{where} hosts: {host!r} is no host", hint=hint)
    if dependency.idempotency not in MEANINGS:
        hint = f"write one of {', '.join(MEANINGS)}"
        raise UsageError(f"{where} idempotency is {dependency.idempotency!r}", hint=hint)
    try:
        Naming.of(dependency.name, dependency.hosts, dependency.reads)
    except ValueError as error:
        hint = 'write method and path: reads = ["POST /v1/search"]'
        raise UsageError(f"{where} reads: {str(error)!r} is no method and path", hint=hint) from error


def _stand_in(dependency: Dependency, project: Path, launch: Path) -> tuple[Path, str]:
    """The file of the stand-in, and its name in there; "launch.stubs:images" is taken as well."""
    variable = re.sub(r"\W", "_", dependency.name)
    if not dependency.stub:
        return launch / "stubs.py", variable
    place, _, named = dependency.stub.partition(":")
    file = place if place.endswith(".py") else f"{place.replace('.', '/')}.py"
    return (project / file).resolve(), named or variable
