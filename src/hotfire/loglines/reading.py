"""Lines in, records out: plain and JSON lines, access lines, and tracebacks with what stands above them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from math import inf

from hotfire.loglines.record import Access, Record
from hotfire.loglines.structured import named, structured
from hotfire.loglines.tracebacks import START, Collecting, failure_of
from hotfire.model.history import LogLine

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_LEVEL = re.compile(
    r"\b(DEBUG|INFO|NOTICE|WARNING|WARN|ERROR|CRITICAL|FATAL|EXCEPTION)\b"
    r"|\[(debug|info|warning|error|critical|exception) *\]"  # structlog's console
    r"|\b(?:level|severity|lvl)=\"?(\w+)"  # logfmt
)
_ACCESS = re.compile(r"\"(?P<method>[A-Z]+) (?P<target>\S+) (?:HTTP/)?[\d.]+\" (?P<status>\d{3}|-)")
_REQUEST_ID = re.compile(r"\b(?:request|correlation|trace|req)[_-]?id\"?[=:] ?\"?([\w-]{8,})", re.IGNORECASE)
_HEAD = 160  # characters in which a level stands, if there is one


def records_of(lines: Iterable[LogLine], begun: float = -inf, until: float = inf) -> tuple[Record, ...]:
    """The records of a log in the order of their first lines; each process writes its own.

    Those that begin in this time, in seconds, and whole: a traceback may be read in pieces, the last of them later.
    """
    readers: dict[str, _Reader] = {}
    found: list[Record] = []
    for line in lines:
        reader = readers.setdefault(line.process, _Reader())
        found += reader.take(line, apart=any(reader.at < mark <= line.at for mark in (begun, until)))
    for reader in readers.values():
        found += reader.end()
    return tuple(sorted((each for each in found if begun <= each.at < until), key=lambda record: record.at))


class _Reader:
    """Reads the lines of one process; the last record waits until it is clear that no traceback follows."""

    def __init__(self) -> None:
        self.at = -inf
        self._waiting: Record | None = None
        self._traceback: Collecting | None = None

    def take(self, line: LogLine, *, apart: bool) -> Iterator[Record]:
        """What is told by the next line; a traceback that begins `apart` from the line before is none of its."""
        text, self.at = _COLOUR.sub("", line.text), line.at
        if self._traceback and self._traceback.takes(text):
            return
        if self._traceback or apart or not START.match(text):
            yield from self.end()
        if START.match(text):
            if self._waiting and self._waiting.access:
                yield from self.end()
            self._waiting = self._waiting or Record(process=line.process, at=line.at, text="", headline="")
            self._traceback = Collecting()
            self._traceback.takes(text)
        elif text.strip():
            self._waiting = _record(line, text)

    def end(self) -> Iterator[Record]:
        """What has been taken and not been told."""
        record, traceback = self._waiting, self._traceback
        self._waiting = self._traceback = None
        if record and traceback:
            text = "\n".join(filter(None, (record.text, *traceback.lines)))
            yield replace(record, text=text, failure=failure_of(traceback.lines))
        elif record:
            yield record


def _record(line: LogLine, text: str) -> Record:
    if (found := structured(text.strip())) is not None:
        return Record(
            process=line.process,
            at=line.at,
            text=found.text,
            headline=found.message,
            level=found.level,
            access=found.access,
            failure=found.failure,
            request_id=found.request_id,
        )
    request_id = _REQUEST_ID.search(text)
    return Record(
        process=line.process,
        at=line.at,
        text=text,
        headline=text.strip(),
        level=_level(text),
        access=_access(text),
        request_id=request_id[1] if request_id else "",
    )


def _level(text: str) -> str:
    found = _LEVEL.search(text[:_HEAD])
    return named(next(filter(None, found.groups()))) if found else ""


def _access(text: str) -> Access | None:
    found = _ACCESS.search(text)
    if found is None:
        return None
    status = int(found["status"]) if found["status"].isdigit() else None
    return Access(method=found["method"], target=found["target"], status=status)
