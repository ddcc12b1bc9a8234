"""Schemathesis beside our own cases: the names of its that are used are there, and say what they are taken to say."""

import json
import sys

import pytest

from hotfire.errors import UsageError
from hotfire.model.edit import Edit
from hotfire.model.history import Reply
from hotfire.model.request import Request
from hotfire.openapi import Document
from hotfire.worlds.schemathesis import Beside, told_by

ORDER = {
    "type": "object",
    "required": ["item"],
    "properties": {"item": {"type": "string", "maxLength": 5}, "qty": {"type": "integer", "minimum": 1}},
}
PAGE = {"in": "query", "name": "page", "schema": {"type": "integer"}}
OPERATION = {
    "parameters": [{"$ref": "#/components/parameters/Id"}, PAGE],
    "security": [{"token": []}],
    "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}}},
    "responses": {
        "201": {
            "description": "Done.",
            "content": {"application/json": {"schema": {"properties": {"id": {"type": "integer"}}}}},
        }
    },
}
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Shop", "version": "1"},
    "paths": {"/orders/{id}": {"post": OPERATION}},
    "components": {
        "schemas": {"Order": ORDER},
        "parameters": {"Id": {"in": "path", "name": "id", "required": True, "schema": {"type": "integer"}}},
    },
}
REQUEST = Request(
    method="POST",
    target="/orders/5?page=2",
    headers=(("content-type", "application/json"),),
    body=json.dumps({"item": "lamp", "qty": 2}),
)


def beside(request: Request = REQUEST) -> Beside:
    found = Beside.of(Document.of(DOCUMENT, "openapi.json"), request)
    assert found
    return found


def test_its_cases_are_the_recorded_request_with_one_place_changed() -> None:
    proposals = {(each.edit.part, each.edit.place, each.edit.act, each.edit.value) for each in beside().proposals()}
    assert {
        ("body", "/qty", "replace", "0"),
        ("body", "/item", "remove", '""'),
        ("body", "/item", "replace", '"000000"'),
        ("body", "/item", "replace", '"00000"'),
    } <= proposals
    assert {"query", "path", "header"} <= {part for part, *_ in proposals}
    assert Edit(part="path", place="1", value="5") not in {each.edit for each in beside().proposals()}


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [(201, '{"id": 1}', ""), (200, '{"id": 1}', "Undocumented status code"), (201, '{"id": "x"}', "schema")],
)
def test_its_checks_of_an_answer(status: int, body: str, told: str) -> None:
    headers = (("content-type", "application/json"),)
    said = beside().objections(Reply(send=0, attempt=1, actor="ann", status=status, headers=headers, body=body))
    assert told in " ".join(said)
    assert bool(said) is bool(told)


def test_of_what_the_document_does_not_know_it_says_nothing() -> None:
    other = Request(method="GET", target="/orders")
    assert Beside.of(Document.of(DOCUMENT, "openapi.json"), other) is None
    assert Beside.of(Document.of({"swagger": "2.0", "paths": {}}, "openapi.json"), REQUEST) is None


def test_what_it_cannot_read_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_self: Beside) -> None:
        raise RuntimeError("no such keyword")

    monkeypatch.setattr(Beside, "proposals", refuse)
    document, reply = Document.of(DOCUMENT, "openapi.json"), Reply(send=0, attempt=1, actor="ann", status=201)
    with pytest.raises(UsageError, match=r"cannot use openapi.json for POST /orders/5: no such keyword"):
        told_by(document, REQUEST, reply)


def test_where_it_is_not_installed_the_setting_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "schemathesis", None)
    with pytest.raises(UsageError, match="Schemathesis is not installed") as raised:
        beside()
    assert "hotfire[schemathesis]" in raised.value.hint
