"""An answer in the form in which it is compared: status, the headers that matter, and the body by its kind.

json     the tree; a number is the text by which it is written
html     one element or text a line (page.py)
text     line by line
binary   type, length and digest
empty    nothing
"""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Literal

from hotfire.equality.record import Json, Number
from hotfire.expected.page import lines_of
from hotfire.model.history import Reply

BodyKind = Literal["json", "html", "text", "binary", "empty"]
KINDS: Final[tuple[BodyKind, ...]] = ("json", "html", "text", "binary", "empty")

HEADERS: Final = (
    "content-type",
    "content-disposition",
    "content-language",
    "content-encoding",
    "location",
    "cache-control",
    "vary",
    "etag",
    "last-modified",
    "set-cookie",
    "www-authenticate",
    "retry-after",
    "allow",
    "link",
    "access-control-allow-origin",
    "access-control-allow-credentials",
    "content-security-policy",
    "strict-transport-security",
    "x-frame-options",
    "x-content-type-options",
    "referrer-policy",
    "deprecation",
    "sunset",
)
"""The headers that matter to a client, in the order in which they are written."""

_WITHOUT_ORDER = ("cache-control", "vary", "allow")
_HELD: Final = "…"
"""What stands for a value of which only its being there is told: a cookie's, an ETag's."""
_OWN_PORT = re.compile(r"(?<![\w.])127\.0\.0\.1:\d+(?!\d)")
_OWN_URL = re.compile(r"https?://127\.0\.0\.1(?=/|\Z)")
_TEXTS = re.compile(r"text/|[/+](?:xml|javascript|ecmascript|yaml|x-yaml|x-ndjson|x-www-form-urlencoded|graphql)\b")
_SURROGATE = re.compile("[\ud800-\udfff]")
_DEEPEST = 64  # lists and objects in one another: what reads them goes as deep
_TOO_DEEP = "it is nested too deep to be compared"
_TYPES: Final = (
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"%PDF", "PDF"),
    (b"PK\x03\x04", "ZIP"),
    (b"\x1f\x8b", "gzip"),
    (b"RIFF", "RIFF"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One answer. `tree` is a JSON body, `lines` a body of another kind."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    kind: BodyKind = "empty"
    tree: Json = None
    lines: tuple[str, ...] = ()


def form_of_reply(reply: Reply) -> Form:
    """An answer in its normal form; one that never came has status 0."""
    headers = tuple(sorted(_significant(reply.headers), key=lambda each: HEADERS.index(each[0])))
    body = _OWN_PORT.sub("127.0.0.1", reply.body)
    kind = _kind(next((value for name, value in headers if name == "content-type"), ""), body)
    tree: Json = None
    if kind == "json":
        try:
            tree = loaded(body)
        except ValueError:
            kind = "text"
    length = next((value for name, value in reply.headers if name.lower() == "content-length"), "")
    lines = tuple(_lines(kind, body, reply.body, length))
    return Form(status=reply.status or 0, headers=headers, kind=kind, tree=tree, lines=lines)


def loaded(text: str) -> Json:
    """JSON whose numbers are the texts by which they are written; also NaN and Infinity, as Python writes them.

    Raises:
        ValueError: it is none, or nested deeper than what is compared.
    """
    try:
        tree: Json = json.loads(text, parse_float=Number, parse_int=Number, parse_constant=Number)
    except RecursionError as error:
        raise ValueError(_TOO_DEEP) from error
    level: list[Json] = [tree]
    for _ in range(_DEEPEST):
        level = [item for each in level for item in _items(each)]
        if not level:
            return tree
    raise ValueError(_TOO_DEEP)


def spelled(value: Json) -> str:
    """JSON as a person reads it; half of a surrogate pair, which no file can hold, as the escape that it came by."""
    return escaped(json.dumps(value, ensure_ascii=False))


def escaped(text: str) -> str:
    """A text without halves of surrogate pairs."""
    return _SURROGATE.sub(lambda half: f"\\u{ord(half[0]):04x}", text)


def _items(tree: Json) -> Iterable[Json]:
    match tree:
        case dict():
            return tree.values()
        case list():
            return tree
        case _:
            return ()


def _kind(content_type: str, body: str) -> BodyKind:
    if not body:
        return "empty"
    media = content_type.partition(";")[0].strip().lower()
    if media.endswith(("/json", "+json")):
        return "json"
    if media in {"text/html", "application/xhtml+xml"}:
        return "html"
    return "text" if not media or _TEXTS.search(media) else "binary"


def _lines(kind: BodyKind, body: str, raw: str, length: str) -> Iterable[str]:
    match kind:
        case "html":
            return lines_of(body)
        case "text":
            return map(str.rstrip, body.rstrip().splitlines())
        case "binary":
            return _digested(raw, length)
        case _:
            return ()


def _digested(raw: str, length: str) -> Iterator[str]:
    """What is told of bytes; those that are no text stand in a history as base64, which a text may look like."""
    content = raw.encode()
    with suppress(binascii.Error, ValueError):
        decoded = base64.b64decode(raw, validate=True)
        content = content if length == str(len(content)) != str(len(decoded)) else decoded
    named = next((name for start, name in _TYPES if content.startswith(start)), "")
    if named:
        yield f"type: {named}"
    yield f"bytes: {len(content)}"
    yield f"sha256: {hashlib.sha256(content).hexdigest()}"


def _significant(headers: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for spelled, raw in headers:
        name, value = spelled.lower(), _OWN_PORT.sub("127.0.0.1", raw.strip())
        if name == "set-cookie":
            yield name, _cookie(value)
        elif name in {"etag", "last-modified"}:
            yield name, _HELD
        elif name == "location":
            yield name, _OWN_URL.sub("", value) or "/"
        elif name in _WITHOUT_ORDER:
            yield name, ", ".join(sorted(part.strip().lower() for part in value.split(",")))
        elif name in HEADERS:
            yield name, value


def _cookie(value: str) -> str:
    """A cookie by its name and attributes (RFC 6265, 4.1): never what it holds, nor the second in which it ends."""
    pair, *attributes = (part.strip() for part in value.split(";"))
    name, _, content = pair.partition("=")
    kept = sorted(_attribute(each) for each in attributes if each)
    return "; ".join([f"{name}={_HELD}" if content.strip('"') else f"{name}=", *kept])


def _attribute(text: str) -> str:
    name, _, value = text.partition("=")
    if name.lower() == "expires":
        value = _HELD
    return f"{name.lower()}={value}" if value else name.lower()
