"""The service's OpenAPI document: asked of the service, or read from a file; once for a world."""

import importlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import msgspec

from hotfire.errors import UsageError
from hotfire.model.request import Request
from hotfire.model.step import Step
from hotfire.openapi import Document, Judge
from hotfire.worlds.driver import http
from hotfire.worlds.stand import Stand

_USUAL = "/openapi.json"
_DEADLINE = 5.0
_KEY = "[tool.hotfire.service] openapi"
_HINT = 'write openapi = "docs/openapi.json" for a file of the project, "/openapi.json" for what the service answers'


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What the service publishes of its interface: the text, and the document that it reads as.

    `configured`: the team named it, so what is wrong with it is theirs to correct; one that was only found where many
    services have it is left alone then, and `notice` says so.
    """

    text: bytes = b""
    document: Document | None = None
    configured: bool = False
    notice: str = ""

    def part(self, request: Request) -> str:
        """The operation that a request is of, as JSON; "" where the document knows none.

        Raises:
            UsageError: the configured document is wrong there.
        """
        try:
            operation = self.document.operation(request.method, request.target) if self.document else None
            if operation is None:
                return ""
            Judge.of(operation).objection(request)  # its schemas are compiled for this: a wrong one is told here
        except UsageError:
            if self.configured:
                raise
            return ""
        return operation.written()

    def silence(self, steps: Iterable[Step]) -> str:
        """What a person should be told of a document that they named and that does not know these; "" else."""
        if not (self.configured and self.document):
            return ""
        known = self.document
        unknown = [f"{each.method} {each.route}" for each in steps if not known.operation(each.method, each.target)]
        told = ", ".join(dict.fromkeys(unknown))
        return f"{known.tree.name} says nothing of {told}: nothing is proven invalid there" if told else ""


async def published_by(stand: Stand) -> Published:
    """The document that the configuration names, else the one at /openapi.json, if there is one.

    Raises:
        UsageError: the configured one cannot be had, or is none.
    """
    named = stand.config.service.openapi
    if named and not named.startswith("/"):
        root = _parsed(stand.project / named, named)
        return Published(text=msgspec.json.encode(root), document=Document.of(root, named), configured=True)
    text = await _asked(stand, named or _USUAL)
    if named and not text:
        raise UsageError(f"{_KEY}: the service does not answer GET {named} with 200", hint=_HINT)
    if named:
        return Published(text=text, document=Document.parse(text, named), configured=True)
    try:
        return Published(text=text, document=Document.parse(text, _USUAL)) if _says_so(text) else Published()
    except UsageError as error:
        return Published(text=text, notice=f"the document is not used: {error.problem}")


async def _asked(stand: Stand, target: str) -> bytes:
    request = http.Request(method="GET", target=target, headers=((b"host", b"127.0.0.1"),), body=b"")
    answered = await stand.ask(request, deadline=_DEADLINE)
    await stand.quiet(_DEADLINE)
    return answered.body if answered.status == 200 else b""


def _says_so(text: bytes) -> bool:
    """Whether what stands at the usual place means to be a document: many services answer a page to any path."""
    try:
        root = msgspec.json.decode(text)
    except msgspec.DecodeError:
        return False
    return isinstance(root, dict) and bool({"openapi", "swagger"} & root.keys()) and "paths" in root


def _parsed(file: Path, named: str) -> object:
    """What a file holds, JSON or YAML by its name."""
    if named.startswith(("http:", "https:")):
        raise UsageError(f"{_KEY} = {named!r}: nothing is loaded from the network", hint=_HINT)
    try:
        text = file.read_bytes()
    except OSError as error:
        raise UsageError(f"{_KEY}: {named} cannot be read: {error.strerror}", hint=_HINT) from error
    if file.suffix in {".yaml", ".yml"}:
        return _yaml(text, named)
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        raise UsageError(f"{named}: this is no JSON: {error}", hint=_HINT) from error


def _yaml(text: bytes, named: str) -> object:
    try:
        yaml = importlib.import_module("yaml")
    except ImportError as error:
        raise UsageError(
            f"{named} is YAML, and PyYAML is not installed",
            hint="pip install pyyaml beside hotfire, or write it as JSON",
        ) from error
    load = cast("Callable[[bytes], object]", yaml.safe_load)
    try:
        return load(text)
    except yaml.YAMLError as error:
        told = " ".join(str(error).split())
        raise UsageError(f"{named}: this is no YAML: {told}", hint="correct it where the message points to") from error
