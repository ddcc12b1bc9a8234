"""What a document declares and a request leaves out, filled in with valid values: so that it can be made wrong, too."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl

from hotfire.editing import Message, edited
from hotfire.model.edit import Edit
from hotfire.model.pointer import pointer_of
from hotfire.model.request import Request
from hotfire.mutation.bodywalk import BodyWalk, Tokens, applied
from hotfire.mutation.headers import OWN, PROBES, carried
from hotfire.mutation.names import is_identifier
from hotfire.mutation.sample import NOTHING, Sampler
from hotfire.mutation.spot import Change
from hotfire.mutation.subject import json_of, json_text, text_of
from hotfire.mutation.textwalk import FORM, MULTIPART, TextWalk
from hotfire.openapi import Judge, Operation, Parameter, Schema
from hotfire.openapi.schema import named
from hotfire.openapi.validity import Validator

_MOST = 60  # edits: a document may declare more than anybody sends


def filling(request: Request, operation: Operation) -> tuple[Edit, ...]:
    """Insertions that leave the request valid; identifiers last, for what they lead to may not be there.

    A service may still refuse the filled request: rules that no schema says. Then fewer, or none, should be taken.

    Raises:
        UsageError: a schema of the document is none.
    """
    judge = Judge.of(operation)
    edits = [
        *_parameters(request, operation, judge),
        *_body(request, operation, judge),
        *_form(request, operation, judge),
    ]
    return tuple(sorted(edits, key=lambda edit: is_identifier(edit.place.rpartition("/")[2]))[:_MOST])


def filled(request: Request, edits: tuple[Edit, ...]) -> Request:
    """The request with these edits, as a check sees it.

    Raises:
        LookupError: an edit names a place that the request does not have.
    """
    headers = tuple((name.encode("latin-1"), value.encode("utf-8")) for name, value in request.headers)
    message = edited(Message(target=request.target, headers=headers, body=request.content), edits)
    made = Request.of(request.method, message.target, message.headers, message.body)
    return replace(made, headers=tuple((name, _as_told(value)) for name, value in made.headers))


def _as_told(value: str) -> str:
    """A header's text as it was before it became bytes: the name of a secret is beyond Latin-1, as which it is read."""
    try:
        return value.encode("latin-1").decode()
    except UnicodeError:
        return value


def _parameters(request: Request, operation: Operation, judge: Judge) -> Iterator[Edit]:
    cookies = [pair.strip().partition("=")[0] for pair in (request.header("cookie") or "").split(";")]
    queried = [name.removesuffix("[]") for name, _ in parse_qsl(request.query, keep_blank_values=True)]
    for each in operation.parameters:
        there = {
            "query": each.name in queried,
            "cookie": each.name in cookies,
            "header": each.name.lower() in {*OWN, *PROBES} or request.header(each.name) is not None,
            "path": True,
        }[each.where]
        value = None if there else _sampled(each, operation, judge)
        if value is not None and each.where != "path":
            edit = Edit(part=each.where, place=each.name, act="insert", value=value)
            yield from [edit] if carried(edit) else []


def _form(request: Request, operation: Operation, judge: Judge) -> Iterator[Edit]:
    kind = request.media_type
    body = operation.body(kind) if kind in {FORM, MULTIPART} else None
    if body is None:
        return
    sampler = Sampler(definitions=operation.definitions)
    there = {spot.place for spot in TextWalk(request=request, sampler=sampler).fields()}
    for name in named(sampler.flat(body.schema), "properties"):
        parameter = judge.field(kind, name)
        if name not in there and parameter is not None and (value := _sampled(parameter, operation, judge)) is not None:
            yield Edit(part="form" if kind == FORM else "multipart", place=name, act="insert", value=value)


def _sampled(parameter: Parameter, operation: Operation, judge: Judge) -> str | None:
    for told in (True, False):
        value = Sampler(definitions=operation.definitions, told=told).value(parameter.schema)
        if isinstance(value, list):
            value = value[0] if value else NOTHING
        text = text_of(value)
        if text and parameter.judged and judge.takes(parameter, [text]):
            return text
    return None


def _body(request: Request, operation: Operation, judge: Judge) -> list[Edit]:
    root, body = json_of(request), operation.body(request.media_type)
    validator = judge.body(request.media_type) if root is not NOTHING else None
    if validator is None or body is None or not validator.is_valid(root):
        return []
    walk = BodyWalk.of(operation.definitions)
    filler = _Filler(walk=walk, validator=validator, root=root, edits=[])
    filler.fill((), root, [body.schema])
    return filler.edits


@dataclass(slots=True, kw_only=True)
class _Filler:
    """Fills a JSON body; each value stays only if the whole is valid with it."""

    walk: BodyWalk
    validator: Validator
    root: object
    edits: list[Edit]

    def fill(self, tokens: Tokens, value: object, schemas: list[Schema]) -> None:
        """Fill the value that stands there, and all that was in it before."""
        reader = self.walk.reader
        facets = reader.of(schemas, value)
        if isinstance(value, dict):
            declared = reader.declared(facets)
            absent = {name: told for name, told in declared.items() if name not in value and not _is_read_only(told)}
            rest = {name: told for name, told in absent.items() if not self._insert(tokens, name, told)}
            for name, told in rest.items():  # one may have asked for another that is there now
                self._insert(tokens, name, told)
            if not value and not declared:
                self._insert(tokens, "key", reader.members(facets, "key"))
            for name, member in value.items():
                self.fill((*tokens, name), member, reader.members(facets, name))
        elif isinstance(value, list):
            if not value:
                self._append(tokens, reader.elements(facets, 0))
            for n, element in enumerate(value[:1]):
                self.fill((*tokens, n), element, reader.elements(facets, n))

    def _insert(self, tokens: Tokens, name: str, schemas: list[Schema]) -> bool:
        for value in self._values(schemas):
            change = Change(keyword="", why="", act="insert", key=name, new=value)
            if self._keeps(applied(self.root, tokens, change)):
                self._note(pointer_of(*tokens, name), value)
                return True
        return False

    def _append(self, tokens: Tokens, schemas: list[Schema]) -> None:
        for value in self._values(schemas):
            if self._keeps(applied(self.root, tokens, Change(keyword="", why="", new=[value]))):
                self._note(pointer_of(*tokens, "-"), value)
                return

    def _values(self, schemas: list[Schema]) -> Iterator[object]:
        both: Schema = {"allOf": schemas} if len(schemas) > 1 else schemas[0] if schemas else {}
        for sampler in (self.walk.sampler, replace(self.walk.sampler, told=False)) if schemas else ():
            value = sampler.value(both)
            if value is not NOTHING and value is not None:
                yield value

    def _keeps(self, root: object) -> bool:
        valid = self.validator.is_valid(root)
        if valid:
            self.root = root
        return valid

    def _note(self, place: str, value: object) -> None:
        self.edits.append(Edit(part="body", place=place, act="insert", value=json_text(value)))


def _is_read_only(schemas: list[Schema]) -> bool:
    return any(each.get("readOnly") is True for each in schemas)
