"""The leaves of a request: each place that holds one value, with the value, as an edit that would leave it as it is."""

import json
from collections import Counter
from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote

from hotfire.model.edit import Edit
from hotfire.model.pointer import pointer_of
from hotfire.model.request import Request


def leaves(request: Request) -> Iterator[Edit]:
    """Segments of the path, parameters of the query, scalars of a JSON body, fields of a URL-encoded form; in order.

    Of a body that is none of these, nothing: it has no places.
    """
    for index, segment in enumerate(request.path.split("/")[1:]):
        yield Edit(part="path", place=str(index), value=unquote(segment))
    yield from _pairs("query", request.query)
    if request.binary:
        return
    if request.media_type == "application/x-www-form-urlencoded":
        yield from _pairs("form", request.body)
    elif request.media_type.endswith("json"):
        try:
            yield from _scalars((), json.loads(request.body))
        except (ValueError, RecursionError):
            return


def _pairs(part: str, text: str) -> Iterator[Edit]:
    seen = Counter[str]()
    for name, value in parse_qsl(text, keep_blank_values=True):
        seen[name] += 1
        yield Edit(part="query" if part == "query" else "form", place=name, value=value, occurrence=seen[name])


def _scalars(tokens: tuple[str | int, ...], value: object) -> Iterator[Edit]:
    """Each scalar below a value, as JSON text at its pointer."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield from _scalars((*tokens, str(name)), member)
    elif isinstance(value, list):
        for index, element in enumerate(value):
            yield from _scalars((*tokens, index), element)
    else:
        yield Edit(part="body", place=pointer_of(*tokens), value=json.dumps(value))
