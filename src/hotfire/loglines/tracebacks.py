"""Python's tracebacks as they stand in a log: chains, exception groups, and those that a JSON line carries."""

import re
from collections.abc import Iterable

from hotfire.loglines.record import Failure

START = re.compile(r"^[\s|+]*(?:Exception Group )?Traceback \(most recent call last\):\s*$")
_MARGIN = re.compile(r"^[\s|+-]*")
_FRAME = re.compile(r'^\s*File "(?P<file>[^"]+)", line (?P<line>\d+)')
_CHAIN = ("During handling of the above exception", "The above exception was the direct cause")
_EXCEPTION = re.compile(r"^(?:[A-Za-z_<][\w<>]*\.)*[A-Za-z_]\w*(?:: .*|:)?$")
_MORE = re.compile(r"(?:DETAIL|HINT|CONTEXT|STATEMENT): |LINE \d+: |\[(?:SQL|parameters): |\(Background on this error")


class Collecting:
    """Takes the lines of one traceback, chains and groups included, until it meets one that is none of it."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._ended = False  # an exception's own line was seen: only a chain goes on from here
        self._group = False

    def takes(self, line: str) -> bool:
        """Take the line, or say that it belongs to what comes next."""
        if not self._belongs(line):
            return False
        self.lines.append(line)
        return True

    def _belongs(self, line: str) -> bool:
        bare = _MARGIN.sub("", line)
        if START.match(line):
            self._group = self._group or "Exception Group" in line or "|" in line
            again, self._ended = self._ended, False
            return not self.lines or again or self._group or self._chained()
        if self._group and line.lstrip()[:1] in {"|", "+"}:
            self._ended = True
            return True
        if not bare or bare.startswith(_CHAIN):
            return True
        if line[:1].isspace() or (self._ended and _MORE.match(line)):
            return True
        if self._ended:
            return False
        self._ended = bool(_EXCEPTION.match(bare))
        return self._ended

    def _chained(self) -> bool:
        return any(_MARGIN.sub("", line).startswith(_CHAIN) for line in self.lines[-3:])


def failure_of(lines: Iterable[str]) -> Failure:
    """What a traceback tells: each exception of its chain with the innermost frame, and the last of them."""
    parts: list[tuple[str, str]] = []
    frame = ""
    for line in lines:
        bare = _MARGIN.sub("", line)
        if found := _FRAME.match(bare):
            frame = f"{found['file']}:{found['line']}"
        elif frame and _EXCEPTION.match(bare) and not _is_code(line):
            parts.append((bare, frame))
            frame = ""
    return Failure(exception=parts[-1][0] if parts else "", parts=frozenset(parts))


def _is_code(line: str) -> bool:
    """Whether a line is the source of a frame: those stand further in than the exception."""
    return len(_indented(line)) > 2


def _indented(line: str) -> str:
    margin = _MARGIN.match(line)
    text = margin[0] if margin else ""
    return text.rsplit("|", 1)[-1] if "|" in text else text
