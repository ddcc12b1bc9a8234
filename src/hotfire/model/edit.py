"""An edit: one place of a request made otherwise. A world applies it to the true request (`hotfire.editing`).

    part        place                                 what `value` is
    body        JSON pointer (RFC 6901)               JSON text
    form        name of a field of a URL-encoded form text
    multipart   name of a field of multipart/form-data text: the field's content
    filename    likewise                              text: the name that an uploaded file comes with
    query       name of a parameter                   text
    path        index of a segment, from 0            text
    header      name, in any case                     text
    cookie      name                                  text
    content     the new content type, or "": as it is text: all of the body

An edit holds no byte of the request that it changes: what it leaves alone may be a secret, which only the world knows.
All of it is JSON, and valid Unicode: a lone surrogate is written as JSON or percent escapes write it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import msgspec

Part = Literal["body", "form", "multipart", "filename", "query", "path", "header", "cookie", "content"]
Act = Literal["replace", "remove", "insert", "cut"]
Encoding = Literal["text", "raw", "base64"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One place made otherwise.

    act         "insert" adds beside what is there: a member of an object (a second one of its name, too: a duplicate
                key), an element before an index ("-": at the end), one more parameter, field, header or cookie, a
                segment. "cut", of content alone: `value` is where the body ends, as in a slice ("-1": a byte early).
    occurrence  which one of this name is replaced or removed, from 1, where a part may hold several.
    encoding    "text": percent-encoded where the part asks for it, else UTF-8. "raw": put in as it stands, for percent
                sequences that no text has ("%ED%A0%80"). "base64": bytes, percent-encoded likewise.
    """

    part: Part
    place: str = ""
    act: Act = "replace"
    value: str = ""
    occurrence: int = 1
    encoding: Encoding = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An edit that another tool proposes, and what it says of it."""

    edit: Edit
    says: str


def written(edits: Iterable[Edit]) -> str:
    """Edits as a compact text, which stands in a trial's arguments; equal edits are equal texts."""
    return msgspec.json.encode([[e.part, e.place, e.act, e.value, e.occurrence, e.encoding] for e in edits]).decode()


def read(text: str) -> tuple[Edit, ...]:
    """The edits that `written` wrote.

    Raises:
        ValueError: it is not such a text.
    """
    rows = msgspec.json.decode(text, type=list[tuple[Part, str, Act, str, int, Encoding]])
    return tuple(
        Edit(part=part, place=place, act=act, value=value, occurrence=occurrence, encoding=encoding)
        for part, place, act, value, occurrence, encoding in rows
    )
