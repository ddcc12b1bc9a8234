"""Where the service's OpenAPI document is had from, and what is said where it cannot be."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from hotfire.errors import UsageError
from hotfire.model.declaration import Declarations
from hotfire.model.request import Request
from hotfire.model.step import Step
from hotfire.openapi import Operation
from hotfire.worlds.document import USUAL, Published, published_by
from hotfire.worlds.driver.http import Answered
from hotfire.worlds.driver.http import Request as Asked
from hotfire.worlds.driver.routes import Routes
from hotfire.worlds.stand import Stand
from hotfire.worlds.world import LocalWorld

PATHS = {"/orders/{id}": {"get": {"responses": {"200": {"description": "It is there."}}}}}
DOCUMENT = {"openapi": "3.1.0", "info": {"title": "Shop", "version": "1"}, "paths": PATHS}
YAML = """
openapi: 3.0
info: {title: Shop, version: 1.0}
paths:
  /orders:
    post:
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                day: {type: string, format: date, example: 2024-05-17}
                hour: {type: string, example: 12:30}
                on: {type: boolean, default: true}
                no: {enum: [no, 010, 7, 1e3, ~]}
                null: {type: integer, maximum: .inf}
      responses: {200: {description: ok}}
"""
READ = Request(method="GET", target="/orders/7?full=1")
ORDER = Request(method="POST", target="/orders", headers=(("content-type", "application/json"),), body="{}")
LATIN, DEEP = '{"title": "café"}'.encode("latin-1"), b"[" * 100_000 + b"]" * 100_000


@dataclass
class Service:
    """Stands for the stand: what it answers at which path."""

    project: Path
    openapi: str = ""
    answers: dict[str, bytes] = field(default_factory=dict)
    kind: str = ""
    silent: bool = False
    asked: list[str] = field(default_factory=list)

    @property
    def config(self) -> SimpleNamespace:
        return SimpleNamespace(service=SimpleNamespace(openapi=self.openapi))

    async def ask(self, request: Asked, deadline: float) -> Answered:
        del deadline
        self.asked.append(request.target)
        body = self.answers.get(request.target)
        if body is None:
            return Answered(status=None if self.silent else 404)
        return Answered(status=200, body=body, headers=((b"Content-Type", self.kind.encode()),))

    async def restore(self, checkpoint: int) -> None:
        """It has no state."""

    async def start(self, generation: str) -> None:
        """It always runs."""

    async def stop(self) -> None:
        """It always runs."""


def published(service: Service) -> Published:
    return asyncio.run(published_by(cast("Stand", service)))


@pytest.mark.parametrize("place", USUAL)
def test_the_usual_places_are_asked_and_the_request_found_in_what_is_there(tmp_path: Path, place: str) -> None:
    service = Service(tmp_path, answers={"/api/openapi.json": b"{}", place: json.dumps(DOCUMENT).encode()})
    found = published(service)
    assert Operation.read(found.part(READ)).template == "/orders/{id}"
    assert found.part(Request(method="POST", target="/orders/7")) == ""
    assert service.asked == list(USUAL[: USUAL.index(place) + 1])


@pytest.mark.parametrize("kind", ["application/yaml", "application/vnd.oai.openapi; charset=utf-8"])
def test_a_document_may_be_answered_as_yaml(tmp_path: Path, kind: str) -> None:
    answers = {"/api/schema/": YAML.encode()}
    assert published(Service(tmp_path, answers=answers, kind="text/html")).document is None
    found = published(Service(tmp_path, answers=answers, kind=kind))
    assert Operation.read(found.part(ORDER)).template == "/orders"


STAGED = {"cool", "thaw", "restore", "start", "stop", "keep_warm"}


class Stage(Service):
    """Stands for the stand of a world: what is done with it, in order."""

    not_warm = ""
    silence = SimpleNamespace(learning=False)
    holdings: Mapping[str, object] = {}

    async def columns(self) -> dict[str, dict[str, str]]:
        return {}

    def __getattribute__(self, name: str) -> object:
        return self._noted(name) if name in STAGED else super().__getattribute__(name)

    def _noted(self, name: str) -> Callable[..., Awaitable[None]]:
        async def done(*told: object) -> None:
            self.asked.append(" ".join([name, *map(str, told)]))

        return done


@pytest.mark.parametrize("openapi", ["", "/openapi.json", "api.json"])
def test_the_path_is_played_by_a_process_that_nobody_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, openapi: str
) -> None:
    (tmp_path / "api.json").write_text(json.dumps(DOCUMENT))
    stage = Stage(tmp_path, openapi, answers={"/openapi.json": json.dumps(DOCUMENT).encode()})

    class Played:
        """Stands for the rehearsal of a path without steps."""

        recorded, notices, mistake, declared = (), (), None, SimpleNamespace(value=None, undoing=None)

        async def play(self) -> None:
            stage.asked.append("play")

    monkeypatch.setattr("hotfire.worlds.world.Rehearsal", lambda **_: Played())
    declarations = cast("Declarations", SimpleNamespace(file=tmp_path / "paths.py", paths={"buy": None}))
    world = LocalWorld("w0", cast("Stand", stage), declarations)
    for _ in range(2):
        asyncio.run(world.survey("buy"))
    asked = [] if openapi == "api.json" else ["restore 0", "start clean", "/openapi.json", "stop"]
    played = ["restore 0", "start clean", "play", "keep_warm"]
    assert stage.asked == ["cool", "thaw", *asked, *played, "cool", "thaw", *played]


def test_a_service_that_does_not_answer_is_asked_once(tmp_path: Path) -> None:
    service = Service(tmp_path, silent=True)
    assert published(service) == Published()
    assert service.asked == ["/openapi.json"]


@pytest.mark.parametrize("body", [None, b"<!doctype html>", b"[]", b'{"openapi": "3.1.0"}'])
def test_what_is_no_document_there_is_left_alone(tmp_path: Path, body: bytes | None) -> None:
    assert published(Service(tmp_path, answers={"/openapi.json": body} if body else {})) == Published()


@pytest.mark.parametrize("body", [b'{"openapi": "9", "paths": {}}', LATIN, DEEP, b"{"])
def test_a_wrong_one_that_nobody_named_is_not_used_and_said(tmp_path: Path, body: bytes) -> None:
    found = published(Service(tmp_path, answers={"/openapi.json": body}, kind="application/json"))
    assert found.part(READ) == ""
    assert [*found.notices([])] == [found.notice]
    assert found.notice.startswith("the document is not used: /openapi.json")
    assert not Routes.of_document(found.text).routes


def test_one_that_is_wrong_at_one_operation_is_not_used_there_and_said(tmp_path: Path) -> None:
    paths = {**PATHS, "/orders": {"post": {"parameters": [{"in": "query"}]}}}
    found = published(Service(tmp_path, answers={"/openapi.json": json.dumps({**DOCUMENT, "paths": paths}).encode()}))
    read = Step(actor="ann", method="GET", route="/orders/{id}", target=READ.target)
    order = replace(read, method="POST", route="/orders", target="/orders")
    said = "the document is not used for POST /orders: /openapi.json: /paths/~1orders/post/parameters/0: 'name'"
    (told,) = found.notices([(read, READ), (order, ORDER)])
    assert told.startswith(said)
    assert (found.part(ORDER), bool(found.part(READ))) == ("", True)


@pytest.mark.parametrize("name", ["docs.json", "docs.yaml"])
def test_a_file_of_the_project(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(json.dumps(DOCUMENT))  # which is YAML, too
    assert published(Service(tmp_path, openapi=name)).part(READ)


def test_yaml_is_read_as_its_authors_mean_it(tmp_path: Path) -> None:
    (tmp_path / "api.yaml").write_text(YAML)
    read = Operation.read(published(Service(tmp_path, openapi="api.yaml")).part(ORDER))
    assert read.bodies[0].schema["properties"] == {
        "day": {"type": "string", "format": "date", "example": "2024-05-17"},
        "hour": {"type": "string", "example": "12:30"},
        "on": {"type": "boolean", "default": True},
        "no": {"enum": ["no", "010", 7, 1000.0, None]},
        "null": {"type": "integer"},
    }
    assert read.statuses == ("200",)


def test_a_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "docs.json").write_text(json.dumps(DOCUMENT), encoding="utf-8-sig")
    found = published(Service(tmp_path, openapi="docs.json"))
    assert found.part(READ)
    assert Routes.of_document(found.text).routes


@pytest.mark.parametrize(
    ("openapi", "text", "said"),
    [
        ("docs.json", None, r"openapi: docs\.json cannot be read"),
        ("docs.json", "{", r"docs\.json: this is no JSON"),
        ("docs.yaml", "a: [", r"docs\.yaml: this is no YAML"),
        ("docs.json", "[]", r"docs\.json"),
        ("docs.json", LATIN, r"docs\.json: this is no JSON: .* position 14"),
        ("docs.json", DEEP, r"docs\.json: this is no JSON: .*recursion"),
        ("docs.yaml", LATIN, r"docs\.yaml: this is no YAML: .* position 14"),
        ("docs.yaml", "[" * 5000, r"docs\.yaml: this is no YAML: .*recursion"),
        ("docs.yaml", "a: &a [*a]", r"docs\.yaml: this is no YAML: .*recursion"),
        ("docs.yaml", "a: !!int b", r"docs\.yaml: this is no YAML"),
        ("docs.yaml", "? [a]\n: b", r"docs\.yaml: this is no YAML.*line 1"),
        ("/schema", None, "does not answer GET /schema with 200"),
        ("https://example.org/openapi.json", None, "nothing is loaded from the network"),
    ],
)
def test_a_named_one_that_cannot_be_had_is_refused(
    tmp_path: Path, openapi: str, text: str | bytes | None, said: str
) -> None:
    if text is not None:
        (tmp_path / openapi).write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(UsageError, match=said) as caught:
        published(Service(tmp_path, openapi=openapi))
    assert caught.value.hint


def test_a_named_one_that_does_not_know_a_step_is_said_once(tmp_path: Path) -> None:
    (tmp_path / "api.json").write_text(json.dumps(DOCUMENT))
    known = Step(actor="ann", method="GET", route="/orders/{id}", target=READ.target)
    other = replace(known, method="DELETE")
    found = published(Service(tmp_path, "api.json"))
    told = "api.json says nothing of DELETE /orders/{id}: nothing is proven invalid there"
    assert [*found.notices([(known, READ)])] == []
    assert [*found.notices([(known, READ), (other, READ), (other, READ)])] == [told]
    assert [*Published().notices([(known, READ)])] == []


def test_a_wrong_schema_of_a_named_one_is_told_with_its_place(tmp_path: Path) -> None:
    parameter = {"name": "full", "in": "query", "schema": {"type": "flag"}}
    operation = {"parameters": [parameter], "responses": {}}
    (tmp_path / "docs.json").write_text(json.dumps({**DOCUMENT, "paths": {"/orders/{id}": {"get": operation}}}))
    with pytest.raises(UsageError, match=r"docs\.json.*full"):
        published(Service(tmp_path, openapi="docs.json")).part(READ)
