"""files: a folder of the service's files in the world's own place, held by a hook inside of the service's Python.

`folder` says which: relative to the project, or absolute. It is copied, with all that is in it, before `prepare`; the
service finds its copy at {media.path}, and the folder itself is only read: a service that would write there is told so
(EPERM). One that is not there yet begins empty.
Works with `open`, `os`, `pathlib`, `shutil`, `tempfile` and what stands on them: Django's storages, Starlette's
uploads, Pillow. What writes past them (a library in C, another program) is told where nothing else was seen to write.

Files are rows of the table `media.files`: path, size, and a text whole or else its sha256 digest. A file that is made,
emptied, written, closed, renamed, linked or removed is an effect: the service is killed before and after each, also
between the first data and the last. Lost calls and replies are not tried: no message is on its way to a file.
Names that are temporary by custom (tempfile's, .tmp, .part, ~) are no state; a rename that publishes one is an effect.
What else is no state is named by its path: ignore = ["*.log", "cache/*"]; reports show it.
"""

import asyncio
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import msgspec

from hotfire.config import Dependency
from hotfire.errors import HotfireError, SetupError, UsageError
from hotfire.wire.files import Dialogue
from hotfire.worlds.marks import RunDirectory
from hotfire.worlds.prepared.reuse import Reuse
from hotfire.worlds.processes import Zygote
from hotfire.worlds.proxy.border import Border, Session, Signaller
from hotfire.worlds.proxy.hooked import HookedSession
from hotfire.worlds.stores.files.store import FilesStore
from hotfire.worlds.stores.files.tree import Index, Tree

_BROKEN = "Input/output error"  # what the kernel says when a disk cannot be reached


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """The world's folder, the project's own, the folder of contents that all worlds share, and the template's list."""

    path: str
    source: str
    contents: str
    template: str
    ignore: tuple[str, ...] = ()


class FilesGround:
    """The template of one folder, for the length of a run. `filled`: `prepare` left other files than were copied."""

    on_shelf: ClassVar[bool] = False

    def __init__(self, dependency: Dependency, source: Path, run: RunDirectory) -> None:
        self._source = source
        self._ignore = dependency.ignore
        self._folder = run.path / "files" / dependency.name
        self._contents = self._folder / "contents"
        self._template = self._folder / "template.json"
        self._copied: Index = {}
        self.filled = False

    async def make_template(self) -> None:
        """Copy the project's folder to where `prepare` finds it. Raises SetupError where it cannot be copied."""
        self._folder.mkdir(parents=True, mode=0o700)
        try:
            found = Tree(self._source, self._contents).keep()
            _check_links(self._source, found)
            self._prepared.bring(found)
            self._copied = self._prepared.look()
        except OSError as problem:
            hint = "let who runs hotfire read all of it, or name a folder that holds only what the service needs"
            raise SetupError(f"{self._source} cannot be copied: {problem}", hint=hint) from problem

    async def keep_template(self) -> None:
        """List what was prepared."""
        found = self._prepared.keep()
        self._template.write_bytes(msgspec.json.encode(found))
        self.filled = found != self._copied

    async def keep(self, reuse: Reuse, *, sealed: bool) -> None:
        """It is not on the shelf."""
        del reuse, sealed

    def grant(self, world: str) -> str:
        """The world's own folder."""
        path = self._folder / (world or "prepare") / self._source.name
        grant = Grant(
            path=str(path),
            source=str(self._source),
            contents=str(self._contents),
            template=str(self._template),
            ignore=self._ignore,
        )
        return msgspec.json.encode(grant).decode()

    async def stop(self) -> None:
        """Nothing runs; the run's directory is removed with all that is in it."""

    @property
    def _prepared(self) -> Tree:
        return Tree(self._folder / "prepare" / self._source.name, self._contents)


def _check_links(source: Path, found: Index) -> None:
    """Refuse a link that leads out of the folder: the service would change what lies there, and not a copy."""
    for path, entry in found.items():
        if entry.kind == "link":
            target = os.path.normpath((source / path).parent / entry.content)
            if not target.startswith(f"{source}{os.sep}"):
                raise SetupError(
                    f"{source / path} is a link out of its folder, to {entry.content}",
                    hint="declare the folder that it leads to as a dependency of its own, and name that",
                )


class FilesHolding:
    """One folder and the hook in front of it."""

    embedded = True
    public = ""

    def __init__(self, name: str, grant: Grant, port: int, signal: Signaller) -> None:
        self.border = Border(name, signal)
        self.border.through = "Python's open and os"
        self._grant = grant
        self._port = port
        self._store: FilesStore | None = None
        self._listener: asyncio.Server | None = None

    @property
    def store(self) -> FilesStore:
        """The world's folder."""
        assert self._store is not None  # noqa: S101  # it is opened before it is asked
        return self._store

    @property
    def fields(self) -> Mapping[str, str]:
        """Where the folder lies."""
        return {"path": self._grant.path}

    @property
    def settings(self) -> Mapping[str, str]:
        """What the hook is told: which folder lies behind which port, and which it is a copy of."""
        return {
            f"HOTFIRE_FILES_{self._port}": self._grant.path,
            f"HOTFIRE_SOURCE_FILES_{self._port}": self._grant.source,
        }

    async def listen(self, zygote: Zygote) -> None:
        """Listen to the hook, behind the seal."""
        loop = asyncio.get_running_loop()
        self._listener = await loop.create_server(self._session, sock=await zygote.listen(self._port))

    def _session(self) -> HookedSession:
        dialogue = Dialogue(f"{self.border.dependency}.files", self._grant.ignore)
        return HookedSession(self.border, dialogue, _BROKEN, waits=True)

    async def open(self) -> None:
        """Copy the template into the world's folder."""
        self._store = self._opened()

    def _opened(self) -> FilesStore:
        template = msgspec.json.decode(Path(self._grant.template).read_bytes(), type=Index)
        tree = Tree(Path(self._grant.path), Path(self._grant.contents))
        return FilesStore(self.border.dependency, tree, template, self._grant.ignore)

    async def imported(self) -> None:
        """What an import writes is what this world begins with."""
        self.store.adopt()

    async def waits_for(self, holder: Session) -> bool:
        """Nobody waits for a file of another: what locks files (flock) asks the kernel, and is told by silence."""
        del holder
        return False

    def sights(self) -> dict[str, str]:
        """The folder."""
        return {"folder": self._grant.path}

    def explain(self, said: str) -> HotfireError | None:
        """A failed `prepare` says itself what it could not write."""
        del said
        return None

    async def deafen(self) -> None:
        """Close the port."""
        self.border.cut_all()
        if self._listener:
            self._listener.close()


class Files:
    """The kind `files`."""

    kind: ClassVar[str] = "files"
    port: ClassVar[int] = 5900

    async def begin(self, dependency: Dependency, run: RunDirectory, reuse: Reuse) -> FilesGround:
        """Nothing is started. Raises UsageError where no folder is named, or one that is no folder of files."""
        source = _source(dependency, reuse.project.folder.resolve())
        if not source.exists():
            reuse.say(f"{dependency.name}: the folder {dependency.folder} is not there yet, and begins empty")
        return FilesGround(dependency, source, run)

    def says(self, dependency: Dependency) -> str:
        """Nothing worth a line."""
        del dependency
        return ""

    def hold(
        self, name: str, grant: str, port: int, run_directory: str, signal: Signaller, environment: Mapping[str, str]
    ) -> FilesHolding:
        """One world's folder."""
        del run_directory, environment
        return FilesHolding(name, msgspec.json.decode(grant, type=Grant), port, signal)


def _source(dependency: Dependency, project: Path) -> Path:
    """The folder that is declared. Raises UsageError where there can be none."""
    where, name = f"pyproject.toml: [tool.hotfire.dependency.{dependency.name}]", f"{{{dependency.name}.path}}"
    if dependency.server != Dependency(name="", kind="").server:
        hint = f'leave server out: folder = "media" says which, and the service finds its copy at {name}'
        raise UsageError(f"{where} names a server, and files have none", hint=hint)
    if not dependency.folder:
        hint = f'write folder = "media", relative to the project or absolute; the service finds its copy at {name}'
        raise UsageError(f"{where} names no folder", hint=hint)
    source = (project / dependency.folder).resolve()
    if project.is_relative_to(source):
        hint = "name the folder that the service writes to, which holds its files only"
        raise UsageError(f"{where} folder = {dependency.folder!r} holds the whole project", hint=hint)
    if source.exists() and not source.is_dir():
        raise UsageError(f"{where} folder = {dependency.folder!r} is no folder", hint="name the one that it lies in")
    return source
