"""A step's request as nobody can read it: what such a one leaves, the service keeps of each request.

    {"           no JSON at all: a service may refuse it before anything else, FastAPI before its dependencies
    [] or {}     JSON, and of another kind than what is wanted: refused where fields are looked at
    hotfire=     for a form of files, a plain one without its fields, for the same reason
    hotfire      without a body, a word in place of the last number or UUID of path and query, else of the last text

Only what is refused counts (see `refusals`): a service may take one of these.
"""

import re
from collections.abc import Iterator

from hotfire.model.edit import Edit
from hotfire.model.request import Request
from hotfire.mutation.sample import NOTHING
from hotfire.mutation.spot import Change, Spot
from hotfire.mutation.subject import Subject, edit_of
from hotfire.mutation.textwalk import FORM, MULTIPART
from hotfire.openapi import Operation

_WORD = "hotfire"
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")  # RFC 9562


def unread(request: Request, operation: Operation | None, route: str) -> Iterator[tuple[Edit, str]]:
    """Each way beside the one that is no JSON, with how a person is told of it. A request without a body has one."""
    subject = Subject.of(request, operation)
    if not request.body:
        spots = [*subject.texts.query(), *subject.texts.path(route)]
        for spot in sorted((each for each in spots if not each.masked), key=_is_typed)[-1:]:
            if edit := edit_of(spot, Change(keyword="", why="", new=_WORD)):
                yield edit, f"{spot.name}: {_WORD!r}, which is none"
    elif request.media_type == MULTIPART:
        yield Edit(part="content", place=FORM, value=f"{_WORD}="), "the form has none of its fields"
    elif subject.root is not NOTHING:
        other = "{}" if isinstance(subject.root, list) else "[]"
        yield Edit(part="content", value=other), f"the body is {other}, which is of another kind"


def _is_typed(spot: Spot) -> bool:
    """Whether a framework may see by itself that a word is none."""
    return spot.kind != "string" or _UUID.fullmatch(str(spot.value)) is not None
