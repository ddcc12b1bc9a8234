"""The launch pad: what stands once for a whole run — its directory, the database server, the template, the worlds."""

import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from hotfire.config import Config, Dependency
from hotfire.errors import HotfireError, SetupError, UsageError
from hotfire.worlds.dependencies import Ground, kinds
from hotfire.worlds.marks import RunDirectory, sweep
from hotfire.worlds.nursery import Nursery
from hotfire.worlds.prepared.key import Project
from hotfire.worlds.prepared.reuse import Reuse
from hotfire.worlds.remote import RemoteWorld
from hotfire.worlds.stores.foreign import drop_marked
from hotfire.worlds.telegram import Opening

Say = Callable[[str], None]

LANES = 4
"""Worlds beside the busy ones: forty stalls of two seconds each then take less than twenty."""
LEAST_MEMORY = 512 << 20
"""Bytes that must be free before another world is opened: a small service's takes 130 MB (PSS), and 2 s of a core."""
_TAKE_TURNS = "trials that wait take their turn instead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where the project lies and what its configuration says."""

    project: Path
    config: Config

    @property
    def launch(self) -> Path:
        """The folder of critical_paths.py."""
        return (self.project / self.config.launch).resolve()

    @property
    def python(self) -> str:
        """The service's own Python: as configured, else the project's .venv, else the active environment."""
        if self.config.service.python:
            return self.config.service.python
        own = self.project / ".venv" / "bin" / "python"
        active = os.environ.get("VIRTUAL_ENV")
        return str(own) if own.exists() else f"{active}/bin/python" if active else sys.executable


class Launchpad:
    """Holds what a run needs; closing it leaves nothing behind.

    `lanes` is how many worlds more `open_lane` gives at most, for trials that wait.
    """

    def __init__(self, site: Site, run: RunDirectory, nursery: Nursery, say: Say, *, seed: int) -> None:
        self.site = site
        self.run = run
        self.worlds: list[RemoteWorld] = []
        self.lanes = LANES
        self._nursery = nursery
        self._lanes: list[RemoteWorld] = []
        self._openings: list[asyncio.Task[None]] = []
        self._seed = seed
        self._say = say
        self._grounds: dict[str, Ground] = {}

    @classmethod
    async def open(cls, site: Site, count: int, nursery: Nursery, *, seed: int, say: Say, fresh: bool = False) -> Self:
        """Sweep what dead runs left, begin the dependencies, prepare their templates, and open the worlds.

        The worlds come from `nursery`, which must live longer.
        `fresh`: `prepare` runs, whatever an earlier run kept of it.

        Raises:
            UsageError: no dependency is declared.
            SetupError: a dependency, `prepare` or the service does not start.
        """
        for swept in await sweep(drop_marked):
            say(f"swept what the dead run {swept.run} left behind")
        pad = cls(site, RunDirectory.open(), nursery, say, seed=seed)
        try:
            await pad._raise(count, fresh=fresh)
        except BaseExceptionGroup as errors:  # of the task groups that launch and open the worlds
            await pad.close()
            raise _ours(errors) from None
        except BaseException:
            await pad.close()
            raise
        return pad

    async def _raise(self, count: int, *, fresh: bool) -> None:
        if not self.site.config.dependencies:
            hint = f'write [tool.hotfire.dependency.db]\nkind = "postgres"   (or {", ".join(sorted(kinds()))})'
            raise UsageError("pyproject.toml declares no dependency", hint=hint)
        self.worlds += [RemoteWorld(f"w{index}", self._nursery) for index in range(count)]
        async with asyncio.TaskGroup() as tasks:
            for world in self.worlds:
                tasks.create_task(self._launch(world))
            reuse = await Reuse.look(self._project, self._say, fresh=fresh)
            for dependency in self.site.config.dependencies:
                await self._begin(dependency, reuse)
        if reuse.hit:
            self._say(f"prepared (cached): {', '.join(self.site.config.service.prepare)}")
            await self._make_the_rest()
        else:
            await self._prepare(reuse)
        self._say(f"opening {count} world{'s' if count > 1 else ''}")
        async with asyncio.TaskGroup() as tasks:
            for world in self.worlds:
                tasks.create_task(world.open(self._opening(world.name)))

    async def open_lane(self) -> RemoteWorld:
        """One more world, beside those that are busy.

        Raises:
            SetupError: there is no memory for it, or the service does not start in it.
        """
        if _memory_left() < LEAST_MEMORY:
            raise SetupError("no memory is left for another world", hint=_TAKE_TURNS)
        world = RemoteWorld(f"l{len(self._lanes)}", self._nursery)
        self._lanes.append(world)
        opening = asyncio.get_running_loop().create_task(self._open(world))
        self._openings.append(opening)
        await asyncio.shield(opening)  # a world that is given up half-way would leave its databases on another's server
        return world

    async def _open(self, world: RemoteWorld) -> None:
        try:
            await self._launch(world)
        except OSError as error:
            raise SetupError(f"another world cannot be started: {error}", hint=_TAKE_TURNS) from error
        await world.open(self._opening(world.name))

    async def _begin(self, dependency: Dependency, reuse: Reuse) -> None:
        kind = kinds()[dependency.kind]
        if said := kind.says(dependency):
            self._say(said)
        self._grounds[dependency.name] = await kind.begin(dependency, self.run, reuse)

    async def _prepare(self, reuse: Reuse) -> None:
        """Make the templates, and keep them for the next run where that can be."""
        grounds = self._grounds.values()
        for ground in grounds:
            await ground.make_template()
        changed = reuse.changed  # read from the shelf
        because = f" ({changed} has changed)" if changed else ""
        commands = ", ".join(self.site.config.service.prepare) or "a first start of the service"
        self._say(f"preparing{because}: {commands}")
        sealed = await self.worlds[0].prepare(self._opening(""))
        for ground in grounds:
            await ground.keep_template()
        if left := [name for name, ground in self._grounds.items() if ground.filled and not ground.on_shelf]:
            reuse.not_kept(f"what it leaves in {', '.join(left)} is not kept")
            return
        for ground in grounds:
            await ground.keep(reuse, sealed=sealed)

    async def _make_the_rest(self) -> None:
        """The templates that the shelf does not bring back: `prepare` left nothing in them."""
        for ground in self._grounds.values():
            if not ground.on_shelf:
                await ground.make_template()
                await ground.keep_template()

    @property
    def _project(self) -> Project:
        site = self.site
        return Project(folder=site.project.resolve(), launch=site.launch, config=site.config, python=site.python)

    async def _launch(self, world: RemoteWorld) -> None:
        await world.launch()
        self.run.mark_process(world.pid)

    def _opening(self, name: str) -> Opening:
        """For a world of this name; for none, for `prepare` in the templates themselves."""
        return Opening(
            name=name or "prepare",
            config=self.site.config,
            project=str(self.site.project),
            launch=str(self.site.launch),
            python=self.site.python,
            run_directory=str(self.run.path),
            seed=self._seed,
            grants={each: ground.grant(name) for each, ground in self._grounds.items()},
        )

    @property
    def notices(self) -> Sequence[str]:
        """What the worlds have to say, once."""
        return tuple(dict.fromkeys(notice for world in self.worlds for notice in world.notices))

    async def close(self) -> None:
        """Close the worlds, stop the servers, remove the directory; a lane that is being opened is waited for."""
        await asyncio.gather(*self._openings, return_exceptions=True)
        await asyncio.gather(*(world.close() for world in (*self.worlds, *self._lanes)), return_exceptions=True)
        for ground in reversed(self._grounds.values()):
            await ground.stop()
        self.run.close()


def _memory_left() -> int:
    """Bytes that the machine can give (proc(5), MemAvailable); where nobody tells, as much as anybody wants."""
    try:
        text = Path("/proc/meminfo").read_text(encoding="ascii")
    except OSError:
        return sys.maxsize
    told = next((line for line in text.splitlines() if line.startswith("MemAvailable:")), "")
    return int(told.split()[1]) * 1024 if told else sys.maxsize


def _ours(errors: BaseExceptionGroup[BaseException]) -> BaseException:
    """What a group of errors comes to: the first of ours, which has a hint; else the group."""
    found: list[BaseException] = [errors]
    while found:
        error = found.pop(0)
        if isinstance(error, HotfireError):
            return error
        if isinstance(error, BaseExceptionGroup):
            found += error.exceptions
    return errors
