"""Whose code failed: the frames of a traceback that are of the service's own source, not of a library."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_BEGINS = "Traceback (most recent call last)"
_GROUP = re.compile(r"^ *[|+] ?")
_FRAME = re.compile(r'^ +File "(?P<file>[^"]+)", line (?P<line>\d+), in (?P<function>.+)$')
_LIBRARY = re.compile(r"(?:site|dist)-packages[/\\]|[/\\]lib[/\\]python\d|^<|[/\\]hotfire[/\\]worlds[/\\]zygote[/\\]")
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


def own_frames(text: str) -> tuple[Frame, ...]:
    """The service's own frames in the tracebacks of a text, outermost first; none where libraries alone failed.

    A middleware that only passes the request on is not at work: its frame says nothing.
    """
    return tuple(_own([_GROUP.sub("", line) for line in text.splitlines()]))


def _own(lines: list[str]) -> Iterator[Frame]:
    """A traceback ends at the exception's own line, whose message may look like frames (FastAPI's does)."""
    inside = False
    for line, source in zip(lines, [*lines[1:], ""], strict=True):
        inside = _BEGINS in line or (inside and line.startswith(" "))
        found = _FRAME.match(line) if inside else None
        if found and not _LIBRARY.search(found["file"]) and not _PASSES_ON.search(source):
            yield Frame(file=found["file"], line=int(found["line"]), function=found["function"])
