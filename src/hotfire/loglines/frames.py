"""Whose code failed: the frames of a traceback that are of the service's own source, not of a library."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_FRAME = re.compile(
    r'File "(?P<file>[^"\n]+)", line (?P<line>\d+), in (?P<function>[^\n]+)(?:\n[\s|]*(?P<source>[^\n]*))?'
)
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
    return tuple(_own(text))


def _own(text: str) -> Iterator[Frame]:
    for found in _FRAME.finditer(text):
        if not _LIBRARY.search(found["file"]) and not _PASSES_ON.search(found["source"] or ""):
            yield Frame(file=found["file"], line=int(found["line"]), function=found["function"])
