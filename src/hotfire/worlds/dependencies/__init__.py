"""One kind of dependency a file, found by scanning this folder: what its wire and its store are, joined.

    Kind     what `kind = "…"` names: begins a Ground for a run, and a Holding in each world
    Ground   what stands once for a run, beside the engine: a server, the template that `prepare` filled
    Holding  the dependency in one world: the border in front of it, the store behind it

A ground tells its worlds what they need as a grant, a text that only its own kind reads.
"""

import importlib
import pkgutil
from collections.abc import Mapping, Sequence
from functools import cache
from typing import ClassVar, Protocol, cast

from hotfire.config import Dependency
from hotfire.errors import HotfireError
from hotfire.model.store import Store
from hotfire.worlds.marks import RunDirectory
from hotfire.worlds.prepared.reuse import Reuse
from hotfire.worlds.processes import Zygote
from hotfire.worlds.proxy.border import Border, Session, Signaller


class Ground(Protocol):
    """What stands once for a run. Its template is first prepared, then copied into every world."""

    on_shelf: ClassVar[bool]
    """Whether the shelf brings its template back, so that `prepare` need not run for it."""

    @property
    def filled(self) -> bool:
        """Whether `prepare` may have left something in the template that stands there now."""
        ...

    async def make_template(self) -> None:
        """Make an empty template, for `prepare` to fill."""
        ...

    async def keep_template(self) -> None:
        """Everything is prepared, nobody is connected: make it fit to be copied."""
        ...

    async def keep(self, reuse: Reuse, *, sealed: bool) -> None:
        """Keep the finished template for the next run, where it is `on_shelf`."""
        ...

    def grant(self, world: str) -> str:
        """What the world of this name needs to hold a copy of its own; "" for the template itself."""
        ...

    async def stop(self) -> None:
        """Leave nothing behind."""
        ...


class Holding(Protocol):
    """One dependency in one world. Nothing is done before `listen` and `open`."""

    border: Border
    embedded: bool
    """Whether it lives inside of the service's process: then no message to it can be lost."""
    public: str
    """A password that protects nothing, and so is no secret; empty where there is none."""

    @property
    def store(self) -> Store:
        """Its state; there once it is open."""
        ...

    @property
    def fields(self) -> Mapping[str, str]:
        """What stands for `{db.url}`, `{db.host}` … in the service's environment, by the word behind the dot."""
        ...

    @property
    def settings(self) -> Mapping[str, str]:
        """Besides these, what the zygote has to be told, as variables of its environment."""
        ...

    async def listen(self, zygote: Zygote) -> None:
        """Open the border, behind the seal."""
        ...

    async def open(self) -> None:
        """Copy the template into this world."""
        ...

    async def imported(self) -> None:
        """The application is imported, and may have written what it needs: from here on the world begins."""
        ...

    async def waits_for(self, holder: Session) -> bool:
        """Whether one of the service's calls waits for a lock here, of a session that is held here or elsewhere.

        Of one that is held elsewhere nobody can say what it locks: but while it is held, whoever waits, waits for it.
        """
        ...

    def sights(self) -> dict[str, str]:
        """Where a person can look at its state: what it is → how to get there."""
        ...

    def explain(self, said: str) -> HotfireError | None:
        """What a failed `prepare` met, where its last lines show that it was this dependency."""
        ...

    async def deafen(self) -> None:
        """End the border and all its connections."""
        ...


class Kind(Protocol):
    """What `kind = "…"` names; `kind` is the file's name. `port` is the first that its borders listen at."""

    kind: ClassVar[str]
    port: ClassVar[int]

    async def begin(self, dependency: Dependency, run: RunDirectory, reuse: Reuse) -> Ground:
        """Start what stands once for a run, from what was kept where there is something. SetupError: it cannot."""
        ...

    def says(self, dependency: Dependency) -> str:
        """What is begun, in the user's words; "" where it is not worth a line."""
        ...

    def hold(
        self, name: str, grant: str, port: int, run_directory: str, signal: Signaller, environment: Mapping[str, str]
    ) -> Holding:
        """The dependency `name` in one world. `environment` is the service's as it was written, unfilled."""
        ...


@cache
def kinds() -> dict[str, Kind]:
    """Every kind by its name: in each module the class whose `kind` is the module's name."""
    found: dict[str, Kind] = {}
    for module in pkgutil.iter_modules(__path__):
        for member in vars(importlib.import_module(f"{__name__}.{module.name}")).values():
            if isinstance(member, type) and getattr(member, "kind", None) == module.name:
                found[module.name] = cast("Kind", member())
    return found


def hold_all(
    dependencies: Sequence[Dependency],
    grants: Mapping[str, str],
    run_directory: str,
    signal: Signaller,
    environment: Mapping[str, str],
) -> dict[str, Holding]:
    """Every declared dependency in one world, by its name; borders of one kind listen at ports in a row."""
    held: dict[str, Holding] = {}
    ports: dict[str, int] = {}
    for each in dependencies:
        kind = kinds()[each.kind]
        port = ports[each.kind] = ports.get(each.kind, kind.port - 1) + 1
        held[each.name] = kind.hold(each.name, grants[each.name], port, run_directory, signal, environment)
    return held
