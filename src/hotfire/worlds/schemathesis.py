"""Schemathesis beside our own cases, where a team asks for it: what its coverage phase and its conformance checks say.

    [tool.hotfire.checks.inputs]
    schemathesis = true                     pip install 'hotfire[schemathesis]'

The recorded values stand as examples in a private copy of the one operation, so that its cases are ours with one place
changed; of each the single difference from its own first case is taken over. Of its checks those of an answer alone are
asked, of the undisturbed one. Two of the names used here are undocumented (`iter_coverage_cases`, `generation_for`):
the range of versions in pyproject.toml and a test of this file hold them.
"""

import importlib
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, unquote

import httpx
import msgspec

from hotfire.errors import UsageError
from hotfire.model.edit import Act, Edit, Part, Proposal
from hotfire.model.history import Reply
from hotfire.model.pointer import pointer_of
from hotfire.model.request import Request
from hotfire.openapi import Document
from hotfire.wrongs import BESIDE, LINE

_MISSING = f"[tool.hotfire.checks.{LINE}] {BESIDE} = true, and Schemathesis is not installed"
_INSTALL = "pip install 'hotfire[schemathesis]' beside hotfire, or take the line out"
_SHOWN = 240  # characters of what it has against an answer
_FORM = "application/x-www-form-urlencoded"
_CHECKS = ("status_code_conformance", "content_type_conformance", "response_schema_conformance")
_TEXTS: tuple[tuple[str, Part], ...] = (("query", "query"), ("headers", "header"), ("cookies", "cookie"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """One operation as Schemathesis reads it; `schema` and `operation` are its own objects."""

    request: Request
    template: str
    schema: Any
    operation: Any

    @classmethod
    def of(cls, document: Document, request: Request) -> "Beside | None":
        """The operation of a request; None where the document knows none, or is of Swagger 2.0.

        Raises:
            UsageError: Schemathesis is not installed, or the document is wrong.
        """
        found = None if document.swagger else document.located(request.method, request.target)
        if found is None:
            return None
        template, _ = found
        schema = _library().openapi.from_dict(_anchored(document, request))
        schema.config.phases.coverage.unexpected_methods = set()
        return cls(request=request, template=template, schema=schema, operation=schema[template][request.method])

    def proposals(self) -> tuple[Proposal, ...]:
        """Its coverage cases that differ from its first one in a single place; of each place and reason one."""
        modes = list(_library().GenerationMode)
        config = self.schema.config.generation_for(operation=self.operation, phase="coverage")
        cases = self.schema.iter_coverage_cases(self.operation, generation_modes=modes, generation_config=config)
        first, found = next(cases, None), dict[tuple[str, str, str], Proposal]()
        for case in cases:
            why = str(getattr(case.meta.phase.data, "description", "") or "")
            edit = self._difference(first, case)
            if edit:
                found.setdefault((edit.part, edit.place, why), Proposal(edit=edit, says=why))
        return tuple(found.values())

    def objections(self, reply: Reply) -> tuple[str, ...]:
        """What its conformance checks have against an answer."""
        if reply.status is None:
            return ()
        answer = httpx.Response(
            reply.status,
            headers=list(reply.headers),
            content=reply.body.encode(),
            request=httpx.Request(self.request.method, f"http://127.0.0.1{self.request.target}"),
        )
        answer.elapsed = timedelta(seconds=reply.ended - reply.begun)
        conformance = importlib.import_module("schemathesis.specs.openapi.checks")
        try:
            self._case().validate_response(answer, checks=[getattr(conformance, name) for name in _CHECKS])
        except BaseExceptionGroup as group:  # its FailureGroup is no Exception
            return tuple(" ".join(str(each).split())[:_SHOWN] for each in group.exceptions)
        return ()

    def _case(self) -> Any:
        """The request, as far as its checks of an answer ask for it."""
        path = {name: text for (part, name), text in _sent(self.request, self.template).items() if part == "path"}
        return self.operation.Case(path_parameters=path)

    def _difference(self, first: Any, case: Any) -> Edit | None:
        edits = [*self._in_path(first, case), *self._in_texts(first, case), *_in_body(first, case)]
        return edits[0] if len(edits) == 1 else None

    def _in_path(self, first: Any, case: Any) -> Iterator[Edit]:
        for index, piece in enumerate(self.template.split("/")[1:]):
            name = piece.strip("{}")
            if piece == f"{{{name}}}" and (new := case.path_parameters.get(name)) != first.path_parameters.get(name):
                yield Edit(part="path", place=str(index), value=unquote(str(new)))

    def _in_texts(self, first: Any, case: Any) -> Iterator[Edit]:
        for attribute, part in _TEXTS:
            before, after = getattr(first, attribute) or {}, getattr(case, attribute) or {}
            for name in dict.fromkeys((*before, *after)):
                if before.get(name) != after.get(name):
                    there = name in before or (part == "header" and self.request.header(name) is not None)
                    act: Act = "remove" if name not in after else "replace" if there else "insert"
                    yield Edit(part=part, place=name, act=act, value=str(after.get(name, "")))


def _in_body(first: Any, case: Any) -> Iterator[Edit]:
    if case.media_type != first.media_type:
        yield Edit(part="content", act="remove")
        return
    for tokens, act, value in _places(first.body, case.body, ()):
        with suppress(TypeError, ValueError):  # no JSON
            if case.media_type == _FORM:
                yield Edit(part="form", place=str(tokens[0]) if tokens else "", act=act, value=str(value))
            else:
                yield Edit(part="body", place=pointer_of(*tokens), act=act, value=json.dumps(value, allow_nan=False))


def _places(one: object, other: object, tokens: tuple[str | int, ...]) -> Iterator[tuple[Any, Any, object]]:
    """Where two JSON values differ: the deepest places."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name in dict.fromkeys((*one, *other)):
            if name not in other:
                yield (*tokens, name), "remove", ""
            elif name not in one:
                yield (*tokens, name), "insert", other[name]
            else:
                yield from _places(one[name], other[name], (*tokens, name))
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for index, pair in enumerate(zip(one, other, strict=True)):
            yield from _places(*pair, (*tokens, index))
    elif one != other or type(one) is not type(other):
        yield tokens, "replace", other


def _anchored(document: Document, request: Request) -> dict[str, Any]:
    """A private copy of one operation, without security, with the recorded values as its examples."""
    template, key = document.located(request.method, request.target) or ("", "")
    tree, method = document.tree, request.method.lower()
    item, where = tree.followed(tree.node(tree.root.get("paths"), "/paths")[key], pointer_of("paths", key))
    operation: dict[str, Any] = _copied(item[method])
    operation.pop("security", None)
    told = [*tree.items(item.get("parameters"), where), *tree.items(operation.get("parameters"), where)]
    parameters = [_copied(tree.followed(each, where)[0]) for each in told]
    sent = _sent(request, template)
    for parameter in parameters:
        if (text := sent.get((str(parameter.get("in")), str(parameter.get("name"))))) is not None:
            _exemplify(parameter, _typed(text, parameter.get("schema") or {}))
    operation["parameters"] = list({(each["in"], each["name"]): each for each in parameters}.values())
    if "requestBody" in operation:
        operation["requestBody"] = body = _copied(tree.followed(operation["requestBody"], where)[0])
        for kind, media in body.get("content", {}).items():
            if kind.partition(";")[0].strip().lower() == request.media_type and request.body:
                _exemplify(media, _body(request))
    kept = {name: _copied(tree.root[name]) for name in ("openapi", "components") if name in tree.root}
    return {**kept, "info": {"title": tree.name, "version": "1"}, "paths": {template: {method: operation}}}


def _sent(request: Request, template: str) -> dict[tuple[str, str], str]:
    pieces = zip(template.split("/"), request.path.split("/"), strict=False)
    path = {("path", piece[1:-1]): unquote(text) for piece, text in pieces if piece.startswith("{")}
    return path | {("query", name): text for name, text in parse_qsl(request.query, keep_blank_values=True)}


def _exemplify(node: dict[str, Any], value: object) -> None:
    node.pop("examples", None)
    node["example"] = value


def _typed(text: str, schema: Mapping[str, object]) -> object:
    """A text as the type that a schema declares."""
    if schema.get("type") in {"integer", "number", "boolean"}:
        with suppress(ValueError):
            return json.loads(text)
    return text


def _body(request: Request) -> object:
    if request.media_type == _FORM:
        return dict(parse_qsl(request.body, keep_blank_values=True))
    with suppress(ValueError):
        return json.loads(request.body)
    return request.body


def told_by(document: Document, request: Request, reply: Reply) -> dict[str, tuple[Any, ...]]:
    """What it says of a step, as a baseline has it: its `proposals` for the request, its `objections` to the answer.

    Raises:
        UsageError: it is not installed, or cannot read what we can.
    """
    try:
        beside = Beside.of(document, request)
        return {"proposals": beside.proposals(), "objections": beside.objections(reply)} if beside else {}
    except UsageError:
        raise
    except Exception as error:  # it is another's, of any version in a range
        problem = f"Schemathesis cannot use {document.tree.name} for {request.method} {request.path}: {error}"
        raise UsageError(problem, hint="take schemathesis = true out of [tool.hotfire.checks.inputs]") from error


def _copied(value: object) -> Any:
    return msgspec.json.decode(msgspec.json.encode(value))


def _library() -> Any:
    try:
        return importlib.import_module("schemathesis")
    except ImportError as error:
        raise UsageError(_MISSING, hint=_INSTALL) from error
