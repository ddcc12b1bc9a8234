"""Which records lead to a request: those that name its path or route, or an id that its answer shows too."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote

from hotfire.loglines.record import Record
from hotfire.model.history import Reply
from hotfire.model.step import Step

_ID_HEADERS = {"x-request-id", "request-id", "x-correlation-id", "correlation-id", "x-trace-id", "traceparent"}
_ID = re.compile(r"\b(?=[\w-]*\d)[0-9A-Za-z][0-9A-Za-z_-]{7,}\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a reader of the log knows of a request that failed: its paths (as sent, and the route), and its ids."""

    paths: tuple[str, ...]
    ids: tuple[str, ...] = ()

    @classmethod
    def of(cls, step: Step, reply: Reply) -> "Request":
        """The request of a step, with the ids that its answer shows in a header or in its body."""
        path = step.target.split("?", 1)[0]
        paths = tuple(dict.fromkeys(filter(None, (path, unquote(path), step.route))))
        return cls(paths=paths, ids=tuple(dict.fromkeys(_ids(reply))))


def _ids(reply: Reply) -> Iterator[str]:
    for name, value in reply.headers:
        if name.lower() in _ID_HEADERS:
            yield value
            yield from value.split("-")[1:2] if name.lower() == "traceparent" else ()  # W3C: version-trace-span-flags
    if reply.failed and len(reply.body) < _LONG_BODY:
        yield from _ID.findall(_told(reply.body))


_LONG_BODY = 4000  # characters: a longer one is a page, and what looks like an id in it is a hash of its style


def _told(body: str) -> str:
    """A JSON body's strings, else the body."""
    try:
        return " ".join(map(str, json.loads(body).values())) if body.startswith("{") else body
    except (ValueError, AttributeError, RecursionError):
        return body


def names_request(record: Record, request: Request) -> bool:
    """Whether the record itself names the request."""
    if any(each and each in record.text for each in request.ids):
        return True
    if record.access:
        return record.access.path in request.paths or unquote(record.access.path) in request.paths
    return any(_standing(path).search(record.text) for path in request.paths)


@cache
def _standing(path: str) -> re.Pattern[str]:
    """The path where it stands alone: after a host, in quotes, at a sentence's end; not as a part of another path."""
    bare = re.escape(path.rstrip("/"))
    return re.compile(rf"(?:^|[^\w/%.-]|https?://[^\s/\"']+){bare}/?(?![\w/%-])")


def leads(record: Record, request: Request, records: Sequence[Record]) -> bool:
    """Whether the record leads to the request: it names it, or another one with the same request id does."""
    if names_request(record, request):
        return True
    joined = record.request_id
    return bool(joined) and any(other.request_id == joined and names_request(other, request) for other in records)
