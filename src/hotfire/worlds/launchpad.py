"""The launch pad: what stands once for a whole run — its directory, the database server, the template, the worlds."""

import asyncio
import contextlib
import os
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from hotfire.config import Config
from hotfire.errors import HotfireError, UsageError
from hotfire.worlds.marks import RunDirectory, sweep
from hotfire.worlds.remote import RemoteWorld
from hotfire.worlds.stores.foreign import drop_marked
from hotfire.worlds.stores.postgres.template import prepare_template
from hotfire.worlds.stores.server import Server
from hotfire.worlds.telegram import Opening

Say = Callable[[str], None]
_PASSWORD = re.compile(r"(?<=//)[^/@]*@|(?<=[?&])password=[^&]*")  # of a DSN: nobody's terminal shows it


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
    """Holds what a run needs; closing it leaves nothing behind."""

    def __init__(self, site: Site, run: RunDirectory, say: Say) -> None:
        self.site = site
        self.run = run
        self.worlds: list[RemoteWorld] = []
        self._say = say
        self._server: Server | None = None

    @classmethod
    async def open(cls, site: Site, count: int, *, seed: int, say: Say) -> Self:
        """Sweep what dead runs left, start the server, prepare the template, and open the worlds.

        Raises:
            UsageError: no database is declared.
            SetupError: the server, `prepare` or the service does not start.
        """
        for swept in await sweep(drop_marked):
            say(f"swept what the dead run {swept.run} left behind")
        pad = cls(site, RunDirectory.open(), say)
        try:
            await pad._raise(count, seed)
        except BaseExceptionGroup as errors:  # of the task groups that launch and open the worlds
            await pad.close()
            raise _ours(errors) from None
        except BaseException:
            await pad.close()
            raise
        return pad

    async def _raise(self, count: int, seed: int) -> None:
        databases = [each for each in self.site.config.dependencies if each.kind == "postgres"]
        if not databases:
            raise UsageError(
                "pyproject.toml declares no database", hint='write [tool.hotfire.dependency.db]\nkind = "postgres"'
            )
        self.worlds += [RemoteWorld(f"w{index}") for index in range(count)]
        async with asyncio.TaskGroup() as tasks:
            for world in self.worlds:
                tasks.create_task(self._launch(world))
            self._say(f"starting the database server ({_PASSWORD.sub('', databases[0].server)})")
            self._server = await Server.start(databases[0].server, self.run)
        template = self._database("template")
        await self._server.create_database(template)
        self._say(f"preparing: {', '.join(self.site.config.service.prepare) or 'a first start of the service'}")
        await self.worlds[0].prepare(self._opening("prepare", template, seed, database=template))
        await prepare_template(self._server, template)
        self._say(f"opening {count} world{'s' if count > 1 else ''}")
        async with asyncio.TaskGroup() as tasks:
            for world in self.worlds:
                tasks.create_task(world.open(self._opening(world.name, template, seed)))

    async def _launch(self, world: RemoteWorld) -> None:
        await world.launch()
        self.run.mark_process(world.pid)

    def _database(self, name: str) -> str:
        return f"hotfire_{self.run.run}_{name}"

    def _opening(self, name: str, template: str, seed: int, *, database: str = "") -> Opening:
        assert self._server is not None  # noqa: S101  # worlds are opened after their server
        return Opening(
            name=name,
            config=self.site.config,
            project=str(self.site.project),
            launch=str(self.site.launch),
            python=self.site.python,
            superuser=self._server.superuser,
            service=self._server.service,
            version=self._server.version,
            database=database or self._database(name),
            template=template,
            run_directory=str(self.run.path),
            seed=seed,
        )

    @property
    def notices(self) -> Sequence[str]:
        """What the worlds have to say, once."""
        return tuple(dict.fromkeys(notice for world in self.worlds for notice in world.notices))

    async def close(self) -> None:
        """Close the worlds, stop the server, remove the directory."""
        await asyncio.gather(*(world.close() for world in self.worlds), return_exceptions=True)
        if self._server:
            with contextlib.suppress(OSError):
                await self._server.stop()
        self.run.close()


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
