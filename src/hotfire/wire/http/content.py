"""A request's body as a ledger keeps it: a text in which two runs can be compared field by field."""

import hashlib
import json
from collections.abc import Iterable
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import parse_qsl

from hotfire.wire.http.message import Request, header


def content_of(request: Request) -> str | None:
    """The body: forms as a JSON object of their fields, other text as it is, the rest by digest; None: there is none.

    A file in a form is told by name, type and digest: the boundary around it is another in each request.
    """
    if not request.body:
        return None
    kind = header(request.headers, "content-type")
    try:
        if kind.startswith("application/x-www-form-urlencoded"):
            return _fields(parse_qsl(request.body.decode(), keep_blank_values=True))
        if kind.startswith("multipart/form-data"):
            return _fields(_parts(kind, request.body))
        return request.body.decode()
    except (ValueError, LookupError):  # not UTF-8, not the form that it says it is
        return digest(request.body)


def digest(content: bytes) -> str:
    """What stands for bytes that are no text."""
    return f"sha256 {hashlib.sha256(content).hexdigest()[:16]} ({len(content)} bytes)"


def _fields(pairs: Iterable[tuple[str, str]]) -> str:
    """An object of the fields; one that is there several times is a list."""
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    plain = {name: values[0] if len(values) == 1 else values for name, values in fields.items()}
    return json.dumps(plain, ensure_ascii=False)


def _parts(kind: str, body: bytes) -> list[tuple[str, str]]:
    head = f"content-type: {kind}\r\n\r\n".encode("latin-1")
    form = BytesParser(EmailMessage, policy=HTTP).parsebytes(head + body)
    if not form.is_multipart():
        raise ValueError(kind)
    return [_part(part) for part in form.iter_parts()]


def _part(part: Message) -> tuple[str, str]:
    name = str(part.get_param("name", "", "content-disposition"))
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else bytes(part)
    if (file := part.get_filename()) is not None:
        return name, f"{file} ({part.get_content_type()}), {digest(content)}"
    return name, content.decode()
