"""Stand-ins: what is sent in a request and new in each run has another of its kind in its place while cases are made.

    a ticket that a page gave      "f02d59dd-acf7-4a6f-a22c-2ee00fe97fdd"     "5e1c0d4f-3b0a-4b6e-8d5e-2f7f3a1c9b77"
    a moment that is sent back     "2026-11-28T12:31:07.482913+00:00"         "2001-02-03T04:12:45.678901+00:00"

A trial's id is its hash, and it is replayed on another day: so its edits hold what depends on the place alone, and a
world puts the true value where the whole of a stand-in stands. To take for such a value what is none does no harm.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256

from hotfire.editing import multipart
from hotfire.editing.leaves import leaves
from hotfire.model.edit import Edit
from hotfire.model.request import Request
from hotfire.mutation.filling import filled
from hotfire.openapi.validity import MASK

_UUID = r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"  # RFC 9562
_INSTANT = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?![\d:.])"  # its offset stays
_WORD = r"(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{6,}|(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[\w-]{8,}"
_MADE_UP = re.compile(
    rf"(?<![\w-])(?:(?P<instant>{_INSTANT})|(?:(?P<uuid>{_UUID})|(?P<number>\d{{15,}})|(?P<token>{_WORD}))(?![\w-]))",
    re.ASCII,
)
_DIGITS, _LETTERS, _OF_HEX = "0123456789", "abcdefghijklmnopqrstuvwxyz", "abcdef"


def standing_in(request: Request, objects: Callable[[Request], bool] = lambda _: False) -> Request:
    """The request with stand-ins, but for those that a document `objects` to: a value of its few looks made up, too."""
    edits = [
        replace(place.edit, value=place.written(text))
        for place in _places(request)
        if (text := place.stood_in()) != place.text
    ]
    whole = filled(request, tuple(edits)) if edits else request
    if not objects(whole):
        return whole
    for edit in edits:
        stood = filled(request, (edit,))
        request = request if objects(stood) else stood
    return request


def hidden(edit: Edit, request: Request) -> Edit:
    """An edit that was made of the true request, with stand-ins."""
    return _put(edit, ((true, stand_in) for stand_in, true in _pairs(request)))


def restored(edits: Iterable[Edit], request: Request) -> tuple[Edit, ...]:
    """Edits with what stands in the true request where they have stand-ins."""
    pairs = list(_pairs(request))
    return tuple(_put(edit, pairs) for edit in edits)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """A place that holds one value, and that as text; `quoted` where it is a JSON string."""

    edit: Edit
    text: str
    quoted: bool = False

    def found(self) -> Iterator[re.Match[str]]:
        """What a program made up in it; in a number of JSON, nothing but a long one."""
        is_scalar = self.edit.part == "body" and not self.quoted
        yield from (each for each in _MADE_UP.finditer(self.text) if not is_scalar or each.lastgroup == "number")

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Each stand-in, and what it stands for."""
        where = f"{self.edit.part} {self.edit.place} {self.edit.occurrence}"
        for number, each in enumerate(self.found()):
            yield _stand_in(each, f"{where} {number}"), each[0]

    def stood_in(self) -> str:
        """The text with stand-ins."""
        text = self.text
        for (stand_in, _), each in reversed([*zip(self.pairs(), self.found(), strict=True)]):
            text = text[: each.start()] + stand_in + text[each.end() :]
        return text

    def written(self, text: str) -> str:
        """Another text as an edit's value."""
        return json.dumps(text) if self.quoted else text


def _put(edit: Edit, pairs: Iterable[tuple[str, str]]) -> Edit:
    value = edit.value
    if value and edit.encoding != "base64":
        for old, new in pairs:
            value = value.replace(old, new)
    return edit if value == edit.value else replace(edit, value=value)


def _pairs(request: Request) -> Iterator[tuple[str, str]]:
    for place in _places(request):
        yield from place.pairs()


def _places(request: Request) -> Iterator[_Place]:
    """The places that hold one value, those of a multipart form among them; a secret has a stable name already."""
    for edit in (*leaves(request), *_fields(request)):
        quoted = edit.part == "body" and edit.value.startswith('"')
        text = json.loads(edit.value) if quoted else edit.value
        if not MASK.search(text):
            yield _Place(edit=edit, text=text, quoted=quoted)


def _fields(request: Request) -> Iterator[Edit]:
    if request.media_type != "multipart/form-data":
        return
    try:
        fields = list(multipart.fields(request.content, request.header("content-type") or ""))
    except LookupError:
        return
    seen = Counter[str]()
    for name, content, is_file in fields:
        seen[name] += 1
        if not is_file:
            yield Edit(part="multipart", place=name, value=content.decode("utf-8", "replace"), occurrence=seen[name])


def _stand_in(found: re.Match[str], seed: str) -> str:
    """Of the kind and the length of what was found, and the same in each run: of its characters none counts."""
    text, kind = found[0], found.lastgroup
    if kind == "instant":
        told = f"2001-02-03{text[10]}04:{_drawn(seed, _DIGITS[:6], 1)}{_drawn(seed[::-1], _DIGITS, 1)}"
        return told + (":45" if len(text) > len(told) else "") + (".678901" if "." in text else "")
    if kind == "number":
        return text[:2] + "0" * (len(text) - 6) + _drawn(seed, _DIGITS, 4)
    letters = _OF_HEX if re.fullmatch(r"[0-9a-fA-F-]+", text) else _LETTERS
    letters = letters.upper() if text.isupper() else letters if text.islower() else letters + letters.upper()
    new = _drawn(seed, letters, 1) + _drawn(seed, _DIGITS + letters, len(text) - 1)  # with a letter: it is no number
    return new if kind == "token" else f"{new[:8]}-{new[9:13]}-{text[14]}{new[15:18]}-8{new[20:23]}-{new[24:]}"


def _drawn(seed: str, alphabet: str, length: int) -> str:
    """So many characters, drawn by the seed alone."""
    drawn = b""
    while len(drawn) < length:
        drawn += sha256(f"{seed} {len(drawn)}".encode()).digest()
    return "".join(alphabet[each % len(alphabet)] for each in drawn[:length])
