"""A request that is to be made wrong: its spots, and what of a change its document proves."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import quote

import msgspec

from hotfire.model.edit import Edit, Encoding
from hotfire.model.pointer import pointer_of
from hotfire.model.request import Request
from hotfire.mutation.bodywalk import BodyWalk, applied, spoken
from hotfire.mutation.case import Case
from hotfire.mutation.headers import carried
from hotfire.mutation.names import canaries
from hotfire.mutation.sample import NOTHING
from hotfire.mutation.spot import Change, Spot
from hotfire.mutation.textwalk import FORM, MULTIPART, TextWalk
from hotfire.openapi import Judge, Operation, Schema
from hotfire.openapi.validity import Validator, surely_not

_SHOWN = 40
_FORMS = {FORM: "form", MULTIPART: "multipart"}


@dataclass(slots=True, kw_only=True)
class Subject:
    """A request with its operation, where one is known.

    `root` is its JSON body, or NOTHING; `unset` what to send for fields that are nobody's to set, by name.
    """

    request: Request
    judge: Judge | None
    walk: BodyWalk
    texts: TextWalk
    root: object
    schemas: list[Schema]
    validator: Validator | None
    unset: dict[str, object]
    _taken: dict[str, bool] = field(default_factory=dict)

    @classmethod
    def of(cls, request: Request, operation: Operation | None, answered: str = "") -> "Subject":
        """The subject; a document by which the body is invalid already proves nothing of it.

        Raises:
            UsageError: a schema of the document is none.
        """
        judge = Judge.of(operation) if operation else None
        walk = BodyWalk.of(operation.definitions if operation else {})
        root, kind = json_of(request), request.media_type
        validator = judge.body(kind) if judge and root is not NOTHING else None
        body = operation.body(kind) if operation else None
        return cls(
            request=request,
            judge=judge,
            walk=walk,
            texts=TextWalk(request=request, sampler=walk.sampler, operation=operation, judge=judge),
            root=root,
            schemas=[body.schema] if body and validator else [],
            validator=None if validator is None or surely_not(validator, root) else validator,
            unset=canaries(operation.shown if operation else {}, _fields(answered)),
        )

    def spots(self, route: str) -> Iterator[Spot]:
        """All places, those of the target first."""
        yield from self.texts.query()
        yield from self.texts.path(route)
        if self.root is not NOTHING:
            yield from self.walk.spots(self.root, self.schemas, self.unset)
        yield from self.texts.fields()
        yield from self.texts.form(self.unset)
        yield from self._content()
        yield from self.texts.headers()
        yield from self.texts.cookies()

    def case(self, spot: Spot, change: Change) -> Case | None:
        """The case of one change, or None: it cannot be sent there, or is not what it says."""
        proven = change.raw is None and change.base64 is None and self._proves(spot, change)
        if change.only_proven and not proven:
            return None
        edit = edit_of(spot, change)
        if edit is None or not carried(edit):
            return None
        inserts = change.act == "insert" and bool(change.key)
        name = spot.name
        if inserts:
            name = spoken((*spot.tokens, change.key)) if spot.part == "body" else f"field {change.key}"
        shown = change.shows and len(edit.value) <= _SHOWN
        return Case(
            edit=edit,
            pointer=spot.pointer + pointer_of(change.key) if inserts else spot.pointer,
            keyword=change.keyword,
            sentence=f"{name}: {edit.value}, {change.why}" if shown else f"{name}: {change.why}",
            proven=proven,
        )

    def _proves(self, spot: Spot, change: Change) -> bool:
        if spot.part == "body":
            return self.validator is not None and surely_not(self.validator, applied(self.root, spot.tokens, change))
        if spot.parameter is None or self.judge is None or spot.whole:
            return False
        if (taken := self._taken.get(spot.pointer)) is None:
            taken = self._taken[spot.pointer] = self.judge.takes(spot.parameter, list(spot.sent))
        text, at = text_of(change.new), spot.occurrence - 1
        texts = [each for n, each in enumerate(spot.sent) if n != at or change.act == "insert"]
        if change.act != "remove" and text is not None:
            texts.insert(at, text)
        return taken and not self.judge.takes(spot.parameter, texts)

    def _content(self) -> Iterator[Spot]:
        kind = "json" if self.root is not NOTHING else _FORMS.get(self.request.media_type, "")
        if kind:
            yield Spot(
                part="content",
                place="",
                pointer="/body",
                name="the body",
                key=kind,
                kind="null",
                value=None,
                sampler=self.walk.sampler,
                whole=True,
            )


def json_of(request: Request) -> object:
    """The JSON body of a request, or NOTHING: it is none, or nested beyond what can be walked."""
    if not request.body or request.binary or not request.media_type.endswith("json"):
        return NOTHING
    try:
        return cast("object", msgspec.json.decode(request.body))
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return NOTHING


def _fields(answered: str) -> Mapping[str, object]:
    """The fields of a JSON answer; of a list, those of its first element."""
    try:
        value = msgspec.json.decode(answered) if answered else None
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return {}
    if isinstance(value, list) and value:
        value = value[0]
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def edit_of(spot: Spot, change: Change) -> Edit | None:
    """A change as an edit, or None: its value cannot stand there."""
    place = spot.place
    if change.act == "insert" and change.key:
        place = place + pointer_of(change.key) if spot.part == "body" else change.key
    if change.act == "remove":
        return Edit(part=spot.part, place=place, act="remove", occurrence=spot.occurrence)
    value: str | None
    encoding: Encoding
    if change.base64 is not None:
        value, encoding = change.base64, "base64"
    elif change.raw is not None:
        value, encoding = change.raw, "raw"
    else:
        value, encoding = json_text(change.new) if spot.part == "body" else text_of(change.new), "text"
    if value is None:
        return None
    if any(spot.margins):
        value, encoding = _between(spot.margins, value, encoding), "raw"
    return Edit(part=spot.part, place=place, act=change.act, value=value, occurrence=spot.occurrence, encoding=encoding)


def _between(margins: tuple[str, str], value: str, encoding: Encoding) -> str:
    """The whole segment of a path of which one part is another, as it is written."""
    before, behind = margins
    return before + (value if encoding == "raw" else quote(value, safe="")) + behind


def json_text(value: object) -> str:
    """A value as compact JSON text."""
    return msgspec.json.encode(value).decode()


def text_of(value: object) -> str | None:
    """A value as it stands in a URL, a form or a header, or None: it cannot."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case int() | float():
            return str(value)
        case _:
            return None
