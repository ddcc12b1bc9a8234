"""Whose code failed: the frames of a traceback that are of the service's own source, not of a library.

A service may itself be installed among the libraries (`pip install .` in an image): then its package tells it apart.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

_BEGINS = "Traceback (most recent call last)"
_GROUP = re.compile(r"^ *[|+] ?")
_FRAME = re.compile(r'^ +File "(?P<file>[^"]+)", line (?P<line>\d+), in (?P<function>.+)$')
_LIBRARY = re.compile(r"(?:site|dist)-packages[/\\]|[/\\]lib[/\\]python\d|^<|[/\\]hotfire[/\\]worlds[/\\]zygote[/\\]")
_INSTALLED = re.compile(r".*(?:site|dist)-packages[/\\](?P<package>\w+)(?:[/\\]|\.py$)")
_MODULE = re.compile(r"(?<![\w.:/\\-])[A-Za-z_]\w*(?=(?:\.\w+)*(?::|$|\s))")
_STARTERS = {
    *("aiohttp", "asgiref", "daphne", "django", "eventlet", "fastapi", "flask", "gevent", "granian", "gunicorn"),
    *("hypercorn", "litestar", "python", "quart", "sanic", "starlette", "tornado", "uvicorn", "uwsgi", "waitress"),
}
"""Packages of others that an app or a command may name: who starts a service is not the service."""
_PASSES_ON = re.compile(r"\b(?:call_next|get_response|self\.app|next_app)\(")


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One line of the service's source at which a failure passed."""

    file: str
    line: int
    function: str

    @property
    def place(self) -> str:
        """The module and the function, which stay the same when lines move: `orders.create`."""
        module = re.split(r"[/\\]", self.file)[-1].removesuffix(".py")
        return f"{module}.{self.function}"


def packages_of(words: Iterable[str]) -> tuple[str, ...]:
    """The packages that an app, a command's words or a settings module name: `shop` for "shop.main:app"."""
    found = dict.fromkeys(package for word in words for package in _MODULE.findall(word))
    return tuple(package for package in found if package not in _STARTERS)


def own_frames(text: str, packages: Collection[str] = ()) -> tuple[Frame, ...]:
    """The service's own frames in the tracebacks of a text, outermost first; none where libraries alone failed.

    `packages` are the service's own wherever they are installed. A middleware that only passes the request on is not at
    work: its frame says nothing.
    """
    return tuple(
        frame
        for frame, source in _frames(text)
        if not _is_library(frame.file, packages) and not _PASSES_ON.search(source)
    )


def files_of(text: str) -> tuple[str, ...]:
    """The files of all frames in the tracebacks of a text, libraries' too."""
    return tuple(frame.file for frame, _ in _frames(text))


def _is_library(file: str, packages: Collection[str]) -> bool:
    installed = _INSTALLED.match(file)
    return installed["package"] not in packages if installed else bool(_LIBRARY.search(file))


def _frames(text: str) -> Iterator[tuple[Frame, str]]:
    """Each frame with its line of source.

    A traceback ends at the exception's own line, whose message may look like frames (FastAPI's does).
    """
    lines = [_GROUP.sub("", line) for line in text.splitlines()]
    inside = False
    for line, source in zip(lines, [*lines[1:], ""], strict=True):
        inside = _BEGINS in line or (inside and line.startswith(" "))
        if found := _FRAME.match(line) if inside else None:
            yield Frame(file=found["file"], line=int(found["line"]), function=found["function"]), source
