"""The service's OpenAPI document: asked of the service, or read from a file; once for a world."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from hotfire.errors import UsageError
from hotfire.model.request import Request
from hotfire.model.step import Step
from hotfire.model.store import START
from hotfire.openapi import Document, Judge, parsed
from hotfire.worlds.driver import http
from hotfire.worlds.stand import Stand
from hotfire.worlds.yamltext import from_yaml

USUAL = (
    "/openapi.json",  # FastAPI, APIFlask, connexion, Quart-Schema
    "/api/openapi.json",  # django-ninja
    "/schema/openapi.json",  # Litestar
    "/api/schema/",  # drf-spectacular
    "/swagger.json",  # Flask-RESTX, drf-yasg
    "/openapi/openapi.json",  # flask-openapi3
)
"""Where a document is looked for that nobody named: where these frameworks, or their manuals, put it."""

_ASKING = ((b"host", b"127.0.0.1"), (b"accept", b"application/json, */*;q=0.5"))
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
            return self._part(request)
        except UsageError:
            if self.configured:
                raise
            return ""

    def notices(self, sent: Iterable[tuple[Step, Request]]) -> Iterator[str]:
        """What a person should be told of it, for these steps and their requests."""
        steps = list(sent)
        if self.notice:
            yield self.notice
        if self.configured:
            yield from self._silence(step for step, _ in steps)
            return
        for step, request in steps:
            try:
                self._part(request)
            except UsageError as error:
                yield f"the document is not used for {step.method} {step.route}: {error.problem}"

    def _part(self, request: Request) -> str:
        operation = self.document.operation(request.method, request.target) if self.document else None
        if operation is None:
            return ""
        Judge.of(operation).objection(request)  # its schemas are compiled for this: a wrong one is told here
        return operation.written()

    def _silence(self, steps: Iterable[Step]) -> Iterator[str]:
        """A document that a person named should know the steps."""
        known = self.document
        unknown = [
            f"{each.method} {each.route}" for each in steps if known and not known.located(each.method, each.target)
        ]
        if known and unknown:
            told = ", ".join(dict.fromkeys(unknown))
            yield f"{known.tree.name} says nothing of {told}: nothing is proven invalid there"


async def published_by(stand: Stand) -> Published:
    """The document that the configuration names, else one at a usual place, if there is one.

    A process of its own is asked, for it may leave something: rows, lines, a count of requests.

    Raises:
        UsageError: the configured one cannot be had, or is none.
    """
    named = stand.config.service.openapi
    if named and not named.startswith("/"):
        return _named(_filed(stand.project / named, named), named)
    await stand.restore(START)
    await stand.start("clean")
    try:
        return _named(await _answered(stand, named), named) if named else await _found(stand)
    finally:
        await stand.stop()


def _named(root: object, named: str) -> Published:
    return Published(text=_text(root), document=Document.of(root, named), configured=True)


async def _found(stand: Stand) -> Published:
    """What stands at the first of the usual places that has a document."""
    for target in USUAL:
        answered = await _ask(stand, target)
        if answered.status is None:
            break  # it has no answer for what it does not know: it is not asked again
        if answered.status != 200:
            continue
        try:
            root = _read(answered, target)
        except UsageError as error:
            if _is_data(answered):
                return Published(notice=_unused(error))
            continue  # many services answer a page to any path
        if not _says_so(root):
            continue
        try:
            return Published(text=_text(root), document=Document.of(root, target))
        except UsageError as error:
            return Published(text=_text(root), notice=_unused(error))
    return Published()


async def _answered(stand: Stand, named: str) -> object:
    answered = await _ask(stand, named)
    if answered.status != 200:
        raise UsageError(f"{_KEY}: the service does not answer GET {named} with 200", hint=_HINT)
    return _read(answered, named)


async def _ask(stand: Stand, target: str) -> http.Answered:
    return await stand.ask(http.Request(method="GET", target=target, headers=_ASKING, body=b""), deadline=_DEADLINE)


def _read(answered: http.Answered, target: str) -> object:
    """What an answer says, as JSON unless it says that it is YAML."""
    return from_yaml(answered.body, target) if _is_yaml(_kind(answered)) else parsed(answered.body, target)


def _is_data(answered: http.Answered) -> bool:
    return "json" in _kind(answered) or _is_yaml(_kind(answered))


def _is_yaml(kind: str) -> bool:
    return "yaml" in kind or ("vnd.oai.openapi" in kind and "json" not in kind)


def _kind(answered: http.Answered) -> str:
    found = (value for name, value in answered.headers if name.lower() == b"content-type")
    return next(found, b"").decode("latin-1").lower()


def _says_so(root: object) -> bool:
    """Whether what stands at a usual place means to be a document."""
    return isinstance(root, dict) and bool({"openapi", "swagger"} & root.keys()) and "paths" in root


def _unused(error: UsageError) -> str:
    return f"the document is not used: {error.problem}"


def _text(root: object) -> bytes:
    return msgspec.json.encode(root)


def _filed(file: Path, named: str) -> object:
    """What a file holds, JSON or YAML by its name."""
    if named.startswith(("http:", "https:")):
        raise UsageError(f"{_KEY} = {named!r}: nothing is loaded from the network", hint=_HINT)
    try:
        text = file.read_bytes()
    except OSError as error:
        raise UsageError(f"{_KEY}: {named} cannot be read: {error.strerror}", hint=_HINT) from error
    return from_yaml(text, named) if file.suffix in {".yaml", ".yml"} else parsed(text, named)
