"""What of a request is text, as spots: path, query, form, multipart, headers and cookies."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import cast
from urllib.parse import parse_qsl, unquote

from hotfire.editing import multipart
from hotfire.model.edit import Part
from hotfire.model.pointer import pointer_of
from hotfire.model.request import Request
from hotfire.mutation.facets import type_of
from hotfire.mutation.headers import OWN, PROBES
from hotfire.mutation.sample import Sampler, kind_of
from hotfire.mutation.spot import Spot
from hotfire.openapi.operation import Operation, Parameter
from hotfire.openapi.schema import Schema
from hotfire.openapi.validity import MASK, Judge, names_in, readings, shape_of

FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
_NAMES = {"query": "query parameter", "form": "field", "multipart": "field", "header": "header", "cookie": "cookie"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TextWalk:
    """Reads a request's texts; `judge` knows what is declared, where anything is."""

    request: Request
    sampler: Sampler
    operation: Operation | None = None
    judge: Judge | None = None

    def path(self, route: str) -> Iterator[Spot]:
        """The parameters of the route's template, or of the operation's: segments, or parts of them."""
        template = self.operation.template if self.operation else route
        for n, (piece, text) in enumerate(zip(template.split("/"), self.request.path.split("/"), strict=False)):
            if not (found := shape_of(piece).fullmatch(text)):
                continue
            for number, name in enumerate(names_in(piece), 1):
                value, margins = unquote(found[number]), (text[: found.start(number)], text[found.end(number) :])
                spot = self._spot("path", name, value, (value,), self._declared("path", name))
                yield replace(spot, place=str(n - 1), name=f"path parameter {name}", margins=margins)

    def query(self) -> Iterator[Spot]:
        """The parameters of the query."""
        pairs = parse_qsl(self.request.query, keep_blank_values=True)
        yield from self._pairs("query", pairs, [each.removesuffix("[]") for each, _ in pairs])

    def fields(self) -> Iterator[Spot]:
        """The fields of a form, and the names of uploaded files."""
        kind = self.request.media_type
        if kind == FORM:
            pairs = parse_qsl(self.request.body, keep_blank_values=True)
            yield from self._pairs("form", pairs, [name for name, _ in pairs])
        elif kind == MULTIPART:
            told = list(self._parts())
            pairs = [(name, content.decode("utf-8", "replace")) for name, content, is_file in told if not is_file]
            yield from self._pairs("multipart", pairs, [name for name, _ in pairs])
            for name in dict.fromkeys(name for name, _, is_file in told if is_file):
                spot = self._spot("filename", name, "", (), None)
                yield replace(spot, name=f"file name of {name}", kind="null", whole=True)

    def form(self, around: dict[str, object]) -> Iterator[Spot]:
        """The form as a whole, as an object of its fields; `around` is what stands around it."""
        kind = self.request.media_type
        if kind in {FORM, MULTIPART}:
            names = dict.fromkeys(spot.place for spot in self.fields())
            body = self.operation.body(kind) if self.operation else None
            yield Spot(
                part="form" if kind == FORM else "multipart",
                place="",
                pointer="/body",
                name="the form",
                key="body",
                kind="object",
                value=names,
                sampler=self.sampler,
                facets=(self.sampler.flat(body.schema),) if body else (),
                around=around,
                whole=True,
            )

    def headers(self) -> Iterator[Spot]:
        """The headers that the path sends itself or that the document declares, and those that proxies set."""
        sent = dict(reversed(self.request.headers))
        for name, value in sent.items():
            declared = self._declared("header", name)
            if name not in OWN and not MASK.search(value) and (declared or name not in {*PROBES}):
                yield self._spot("header", name, value, (value,), declared)
        for name in PROBES:
            plain = self._spot("header", name, sent.get(name, ""), (), None)
            yield replace(plain, kind="null", textual=False, absent=name not in sent)
        if self.request.body and "content-type" in sent:
            plain = self._spot("header", "content-type", sent["content-type"], (), None)
            yield replace(plain, kind="null", textual=False)

    def cookies(self) -> Iterator[Spot]:
        """The cookies; most are secrets, of which nothing but the name is known, and few are declared."""
        for pair in (self.request.header("cookie") or "").split(";"):
            name, equals, value = pair.strip().partition("=")
            declared = None if MASK.search(value) else self._declared("cookie", name)
            if equals and declared:
                yield self._spot("cookie", name, value, (value,), declared)
            elif equals:
                yield replace(self._spot("cookie", name, value, (value,), None), kind="null", textual=False)

    def _parts(self) -> Iterator[tuple[str, bytes, bool]]:
        try:
            yield from multipart.fields(self.request.content, self.request.header("content-type") or "")
        except LookupError:
            return

    def _pairs(self, part: Part, pairs: list[tuple[str, str]], declared: list[str]) -> Iterator[Spot]:
        around = {name: _typed(text) for name, text in pairs}
        times: Counter[str] = Counter()
        for (name, text), plain in zip(pairs, declared, strict=True):
            times[name] += 1
            parameter = self._declared(part, plain)
            sent = tuple(value for each, value in pairs if each == name)
            spot = self._spot(part, name, text, sent, parameter)
            yield replace(spot, occurrence=times[name], around=around)

    def _declared(self, part: Part, name: str) -> Parameter | None:
        if self.judge is None or self.operation is None:
            return None
        if part in {"form", "multipart"}:
            return self.judge.field(self.request.media_type, name)
        same = (each for each in self.operation.parameters if each.where == part and _equal(part, each.name, name))
        return next(same, None)

    def _spot(self, part: Part, name: str, text: str, sent: tuple[str, ...], parameter: Parameter | None) -> Spot:
        flat = self.sampler.flat(parameter.schema) if parameter else {}
        if kind_of(flat) == "array" and isinstance(flat.get("items"), dict):
            flat = self.sampler.flat(cast("Schema", flat["items"]))
        masked = MASK.search(text) is not None
        value = _typed(text)
        kind = kind_of(flat) if flat else "string" if masked else type_of(value)
        return Spot(
            part=part,
            place=name,
            pointer=pointer_of(part if part not in {"form", "multipart"} else "body", name),
            name=f"{_NAMES.get(part, part)} {name}",
            key=name,
            kind=kind if kind not in {"object", "null"} else "string",
            value=value if kind != "string" else text,
            sampler=self.sampler,
            facets=(flat,) if flat else (),
            textual=True,
            masked=masked,
            parameter=parameter,
            sent=sent,
        )


def _equal(part: Part, one: str, other: str) -> bool:
    return one.lower() == other.lower() if part == "header" else one == other


def _typed(text: str) -> object:
    """What a text looks like: a number, true or false, else itself."""
    return next((each for each in readings(text) if each is not None and not isinstance(each, str)), text)
