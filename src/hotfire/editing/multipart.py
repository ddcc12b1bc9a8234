"""A multipart/form-data body changed at one field (RFC 7578); the other parts keep every byte."""

import re
from collections.abc import Iterator

from hotfire.model.edit import Edit

_BOUNDARY = re.compile(r'boundary="?(?P<boundary>[^";]+)', re.IGNORECASE)
_NAME = re.compile(rb'[; ]name="(?P<name>[^"]*)"', re.IGNORECASE)
_FILENAME = re.compile(rb'(?P<before>[; ]filename=")[^"]*(?=")', re.IGNORECASE)


def changed(body: bytes, content_type: str, edit: Edit, value: bytes) -> bytes:
    """The body with one field's content, or its file's name, replaced; without the field; or with one field more.

    Raises:
        LookupError: the content type tells no boundary, or there is no such field.
    """
    line = _line(content_type)
    pieces = body.split(line)
    name = edit.place.encode()
    if edit.act == "insert":
        head = b'\r\nContent-Disposition: form-data; name="' + name + b'"\r\n\r\n'
        return line.join([*pieces[:-1], head + value + b"\r\n", pieces[-1]])
    named = [n for n, piece in enumerate(pieces) if (found := _NAME.search(_head(piece))) and found["name"] == name]
    if len(named) < edit.occurrence:
        raise LookupError(f"the multipart body has no field {edit.place!r} #{edit.occurrence}")
    at = named[edit.occurrence - 1]
    if edit.act == "remove":
        return line.join(pieces[:at] + pieces[at + 1 :])
    head = _head(pieces[at])
    if edit.part == "multipart":
        piece = head + value + b"\r\n"
    elif _FILENAME.search(head):
        piece = _FILENAME.sub(lambda found: found["before"] + value, head, count=1) + pieces[at][len(head) :]
    else:
        raise LookupError(f"the field {edit.place!r} of the multipart body is no file")
    return line.join([*pieces[:at], piece, *pieces[at + 1 :]])


def fields(body: bytes, content_type: str) -> Iterator[tuple[str, bytes, bool]]:
    """The name and the content of each field, and whether it is a file.

    Raises:
        LookupError: the content type tells no boundary.
    """
    for piece in body.split(_line(content_type)):
        head = _head(piece)
        if found := _NAME.search(head):
            yield (
                found["name"].decode("utf-8", "replace"),
                piece[len(head) :].removesuffix(b"\r\n"),
                bool(_FILENAME.search(head)),
            )


def _line(content_type: str) -> bytes:
    boundary = _BOUNDARY.search(content_type)
    if boundary is None:
        raise LookupError(f"the body is no multipart: its content type {content_type!r} tells no boundary")
    return b"--" + boundary["boundary"].strip().encode("latin-1")


def _head(piece: bytes) -> bytes:
    """A part's headers with the empty line behind them; nothing of what stands before the first or behind the last."""
    end = piece.find(b"\r\n\r\n")
    return piece[: end + 4] if end >= 0 and piece.startswith(b"\r\n") else b""
