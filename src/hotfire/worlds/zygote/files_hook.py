"""The border in front of files: a hook in the service's own Python, for the folders that are declared.

A file of the standard library, Python 3.8 and newer. The zygote loads it before the application is imported. It stands
in the place of `open` and of the functions of `os` that change what a folder holds, on which `pathlib`, `shutil` and
`tempfile` rest; files elsewhere, and files that are only read, pass untouched.

A file that is written goes three ways to its end, and each is asked before and told after: it is made, or emptied; its
first data leave the program; it is closed, where more has come behind those. So a file that is written in place is seen
half written, as a crash may leave it. What writes past Python (a library in C) is noticed when the file is closed.

Folders made and removed are no call: a folder with nothing in it is no state.
"""

# It stands where these functions are made:
# ruff: noqa: FBT001, FBT002, PTH100, PTH115, PTH116, PTH117, PTH118, PTH119
from __future__ import annotations

import builtins
import errno
import functools
import io
import os
import sys
from typing import Any, Callable, Dict, List, Mapping, Optional, Tuple

PREFIX = "HOTFIRE_FILES_"  # and the world's port: the folder behind it
SOURCE = "HOTFIRE_SOURCE_FILES_"  # likewise: the project's own, which that is a copy of
FOLDERS: Dict[str, int] = {}
SOURCES: Dict[str, str] = {}
OPEN: Dict[int, "Handle"] = {}  # by descriptor: what is open for writing
WRITING = os.O_WRONLY | os.O_RDWR
NAMELESS = getattr(os, "O_TMPFILE", -1)  # a file that nobody else can see
Line: Any = sys.modules["hotfire_hook_line"].Line  # the zygote has loaded it
Writes = List[Tuple[str, str]]

REAL: Dict[str, Callable[..., Any]] = {
    name: getattr(os, name)
    for name in ("open", "write", "close", "rename", "replace", "remove", "unlink", "link", "symlink", "truncate")
}
real_open = io.open

# ── Between a call and its file ───────────────────────────────────────────────────────────────────────────────────


class Place:
    """A path inside of a declared folder: the world's port, the path itself, and its name in the world's words."""

    def __init__(self, folder: str, path: str) -> None:
        self.port = FOLDERS[folder]
        self.path = path
        self.name = os.path.basename(folder) + path[len(folder) :]


def place_of(path: Any, folder: Optional[int] = None) -> Optional[Place]:
    """Where this path, about to be changed, lies; `folder` is an open folder that it is relative to.

    None for all other files; what lies in the project's own folder is not changed at all.
    """
    if isinstance(path, int):
        return None
    try:
        text = os.fsdecode(path)
    except TypeError:
        return None
    if folder is not None and not os.path.isabs(text):
        try:
            text = os.path.join(os.readlink("/proc/self/fd/%d" % folder), text)
        except OSError:
            return None
    text = os.path.abspath(text)
    for source, copy in SOURCES.items():
        if text.startswith(source + os.sep):
            reason = "hotfire keeps the project's own folder as it is: the service's copy lies at %s" % copy
            raise PermissionError(errno.EPERM, reason, text)
    return next((Place(each, text) for each in FOLDERS if text.startswith(each + os.sep)), None)


def crossed(place: Place, text: str, writes: Writes, work: Callable[[], Any]) -> Any:
    """Ask the world, do the work, tell what came of it. Each call has a line of its own: no fork can share it."""
    line = Line(place.port, broken)
    try:
        refuse(line.ask({"say": "call", "text": text, "open": False}))
        told: Dict[str, Any] = {"say": "done", "outcome": "ok", "detail": "", "open": False}
        try:
            result = work()
        except OSError as problem:
            detail = "%s: %s" % (type(problem).__name__, problem.strerror)
            line.ask({**told, "outcome": "error", "detail": detail, "changed": 0, "writes": []})
            raise
        refuse(line.ask({**told, "changed": len(writes), "writes": writes}))
        return result
    finally:
        line.close()


def refuse(answer: Mapping[str, Any]) -> None:
    """Raise what the world wants to be raised."""
    if answer.get("fail"):
        number = getattr(errno, answer.get("code", ""), errno.EIO)
        raise OSError(number, answer["fail"])


def broken(problem: str) -> OSError:
    """The world cannot be reached."""
    return OSError(errno.EIO, problem)


class Handle:
    """A file that is open for writing."""

    def __init__(self, place: Place, fd: int) -> None:
        self.place = place
        self.begun = False  # its first data have left the program
        self.more = False  # and further data behind them
        self.stamp = stamp_of(fd)

    def write(self, fd: int, work: Callable[[], Any]) -> Any:
        """Data leave the program."""
        if self.begun:
            self.more = True
            return work()
        self.begun = True
        result = crossed(self.place, "write " + self.place.name, [("write", self.place.name)], work)
        self.stamp = stamp_of(fd)
        return result

    def close(self, fd: int, work: Callable[[], Any]) -> Any:
        """It is closed: what was written behind the first data stands."""
        if not self.more and stamp_of(fd) == self.stamp:
            return work()
        self.more, self.stamp = False, stamp_of(fd)
        return crossed(self.place, "close " + self.place.name, [("write", self.place.name)], work)


def stamp_of(fd: int) -> Tuple[int, ...]:
    """What changes when somebody writes, and which file it is."""
    status = os.fstat(fd)
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def handle_of(fd: Any) -> Optional[Handle]:
    """The handle of a descriptor, unless that was closed past us and is another file's now."""
    handle = OPEN.get(fd)
    if handle is None or stamp_of(fd)[:2] == handle.stamp[:2]:
        return handle
    del OPEN[fd]
    return None


def made(place: Place, work: Callable[[], Any], *, emptied: bool) -> Any:
    """Open a file for writing: to make it, or to empty it, changes what is there already."""
    try:
        status = os.stat(place.path)
    except OSError:
        return crossed(place, "create " + place.name, [("create", place.name)], work)
    if emptied and status.st_size:
        return crossed(place, "empty " + place.name, [("empty", place.name)], work)
    return work()


# ── What stands in the place of Python's ──────────────────────────────────────────────────────────────────────────


class Raw(io.FileIO):
    """A file that is written: below the buffers, where data leave the program."""

    hotfire: Optional[Handle] = None

    def write(self, data: Any) -> Any:
        """Some bytes."""
        work = functools.partial(super().write, data)
        return work() if self.hotfire is None else self.hotfire.write(self.fileno(), work)

    def close(self) -> None:
        """The end."""
        handle, self.hotfire = self.hotfire, None
        if handle is None or self.closed:
            super().close()
            return
        OPEN.pop(self.fileno(), None)
        try:
            handle.close(self.fileno(), super().close)
        finally:
            super().close()


def raw_of(file: Any, mode: str, closefd: bool, opener: Any) -> Optional[Raw]:
    """The file of a path or a descriptor, tapped, where it is to be written and is one of ours."""
    if not isinstance(mode, str) or not set(mode) & set("wax+"):
        return None
    handle = handle_of(file) if isinstance(file, int) else None
    place = handle.place if handle else place_of(file)
    if place is None:
        return None
    plain = mode.replace("t", "").replace("b", "")
    work = functools.partial(Raw, file, plain, closefd, opener)
    raw = work() if handle or opener else made(place, work, emptied="w" in mode)
    fd = raw.fileno()
    raw.hotfire = OPEN[fd] = handle_of(fd) or Handle(place, fd)
    return raw


def open_file(
    file: Any,
    mode: str = "r",
    buffering: int = -1,
    encoding: Any = None,
    errors: Any = None,
    newline: Any = None,
    closefd: bool = True,
    opener: Any = None,
) -> Any:
    """`open`. What Python builds over a file of ours is what it builds itself (io's documentation)."""
    binary = isinstance(mode, str) and "b" in mode
    wrong = (encoding, errors, newline) != (None,) * 3 or "t" in mode if binary else buffering == 0
    raw = None if wrong else raw_of(file, mode, closefd, opener)
    if raw is None:  # Python says what is wrong
        return real_open(file, mode, buffering, encoding, errors, newline, closefd, opener)
    try:
        return layered(raw, mode, buffering, encoding, errors, newline)
    except BaseException:
        raw.close()
        raise


def layered(raw: Raw, mode: str, buffering: int, encoding: Any, errors: Any, newline: Any) -> Any:
    """The buffer over a file, and the text over the buffer."""
    binary = "b" in mode
    if buffering == 0:
        return raw
    size = buffering if buffering > 1 else getattr(raw, "_blksize", io.DEFAULT_BUFFER_SIZE)
    buffer: Any = io.BufferedRandom(raw, size) if "+" in mode else io.BufferedWriter(raw, size)
    if binary:
        return buffer
    text: Any = io.TextIOWrapper(buffer, encoding, errors, newline, buffering == 1)
    text.mode = mode
    return text


def open_descriptor(path: Any, flags: int, mode: int = 0o777, *, dir_fd: Any = None) -> int:
    """`os.open`."""
    work = functools.partial(REAL["open"], path, flags, mode, dir_fd=dir_fd)
    place = place_of(path, dir_fd) if flags & (WRITING | os.O_CREAT | os.O_TRUNC) else None
    if place is None or flags & NAMELESS == NAMELESS:
        return int(work())
    makes = flags & (os.O_CREAT | os.O_TRUNC)
    fd = int(made(place, work, emptied=bool(flags & os.O_TRUNC)) if makes else work())
    OPEN[fd] = Handle(place, fd)
    return fd


def write_descriptor(fd: Any, data: Any) -> Any:
    """`os.write`."""
    handle, work = handle_of(fd) if fd in OPEN else None, functools.partial(REAL["write"], fd, data)
    return work() if handle is None else handle.write(fd, work)


def close_descriptor(fd: Any) -> None:
    """`os.close`."""
    handle, work = handle_of(fd) if fd in OPEN else None, functools.partial(REAL["close"], fd)
    OPEN.pop(fd, None)
    if handle is None:
        work()
    else:
        handle.close(fd, work)


def moving(verb: str, name: str) -> Callable[..., Any]:
    """`os.rename`, `os.replace`, `os.link`, `os.symlink`: from one path to another, either of which may lie outside."""

    def move(src: Any, dst: Any, *args: Any, **options: Any) -> Any:
        here = None if verb == "link" else place_of(src, options.get("src_dir_fd"))
        there = place_of(dst, options.get("dst_dir_fd", options.get("dir_fd")))
        work = functools.partial(REAL[name], src, dst, *args, **options)
        found = [place for place in (here, there) if place]
        if not found:
            return work()
        text = verb + " " + " to ".join(place.name if place else "elsewhere" for place in (here, there))
        if verb == "link":
            text = "link " + found[0].name
        return crossed(found[-1], text, [(verb, place.name) for place in found], work)

    return move


def removing(name: str) -> Callable[..., Any]:
    """`os.remove`, `os.unlink`."""

    def remove(path: Any, *, dir_fd: Any = None) -> Any:
        place, work = place_of(path, dir_fd), functools.partial(REAL[name], path, dir_fd=dir_fd)
        return work() if place is None else crossed(place, "remove " + place.name, [("remove", place.name)], work)

    return remove


def truncate(path: Any, length: int) -> Any:
    """`os.truncate`."""
    place, work = place_of(path), functools.partial(REAL["truncate"], path, length)
    return work() if place is None else crossed(place, "truncate " + place.name, [("truncate", place.name)], work)


class Tapped:
    """Stands in the place of a function of C. As such it is no method where a class keeps it."""

    def __init__(self, real: Callable[..., Any], ours: Callable[..., Any]) -> None:
        functools.update_wrapper(self, real)
        self.ours = ours

    def __call__(self, *args: Any, **options: Any) -> Any:
        """Do ours."""
        return self.ours(*args, **options)


OURS: Dict[str, Callable[..., Any]] = {
    "open": open_descriptor,
    "write": write_descriptor,
    "close": close_descriptor,
    "rename": moving("rename", "rename"),
    "replace": moving("rename", "replace"),
    "link": moving("link", "link"),
    "symlink": moving("link", "symlink"),
    "remove": removing("remove"),
    "unlink": removing("unlink"),
    "truncate": truncate,
}


def install(environment: Mapping[str, str]) -> None:
    """Put ours in the place of Python's; the world says in the environment which folder lies behind which port."""
    for name, path in environment.items():
        if name.startswith(PREFIX):
            for each in {os.path.abspath(path), os.path.realpath(path)}:
                FOLDERS[each] = int(name[len(PREFIX) :])
        elif name.startswith(SOURCE):
            SOURCES[path] = environment[PREFIX + name[len(SOURCE) :]]
    builtins.open = io.open = Tapped(real_open, open_file)
    sets = (os.supports_dir_fd, os.supports_fd, os.supports_follow_symlinks, os.supports_effective_ids)
    keeps: Any = getattr(sys.modules.get("pathlib"), "_NormalAccessor", None)  # until 3.9 it keeps functions of os
    for name, ours in OURS.items():
        real, tapped = REAL[name], Tapped(REAL[name], ours)
        for supports in sets:  # shutil looks itself up in them
            if real in supports:
                supports.add(tapped)
        setattr(os, name, tapped)
        if keeps is not None and hasattr(keeps, name):
            setattr(keeps, name, tapped)


install(os.environ)
