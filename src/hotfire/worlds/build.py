"""Builds a world from its opening: the sealed zygote, a border in front of each dependency, the stores, the driver."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hotfire.config import fill
from hotfire.errors import HotfireError, SetupError, UsageError
from hotfire.worlds.dependencies import Holding, hold_all
from hotfire.worlds.driver.load import load
from hotfire.worlds.processes import Zygote, clean_environment
from hotfire.worlds.proxy.border import SignalName
from hotfire.worlds.secrets import Secrets
from hotfire.worlds.stand import Stand
from hotfire.worlds.starting import first_start, manners
from hotfire.worlds.telegram import Opening
from hotfire.worlds.world import LocalWorld

_NOT_FOUND = 127  # what a shell answers, too
_ABSENT = "install it beside the service's Python, or write its path: prepare in [tool.hotfire.service]"
_BY_HAND = "run it by hand: its environment is PATH, HOME, LANG and [tool.hotfire.service.environment]"


@dataclass(slots=True, kw_only=True)
class _Bell:
    """What the borders ring: they are there before the stand whose processes are signalled."""

    stand: Stand | None = None

    def ring(self, name: SignalName) -> None:
        if self.stand:
            self.stand.signal(name)


@dataclass(slots=True, kw_only=True)
class _Ground:
    """The sealed zygote with its borders, before there is a store."""

    zygote: Zygote
    holdings: dict[str, Holding]
    environment: dict[str, str]
    bell: _Bell


async def build(opening: Opening) -> LocalWorld:
    """A world that is ready to play.

    Raises:
        UsageError: the critical paths cannot be read.
        SetupError: the service cannot be imported, a dependency not be reached.
    """
    declarations = load(Path(opening.launch))
    ground = await _ground(opening)
    for holding in ground.holdings.values():
        await holding.open()
    notices = await manners(ground.zygote, opening.config.service)
    for holding in ground.holdings.values():
        await holding.imported()
    stand = Stand(opening.config, ground.zygote, ground.holdings, project=Path(opening.project))
    ground.bell.stand = stand
    if not ground.zygote.sealed:
        notices.append(f"network not sealed: {ground.zygote.reason}")
    return LocalWorld(opening.name, stand, declarations, seed=opening.seed, notices=tuple(notices))


async def prepare(opening: Opening) -> bool:
    """Run the `prepare` commands against the templates, and start the service once; whether the network was sealed.

    Raises:
        SetupError: a command fails or hangs, or the service does not start; its last lines are shown.
    """
    load(Path(opening.launch))
    ground = await _ground(opening)
    try:
        for command in opening.config.service.prepare:
            status, said = await ground.zygote.run(
                command,
                Path(opening.project),
                clean_environment(ground.environment),
                deadline=opening.config.service.prepare_deadline,
            )
            if status:
                raise _explained(ground.holdings, said) or SetupError(
                    f"prepare: {command!r} ended with status {status}:\n{said}",
                    hint=_unmet(ground.holdings) or (_ABSENT if status == _NOT_FOUND else _BY_HAND),
                )
        await first_start(ground.zygote, opening.config.service, Path(opening.project))
        return ground.zygote.sealed
    finally:
        for holding in ground.holdings.values():
            await holding.deafen()
        await ground.zygote.close()


def _explained(holdings: Mapping[str, Holding], said: str) -> HotfireError | None:
    return next((error for holding in holdings.values() if (error := holding.explain(said))), None)


def _unmet(holdings: Mapping[str, Holding]) -> str:
    """What a client went away for want of."""
    return next((holding.border.unmet for holding in holdings.values() if holding.border.unmet), "")


def _hold(opening: Opening, bell: _Bell) -> dict[str, Holding]:
    """Every dependency, before anything of it is opened."""
    service = opening.config.service
    held = hold_all(opening.config.dependencies, opening.grants, opening.run_directory, bell.ring, service.environment)
    inside = [name for name, holding in held.items() if holding.embedded]
    if service.command and inside:
        raise UsageError(
            f"pyproject.toml: {inside[0]} is held inside of the service's own Python, and a command starts the service",
            hint='write app = "module:application" (or a factory, "module:create_app()") in place of command and port',
        )
    return held


def _environment(opening: Opening, holdings: Mapping[str, Holding]) -> dict[str, str]:
    """The environment that the configuration names, with the borders' addresses in place of {db.…}."""
    named = fill(opening.config.service.environment, {name: holding.fields for name, holding in holdings.items()})
    return named | {key: value for holding in holdings.values() for key, value in holding.settings.items()}


def environment_secrets(opening: Opening) -> Secrets:
    """What of the service's environment must not leave the world."""
    holdings = _hold(opening, _Bell())
    public = next((holding.public for holding in holdings.values() if holding.public), "")
    return Secrets.of_environment(_environment(opening, holdings), public=public)


async def _ground(opening: Opening) -> _Ground:
    bell = _Bell()
    holdings = _hold(opening, bell)
    environment = _environment(opening, holdings)
    zygote = await Zygote.launch(opening.python, Path(opening.project), environment)
    for holding in holdings.values():
        await holding.listen(zygote)
    return _Ground(zygote=zygote, holdings=holdings, environment=environment, bell=bell)
