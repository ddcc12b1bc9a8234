"""Edits applied to a true request: all but the one place stays byte for byte (and Content-Length tells the truth)."""

import base64
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import assert_never
from urllib.parse import quote

from hotfire.editing import jsontext, multipart, pairs
from hotfire.model.edit import Edit

Headers = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What of a request an edit can change; header names in any case."""

    target: str
    headers: Headers
    body: bytes


def edited(message: Message, edits: Iterable[Edit]) -> Message:
    """The message with one edit after the other applied.

    Raises:
        LookupError: an edit names a place that the message does not have.
        ValueError: an edit is no edit: base64 that is none, an index that is no number.
    """
    before = message.body
    for edit in edits:
        message = _one(message, edit)
    return _measured(message) if message.body != before else message


def _one(message: Message, edit: Edit) -> Message:
    match edit.part:
        case "query":
            path, _, query = message.target.partition("?")
            query = pairs.changed(query, pairs.QUERY, edit, _written(edit, pairs.QUERY))
            return replace(message, target=f"{path}?{query}" if query else path)
        case "path":
            return replace(message, target=_in_path(message.target, edit))
        case "header":
            return replace(message, headers=_in_headers(message.headers, edit))
        case "cookie":
            return replace(message, headers=_in_cookies(message.headers, edit))
        case "content":
            return _as_a_whole(message, edit)
        case "body":
            return replace(message, body=_in_json(message.body, edit))
        case "form":
            form = message.body.decode("latin-1")
            form = pairs.changed(form, pairs.FORM, edit, _written(edit, pairs.FORM))
            return replace(message, body=form.encode("latin-1"))
        case "multipart" | "filename":
            kind = _header(message.headers, b"content-type")
            return replace(message, body=multipart.changed(message.body, kind, edit, _bytes(edit)))
        case never:
            assert_never(never)


def _bytes(edit: Edit) -> bytes:
    return base64.b64decode(edit.value, validate=True) if edit.encoding == "base64" else edit.value.encode()


def _written(edit: Edit, manner: pairs.Manner) -> str:
    return edit.value if edit.encoding == "raw" else manner.writes(_bytes(edit))


def _in_json(body: bytes, edit: Edit) -> bytes:
    if edit.act == "remove":
        return jsontext.removed(body, edit.place)
    change = jsontext.inserted if edit.act == "insert" else jsontext.replaced
    return change(body, edit.place, _bytes(edit))


def _in_path(target: str, edit: Edit) -> str:
    path, question, query = target.partition("?")
    segments, at = path.split("/"), int(edit.place) + 1
    if not 0 < at < len(segments) + (edit.act == "insert"):
        raise LookupError(f"the path {path} has no segment {edit.place}")
    value = [] if edit.act == "remove" else [edit.value if edit.encoding == "raw" else quote(_bytes(edit), safe="")]
    behind = at if edit.act == "insert" else at + 1
    return "/".join([*segments[:at], *value, *segments[behind:]]) + question + query


def _in_headers(headers: Headers, edit: Edit) -> Headers:
    name = edit.place.lower().encode("latin-1")
    if edit.act == "insert":
        return (*headers, (name, _bytes(edit)))
    named = [n for n, (each, _) in enumerate(headers) if each.lower() == name]
    if len(named) < edit.occurrence:
        raise LookupError(f"the request has no header {edit.place!r} #{edit.occurrence}")
    at = named[edit.occurrence - 1]
    new = () if edit.act == "remove" else ((headers[at][0], _bytes(edit)),)
    return (*headers[:at], *new, *headers[at + 1 :])


def _in_cookies(headers: Headers, edit: Edit) -> Headers:
    named = [n for n, (each, _) in enumerate(headers) if each.lower() == b"cookie"]
    own = headers[named[0]][1].decode("latin-1") if named else ""
    # a header's text is bytes, of any encoding: Latin-1 gives each byte back as it was
    value = _bytes(edit).decode("latin-1")
    cookies = pairs.changed(own, pairs.COOKIES, edit, value).encode("latin-1")
    if not named:
        return (*headers, (b"cookie", cookies))
    at = named[0]
    return (*headers[:at], *([(headers[at][0], cookies)] if cookies else []), *headers[at + 1 :])


def _as_a_whole(message: Message, edit: Edit) -> Message:
    if edit.act == "cut":
        return replace(message, body=message.body[: int(edit.value)])
    if edit.place:
        others = tuple(each for each in message.headers if each[0].lower() != b"content-type")
        message = replace(message, headers=(*others, (b"content-type", edit.place.encode("latin-1"))))
    return replace(message, body=b"" if edit.act == "remove" else _bytes(edit))


def _header(headers: Headers, name: bytes) -> str:
    return next((value.decode("latin-1") for each, value in headers if each.lower() == name), "")


def _measured(message: Message) -> Message:
    """With the length that its body has now; a body that came in chunks needs none."""
    names = {name.lower() for name, _ in message.headers}
    if b"transfer-encoding" in names:
        return message
    length = b"%d" % len(message.body)
    if b"content-length" not in names:
        return replace(message, headers=(*message.headers, (b"content-length", length)))
    told = tuple((name, length if name.lower() == b"content-length" else value) for name, value in message.headers)
    return replace(message, headers=told)
