"""OpenAPI documents: operations found, dialects normalised, wrong documents told with file and place."""

import json
from collections.abc import Mapping

import pytest

from hotfire.errors import UsageError
from hotfire.model.request import Request
from hotfire.openapi import Body, Document, Judge, Operation

POST = {
    "type": "object",
    "required": ["title", "id"],
    "properties": {
        "id": {"type": "integer", "readOnly": True},
        "title": {"type": "string", "maxLength": 5},
        "rating": {"type": "number", "minimum": 0, "exclusiveMinimum": True},
        "count": {"type": "integer", "format": "int32"},
        "note": {"type": "string", "nullable": True},
        "kind": {"nullable": True, "enum": ["a", "b"], "type": "string"},
        "parent": {"$ref": "#/components/schemas/Post", "nullable": True},
        "at": {"type": "string", "format": "date-time"},
        "slug": {"type": "string", "pattern": r"\A(?P<word>[a-z]+)\Z"},
        "odd": {"type": "string", "pattern": r"(?(1)a|b)"},
    },
}
DOCUMENT = {
    "openapi": "3.0.3",
    "servers": [{"url": "https://example.org/v1/"}],
    "paths": {
        "/posts/{id}": {
            "parameters": [{"$ref": "#/components/parameters/Id"}],
            "put": {
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Post"}}},
                },
                "parameters": [
                    {"name": "page", "in": "query", "schema": {"type": "integer", "minimum": 1}},
                    {"name": "tag", "in": "query", "schema": {"type": "array", "items": {"type": "integer"}}},
                    {"name": "X-Mode", "in": "header", "schema": {"enum": ["fast"]}},
                ],
                "responses": {"200": {"$ref": "#/components/responses/Post"}, "4XX": {"description": "no"}},
            },
        },
        "/posts/latest": {"put": {"responses": {}}},
        "/files/{name}": {"get": {"responses": {}}},
    },
    "components": {
        "schemas": {"Post": POST},
        "parameters": {"Id": {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}},
        "responses": {
            "Post": {"content": {"application/json": {"schema": {"items": {"$ref": "#/components/schemas/Post"}}}}}
        },
    },
}


def operation(document: Mapping[str, object] = DOCUMENT, method: str = "PUT", target: str = "/posts/7") -> Operation:
    found = Document.parse(json.dumps(document), "openapi.json").operation(method, target)
    assert found is not None
    return found


def request(body: object, target: str = "/posts/7", **headers: str) -> Request:
    told = {"content-type": "application/json", **headers}
    return Request(method="PUT", target=target, headers=tuple(told.items()), body=json.dumps(body, ensure_ascii=False))


def test_an_operation_is_found_by_its_target() -> None:
    assert operation().template == "/posts/{id}"
    assert operation(target="/v1/posts/7?x=1").template == "/v1/posts/{id}"
    assert operation(target="/posts/latest").template == "/posts/latest"
    assert operation(method="GET", target="/files/a/b.png").template == "/files/{name}"
    assert Document.of(DOCUMENT, "x").operation("GET", "/posts/7") is None


def test_an_operation_crosses_as_text() -> None:
    assert Operation.read(operation().written()) == operation()


def test_what_is_declared_of_the_answers() -> None:
    found = operation()
    assert set(found.shown) == set(POST["properties"])
    assert found.shown["id"] == {"type": "integer", "readOnly": True}
    assert found.allows(200)
    assert found.allows(404)
    assert not found.allows(201)


@pytest.mark.parametrize(
    ("member", "valid"),
    [
        ({}, True),
        ({"title": "longer"}, False),
        ({"rating": 0}, False),
        ({"rating": 0.1}, True),
        ({"count": 2**31}, False),
        ({"note": None}, True),
        ({"kind": None}, True),
        ({"kind": "c"}, False),
        ({"parent": None}, True),
        ({"parent": {"title": "a", "parent": {"title": 1}}}, False),
        ({"at": "2024-02-01T10:00:00"}, True),
        ({"at": "2024-02-30T10:00:00Z"}, False),
        ({"slug": "A"}, False),
        ({"odd": "what cannot be read proves nothing"}, True),
    ],
)
def test_schemas_of_3_0_say_what_their_authors_mean(member: dict[str, object], valid: bool) -> None:
    judge = Judge.of(operation())
    assert (judge.objection(request({"title": "a", **member})) == "") is valid


@pytest.mark.parametrize(
    ("sent", "objection"),
    [
        (request({"title": "a"}, "/posts/7?page=1&tag=1&tag=2"), ""),
        (request({"title": "a"}, "/posts/7?page=0"), "query parameter 'page' may not be '0'"),
        (request({"title": "a"}, "/posts/7?tag=1&tag=x"), "query parameter 'tag' may not be '1', 'x'"),
        (request({"title": "a"}, "/posts/x"), "path parameter 'id' may not be 'x'"),
        (request({"title": "a"}, **{"x-mode": "slow"}), "header 'X-Mode' may not be 'slow'"),
        (request({"title": "a"}, **{"x-mode": "‹token:ann:1›"}), ""),
        (request({"title": 1}), 'body/title: 1 is not of type "string"'),
        (request({"title": "‹password:ann›"}), ""),
        (request({}), 'body: "title" is a required property'),
        (request({}, **{"content-type": "text/plain"}), "a body of text/plain is not declared"),
    ],
)
def test_a_request_that_contradicts_the_document_is_told(sent: Request, objection: str) -> None:
    assert Judge.of(operation()).objection(sent) == objection


FILTER = {"type": "object", "properties": {"state": {"type": "string"}}}


@pytest.mark.parametrize(
    ("parameter", "target"),
    [
        ({"in": "query", "style": "deepObject", "explode": True, "schema": FILTER}, "/a?filter[state]=open"),
        ({"in": "query", "schema": {"$ref": "#/components/schemas/Filter"}}, "/a?state=open"),
        ({"in": "query", "explode": False, "schema": {"anyOf": [FILTER, {"type": "null"}]}}, "/a?filter=state,open"),
        ({"in": "query", "schema": {"additionalProperties": {"type": "integer"}}}, "/a?limit=5"),
    ],
)
def test_an_object_in_a_query_is_not_judged(parameter: dict[str, object], target: str) -> None:
    document = {
        "openapi": "3.1.0",
        "paths": {"/a": {"get": {"parameters": [{"name": "filter", "required": True, **parameter}]}}},
        "components": {"schemas": {"Filter": FILTER}},
    }
    judge = Judge.of(operation(document, "GET", target))
    assert judge.objection(Request(method="GET", target=target)) == ""


def test_swagger_2() -> None:
    document = {
        "swagger": "2.0",
        "basePath": "/api",
        "consumes": ["application/json"],
        "paths": {
            "/a": {
                "put": {
                    "parameters": [
                        {"name": "b", "in": "body", "required": True, "schema": {"$ref": "#/definitions/A"}},
                        {"name": "ids", "in": "query", "type": "array", "items": {"type": "integer"}},
                    ]
                },
                "post": {
                    "parameters": [
                        {"name": "age", "in": "formData", "type": "integer", "required": True, "maximum": 5},
                        {"name": "file", "in": "formData", "type": "file"},
                    ]
                },
            }
        },
        "definitions": {"A": {"properties": {"n": {"type": "integer", "x-nullable": True}}}},
    }
    judge = Judge.of(operation(document, target="/api/a"))
    assert judge.objection(request({"n": None}, "/api/a?ids=1,2")) == ""
    assert "'1,x'" in judge.objection(request({}, "/api/a?ids=1,x"))
    assert "not of type" in judge.objection(request({"n": "x"}, "/api/a"))
    form = Judge.of(operation(document, "POST", "/api/a"))
    age = form.field("multipart/form-data", "age")
    assert age is not None
    assert age.required
    assert form.takes(age, ["5"])
    assert not form.takes(age, ["6"])


def test_3_1_keeps_what_stands_beside_a_reference() -> None:
    schema = {"$ref": "#/components/schemas/A", "maxLength": 2, "type": ["string", "null"]}
    document = {
        "openapi": "3.1.0",
        "paths": {"/a": {"put": {"requestBody": {"content": {"application/json": {"schema": schema}}}}}},
        "components": {"schemas": {"A": {"minLength": 1}}},
    }
    judge = Judge.of(operation(document, target="/a"))
    assert judge.objection(request("ab")) == ""
    assert judge.objection(request("abc"))
    assert judge.objection(request(""))


def put(what: object) -> dict[str, object]:
    return {"openapi": "3.1.0", "paths": {"/a": {"put": what}}}


def body(schema: object) -> dict[str, object]:
    return put({"requestBody": {"content": {"application/json": {"schema": schema}}}})


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ([], "api.json: /: an object should stand here, not []"),
        ({}, "api.json: /: neither 'openapi' nor 'swagger'"),
        ({"openapi": "4.0.0"}, "api.json: /: openapi: 4.0.0: a document of OpenAPI 3.0 or 3.1"),
        ({"openapi": "3.1.0", "paths": []}, "api.json: /paths: an object should stand here, not []"),
        (put([]), "api.json: /paths/~1a/put: an object should stand here"),
        (put({"parameters": {"a": 1}}), "api.json: /paths/~1a/put/parameters: a list should stand here"),
        (put({"parameters": [{"in": "query"}]}), "api.json: /paths/~1a/put/parameters/0: 'name' should be a text"),
        (body([]), "/requestBody/content/application~1json/schema: an object should stand here, not []"),
        (body({"$ref": "#/components/schemas/A"}), "$ref '#/components/schemas/A' leads nowhere"),
        (body({"$ref": "other.json#/A"}), "leads out of the document: bundle it into one file"),
        (body({"properties": {"a": 1}}), "/schema/properties/a: an object should stand here, not 1"),
        (body({"oneOf": {}}), "/schema/oneOf: a list should stand here, not {}"),
        (body({"properties": {"a": {"type": "strin"}}}), "api.json: PUT /a: body application/json/properties/a/type:"),
        (body({"properties": {"a": {"required": True}}}), "/properties/a/required:"),
        (put({"parameters": [{"in": "query", "name": "q", "schema": {"type": None}}]}), "PUT /a: query q/type:"),
        (
            {
                **body({"$ref": "#/components/schemas/A"}),
                "components": {"schemas": {"A": {"$ref": "#/components/schemas/A"}}},
            },
            "this $ref leads round in a circle",
        ),
    ],
)
def test_a_wrong_document_is_told_with_file_and_place(document: object, problem: str) -> None:
    with pytest.raises(UsageError) as told:
        Judge.of(Document.of(document, "api.json").operation("PUT", "/a") or operation()).objection(
            Request(method="PUT", target="/a", headers=(("content-type", "application/json"),), body='{"a":1}')
        )
    assert problem in told.value.problem
    assert "[tool.hotfire.service] openapi" in told.value.hint


@pytest.mark.parametrize("text", ["<html>", b"\xff", b"[" * 100_000])
def test_text_that_is_no_json_is_told(text: str | bytes) -> None:
    with pytest.raises(UsageError, match=r"api\.json: this is no JSON"):
        Document.parse(text, "api.json")


def test_what_is_nested_too_deeply_is_told_with_its_place() -> None:
    deep: dict[str, object] = {}
    for _ in range(2000):
        deep = {"items": deep}
    with pytest.raises(UsageError, match=r"api\.json: /paths/~1a/put: this is nested too deeply"):
        Document.of(body(deep), "api.json").operation("PUT", "/a")


def test_a_body_of_which_nothing_is_said_may_be_any() -> None:
    document = put({"requestBody": {"content": {"application/json": None}}})
    assert operation(document, target="/a").bodies == (Body(media_type="application/json", schema={}),)
