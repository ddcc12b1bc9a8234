"""Builds a world from its opening: the sealed zygote, the border in front of the database, the store, the driver."""

import asyncio
import secrets
from dataclasses import dataclass
from pathlib import Path

from hotfire.config import fill
from hotfire.errors import SetupError, UsageError
from hotfire.wire.postgres.demands import Demands, demands
from hotfire.wire.postgres.login import Login
from hotfire.wire.postgres.scram_server import Verifier
from hotfire.worlds.driver.load import load
from hotfire.worlds.marks import RunDirectory
from hotfire.worlds.processes import Zygote, clean_environment
from hotfire.worlds.proxy.border import Border, SignalName
from hotfire.worlds.proxy.certificate import Certificate
from hotfire.worlds.proxy.doorstep import Doorstep, Manner
from hotfire.worlds.proxy.reach import reach
from hotfire.worlds.proxy.session import PostgresSession
from hotfire.worlds.secrets import Secrets
from hotfire.worlds.stand import Stand
from hotfire.worlds.stores.address import Address
from hotfire.worlds.stores.postgres.store import PostgresStore
from hotfire.worlds.stores.postgres.trouble import explain_error
from hotfire.worlds.stores.server import Server
from hotfire.worlds.telegram import Opening
from hotfire.worlds.world import LocalWorld

_NOT_FOUND = 127  # what a shell answers, too
_ABSENT = "install it beside the service's Python, or write its path: prepare in [tool.hotfire.service]"
_BY_HAND = "run it by hand: its environment is PATH, HOME, LANG and [tool.hotfire.service.environment]"

PORT = 5432
PUBLIC = "hotfire"
"""The password of a server of ours, which only listens behind the seal: it protects nothing."""

DATABASE = "app"
"""What the service knows its database as; the border connects it to the world's own."""


@dataclass(slots=True, kw_only=True)
class _Ground:
    """The sealed zygote with its border, before there is a store."""

    zygote: Zygote
    border: Border
    listener: asyncio.Server
    stand: Stand | None = None

    def signal(self, name: SignalName) -> None:
        if self.stand:
            self.stand.signal(name)


async def build(opening: Opening) -> LocalWorld:
    """A world that is ready to play.

    Raises:
        UsageError: the critical paths cannot be read.
        SetupError: the service cannot be imported, the database not be reached.
    """
    declarations = load(Path(opening.launch))
    server = await _join(opening)
    store = await PostgresStore.open(
        name=_dependency(opening), database=opening.database, template=opening.template, server=server
    )
    ground = await _ground(opening)
    imported = await ground.zygote.import_app(opening.config.service.app, opening.config.service.start_deadline)
    ground.stand = Stand(opening.config, ground.zygote, ground.border, store, opening.superuser.dsn(opening.database))
    notices = []
    if imported.cold:
        notices.append(f"the service starts cold each time: {imported.cold}")
    if not ground.zygote.sealed:
        notices.append(f"network not sealed: {ground.zygote.reason}")
    return LocalWorld(opening.name, ground.stand, declarations, seed=opening.seed, notices=tuple(notices))


async def prepare(opening: Opening) -> None:
    """Run the configuration's `prepare` commands, sealed, against the template's database.

    Raises:
        SetupError: a command fails or hangs; its last lines are shown.
    """
    load(Path(opening.launch))
    ground = await _ground(opening)
    try:
        for command in opening.config.service.prepare:
            status, said = await ground.zygote.run(
                command,
                Path(opening.project),
                clean_environment(_environment(opening)),
                deadline=opening.config.service.prepare_deadline,
            )
            if status:
                raise explain_error(said) or SetupError(
                    f"prepare: {command!r} ended with status {status}:\n{said}",
                    hint=ground.border.unmet or (_ABSENT if status == _NOT_FOUND else _BY_HAND),
                )
    finally:
        ground.border.cut_all()
        await ground.border.drained(10.0)
        ground.listener.close()
        await ground.zygote.close()


def _dependency(opening: Opening) -> str:
    names = [dependency.name for dependency in opening.config.dependencies if dependency.kind == "postgres"]
    if len(names) != 1:
        raise UsageError(
            f"pyproject.toml declares {len(names)} dependencies of kind postgres; hotfire now holds exactly one",
            hint='declare the database: [tool.hotfire.dependency.db], kind = "postgres"',
        )
    return names[0]


def _environment(opening: Opening) -> dict[str, str]:
    """The environment that the configuration names, with the border's address in place of {db.…}."""
    user, password = opening.service.user, opening.service.password or PUBLIC
    values = {
        "host": "127.0.0.1",
        "port": str(PORT),
        "user": user,
        "password": password,
        "name": DATABASE,
        "url": f"postgresql://{user}:{password}@127.0.0.1:{PORT}/{DATABASE}",
        "ca": str(Certificate.of(Path(opening.run_directory), _dependency(opening)).authority),
    }
    return fill(opening.config.service.environment, {_dependency(opening): values})


def environment_secrets(opening: Opening) -> Secrets:
    """What of the service's environment must not leave the world."""
    return Secrets.of_environment(_environment(opening), public=PUBLIC)


def _login(address: Address) -> Login:
    return Login(address.user, address.password, secrets.token_hex(12))


async def _manner(opening: Opening, dependency: str) -> Manner | None:
    """How the border meets clients, where the configuration demands more than to be let in."""
    asked = demands(opening.config.service.environment, dependency)
    certificate = Certificate.of(Path(opening.run_directory), dependency)
    if asked.tls:
        await certificate.make()
    if asked == Demands():
        return None
    return Manner(
        tls=certificate.context() if asked.tls else None,
        end_point=certificate.end_point if asked.tls else b"",
        verifier=Verifier.of(opening.service.password or PUBLIC, secrets.token_bytes(16)) if asked.password else None,
    )


async def _join(opening: Opening) -> Server:
    run = RunDirectory.join(Path(opening.run_directory))
    return await Server.join(run=run, superuser=opening.superuser, service=opening.service, version=opening.version)


async def _ground(opening: Opening) -> _Ground:
    dependency = _dependency(opening)
    ground: _Ground | None = None

    def signal(name: SignalName) -> None:
        if ground:
            ground.signal(name)

    zygote = await Zygote.launch(opening.python, Path(opening.project), _environment(opening))
    border = Border(dependency, signal)
    address = opening.service

    manner = await _manner(opening, dependency)

    async def connect(protocol: asyncio.Protocol) -> None:
        await reach(address, protocol)

    def session() -> asyncio.Protocol:
        session = PostgresSession(border, connect, opening.database, _login(address))
        return Doorstep(border, manner, session) if manner else session

    listener = await asyncio.get_running_loop().create_server(session, sock=await zygote.listen(PORT))
    ground = _Ground(zygote=zygote, border=border, listener=listener)
    return ground
