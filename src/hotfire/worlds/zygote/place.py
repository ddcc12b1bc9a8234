"""Which line of the service's own source is at work: of this thread, or of the task that a library's task serves.

One file of the standard library, Python 3.8 and newer, loaded by its path.
"""

# It runs on Python 3.8, and its work is text:
# ruff: noqa: PTH109, PTH118, PTH120
from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import sysconfig
from typing import Any, Iterator

LIBRARIES = (os.path.dirname(__file__), os.path.dirname(os.__file__), sysconfig.get_paths()["platstdlib"])
INSTALLED = ("site-packages", "dist-packages")
HOME = os.path.join(os.getcwd(), "")


def service_line() -> str:
    """The line of the service's own source that asks, as "shop/pay.py:41"; a library's where there is none."""
    library = ""
    frame: Any = sys._getframe(1)  # noqa: SLF001  # there is no other way to it
    while frame is not None:
        file = frame.f_code.co_filename
        if is_service(file):
            return shown(file, frame.f_lineno)
        if not library and any(name in file for name in INSTALLED):
            library = shown(file, frame.f_lineno)
        frame = frame.f_back
    waiting = set(waiting_lines())
    return waiting.pop() if len(waiting) == 1 else library


def waiting_lines() -> Iterator[str]:
    """Where the tasks of this loop wait, in the service's source: a library may connect in a task of its own."""
    with contextlib.suppress(RuntimeError):  # no loop runs in this thread
        for task in asyncio.all_tasks():
            found = ""
            awaited: Any = task.get_coro()
            while awaited is not None:
                frame = getattr(awaited, "cr_frame", None) or getattr(awaited, "gi_frame", None)
                if frame is not None and is_service(frame.f_code.co_filename):
                    found = shown(frame.f_code.co_filename, frame.f_lineno)
                awaited = getattr(awaited, "cr_await", None) or getattr(awaited, "gi_yieldfrom", None)
            if found:
                yield found


def is_service(file: str) -> bool:
    """Whether a source file is the service's own: neither Python's, nor installed, nor ours."""
    return not (file.startswith(("<", *LIBRARIES)) or any(name in file for name in INSTALLED))


def is_worker(work: Any) -> bool:
    """Whether a task or a thread runs a function of the service's own: from the start on, it may work by itself."""
    coroutine = work.get_coro() if isinstance(work, asyncio.Task) else None
    code = getattr(coroutine or getattr(work, "_target", None), "cr_code" if coroutine else "__code__", None)
    return code is not None and is_service(code.co_filename)


def shown(file: str, line: int) -> str:
    """A line as a person finds it: from the project's folder, or from where packages are installed."""
    for name in INSTALLED:
        file = file.rpartition(name + os.sep)[2]
    inside = file[len(HOME) :] if file.startswith(HOME) else file  # noqa: FURB188  # Python 3.8 cannot remove prefixes
    return "%s:%d" % (inside, line)
