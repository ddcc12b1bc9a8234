"""Where the service's OpenAPI document is had from, and what is said where it cannot be."""

import asyncio
import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from hotfire.errors import UsageError
from hotfire.model.request import Request
from hotfire.model.step import Step
from hotfire.openapi import Operation
from hotfire.worlds.document import Published, published_by
from hotfire.worlds.driver.http import Answered
from hotfire.worlds.driver.http import Request as Asked
from hotfire.worlds.stand import Stand

DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Shop", "version": "1"},
    "paths": {"/orders/{id}": {"get": {"responses": {"200": {"description": "It is there."}}}}},
}
READ = Request(method="GET", target="/orders/7?full=1")


@dataclass
class Service:
    """Stands for the stand: what it answers at which path."""

    project: Path
    openapi: str = ""
    answers: dict[str, bytes] = field(default_factory=dict)

    @property
    def config(self) -> SimpleNamespace:
        return SimpleNamespace(service=SimpleNamespace(openapi=self.openapi))

    async def ask(self, request: Asked, deadline: float) -> Answered:
        del deadline
        body = self.answers.get(request.target)
        return Answered(status=404) if body is None else Answered(status=200, body=body)

    async def quiet(self, deadline: float) -> tuple[str, ...]:
        del deadline
        return ()


def published(service: Service) -> Published:
    return asyncio.run(published_by(cast("Stand", service)))


def test_the_usual_place_is_asked_and_the_request_found_in_it(tmp_path: Path) -> None:
    found = published(Service(tmp_path, answers={"/openapi.json": json.dumps(DOCUMENT).encode()}))
    assert Operation.read(found.part(READ)).template == "/orders/{id}"
    assert found.part(Request(method="POST", target="/orders/7")) == ""


@pytest.mark.parametrize("body", [None, b"<!doctype html>", b"[]", b'{"openapi": "3.1.0"}'])
def test_what_is_no_document_there_is_left_alone(tmp_path: Path, body: bytes | None) -> None:
    assert published(Service(tmp_path, answers={"/openapi.json": body} if body else {})) == Published()


def test_a_wrong_one_that_nobody_named_is_not_used_and_said(tmp_path: Path) -> None:
    found = published(Service(tmp_path, answers={"/openapi.json": b'{"openapi": "9", "paths": {}}'}))
    assert found.part(READ) == ""
    assert found.notice.startswith("the document is not used: /openapi.json")


@pytest.mark.parametrize("name", ["docs.json", "docs.yaml"])
def test_a_file_of_the_project(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(json.dumps(DOCUMENT))  # which is YAML, too
    assert published(Service(tmp_path, openapi=name)).part(READ)


@pytest.mark.parametrize(
    ("openapi", "text", "said"),
    [
        ("docs.json", None, r"openapi: docs\.json cannot be read"),
        ("docs.json", "{", r"docs\.json: this is no JSON"),
        ("docs.yaml", "a: [", r"docs\.yaml: this is no YAML"),
        ("docs.json", "[]", r"docs\.json"),
        ("/schema", None, "does not answer GET /schema with 200"),
        ("https://example.org/openapi.json", None, "nothing is loaded from the network"),
    ],
)
def test_a_named_one_that_cannot_be_had_is_refused(tmp_path: Path, openapi: str, text: str | None, said: str) -> None:
    if text is not None:
        (tmp_path / openapi).write_text(text)
    with pytest.raises(UsageError, match=said) as caught:
        published(Service(tmp_path, openapi=openapi))
    assert caught.value.hint


def test_a_named_one_that_does_not_know_a_step_is_said_once(tmp_path: Path) -> None:
    (tmp_path / "api.json").write_text(json.dumps(DOCUMENT))
    known = Step(actor="ann", method="GET", route="/orders/{id}", target=READ.target)
    other = replace(known, method="DELETE")
    found = published(Service(tmp_path, "api.json"))
    told = "api.json says nothing of DELETE /orders/{id}: nothing is proven invalid there"
    assert (found.silence([known]), found.silence([known, other, other])) == ("", told)
    assert Published().silence([known]) == ""


def test_a_wrong_schema_of_a_named_one_is_told_with_its_place(tmp_path: Path) -> None:
    parameter = {"name": "full", "in": "query", "schema": {"type": "flag"}}
    operation = {"parameters": [parameter], "responses": {}}
    (tmp_path / "docs.json").write_text(json.dumps({**DOCUMENT, "paths": {"/orders/{id}": {"get": operation}}}))
    with pytest.raises(UsageError, match=r"docs\.json.*full"):
        published(Service(tmp_path, openapi="docs.json")).part(READ)
