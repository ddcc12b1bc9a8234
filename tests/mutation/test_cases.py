"""The one-place mutator: one place is wrong, likely ones come first, and the document proves what it can."""

import base64
import json
from dataclasses import replace
from itertools import islice

import pytest

from hotfire.model.edit import Edit, Part
from hotfire.model.request import Request
from hotfire.mutation import Case, cases, filled, filling
from hotfire.mutation.headers import carried
from hotfire.openapi import Document, Operation

DOCUMENT = {
    "openapi": "3.1.0",
    "paths": {
        "/orders/{id}": {
            "post": {
                "parameters": [
                    {"in": "path", "name": "id", "schema": {"type": "integer"}},
                    {"in": "query", "name": "page", "schema": {"type": "integer", "minimum": 1}},
                    {"in": "query", "name": "sort", "schema": {"enum": ["up", "down"]}},
                    {"in": "header", "name": "X-Mode", "schema": {"type": "string", "maxLength": 4}},
                ],
                "requestBody": {
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Order"}},
                        "application/x-www-form-urlencoded": {"schema": {"$ref": "#/components/schemas/Form"}},
                    }
                },
                "responses": {
                    "200": {
                        "content": {"application/json": {"schema": {"items": {"$ref": "#/components/schemas/Shown"}}}}
                    }
                },
            }
        }
    },
    "components": {
        "schemas": {
            "Order": {
                "type": "object",
                "required": ["name", "lines"],
                "properties": {
                    "name": {"type": "string", "maxLength": 20},
                    "start": {"type": "string", "format": "date"},
                    "end": {"type": "string", "format": "date"},
                    "lines": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["sku"],
                            "properties": {
                                "sku": {"type": "string", "pattern": "^[A-Z]+$"},
                                "qty": {"type": "integer", "minimum": 1},
                            },
                        },
                    },
                    "customer_id": {"type": "integer"},
                    "note": {"anyOf": [{"type": "string", "minLength": 2}, {"type": "null"}]},
                },
            },
            "Shown": {
                "properties": {
                    "state": {"type": "string"},
                    "level": {"anyOf": [{"type": "null"}, {"$ref": "#/components/schemas/Level"}]},
                    "lines": {"type": "array", "items": {"$ref": "#/components/schemas/Shown"}},
                }
            },
            "Level": {"enum": ["low", "high"]},
            "Form": {"required": ["name"], "properties": {"name": {"maxLength": 5}, "age": {"type": "integer"}}},
        }
    },
}
BODY = {"name": "Ann", "start": "2024-05-17", "lines": [{"sku": "A"}, {"sku": "B"}], "note": None}


def operation() -> Operation:
    found = Document.of(DOCUMENT, "openapi.json").operation("POST", "/orders/5")
    assert found is not None
    return found


def request(body: str = json.dumps(BODY), kind: str = "application/json", target: str = "/orders/5?page=2") -> Request:
    headers = (("host", "x"), ("content-type", kind), ("cookie", "sid=‹token:ann:1›; lang=de"))
    return Request(method="POST", target=target, headers=headers, body=body)


def full() -> Request:
    return filled(request(), filling(request(), operation()))


def found(made: list[Case], pointer: str, keyword: str) -> Case:
    return next(case for case in made if (case.pointer, case.keyword) == (pointer, keyword))


def test_what_a_document_declares_is_filled_in_and_identifiers_come_last() -> None:
    edits = filling(request(), operation())
    assert [edit.place for edit in edits] == ["sort", "X-Mode", "/end", "/lines/0/qty", "/customer_id"]
    whole = full()
    assert whole.target == "/orders/5?page=2&sort=up"
    assert json.loads(whole.body)["lines"] == [{"sku": "A", "qty": 1}, {"sku": "B"}]
    assert filling(whole, operation()) == ()


@pytest.mark.parametrize(
    ("pointer", "keyword", "sentence"),
    [
        ("/body/lines/0/qty", "minimum", "lines[0].qty: 0, below the minimum 1"),
        ("/body/name", "maxLength", 'name: "Annnnnnnnnnnnnnnnnnnn", longer than 20'),
        ("/body/name", "required", "name: left out"),
        ("/body/name", "type", 'name: {"a":1}, not a string'),
        ("/body/start", "format", 'start: "2023-02-30", no date'),
        ("/body/lines/0/sku", "pattern", 'lines[0].sku: "~", not matching ^[A-Z]+$'),
        ("/body/note", "minLength", 'note: "t", shorter than 2'),
        ("/query/page", "type", "query parameter page: text, not an integer"),
        ("/query/sort", "enum", "query parameter sort: upx, not one of up, down"),
        ("/path/id", "type", "path parameter id: text, not an integer"),
        ("/header/x-mode", "maxLength", "header x-mode: textt, longer than 4"),
    ],
)
def test_what_the_document_proves(pointer: str, keyword: str, sentence: str) -> None:
    case = found(list(cases(full(), operation())), pointer, keyword)
    assert case.proven
    assert case.sentence == sentence


@pytest.mark.parametrize(
    ("pointer", "keyword", "value"),
    [
        ("/body/name", "nul", r'"Ann\u0000"'),
        ("/body/name", "surrogate", r'"\ud800"'),
        ("/body/lines/0/qty", "NaN", "NaN"),
        ("/body/name", "utf-8", base64.b64encode(b'"caf\xe9"').decode()),
        ("/body/end", "range", '"2024-05-16"'),
        ("/body/customer_id", "dangling", "2000000011"),
        ("/body/state", "privileged", '"hotfire-canary"'),
        ("/body/rank", "privileged", "987654321"),
        ("/body/level", "privileged", '"low"'),
        ("/body/is_admin", "privileged", "true"),
        ("/body", "json", "not JSON"),
        ("/query/page", "beyond int8", str(2**63)),
        ("/query/page", "negative", "-1"),
        ("/header/x-forwarded-for", "x-forwarded-for", "unknown, , ]:x"),
        ("/cookie/sid", "cookie", "hotfire%00.x.y"),
    ],
)
def test_what_services_get_wrong(pointer: str, keyword: str, value: str) -> None:
    made = list(cases(full(), operation(), answered='[{"rank": 3, "state": "x", "level": "high"}]'))
    assert found(made, pointer, keyword).edit.value == value


def test_likely_ones_come_first_and_each_time_in_the_same_order() -> None:
    made = list(cases(full(), operation()))
    assert made == list(cases(full(), operation()))
    assert [case.keyword for case in islice(made, 4)] == ["nul"] * 4
    assert len({case.edit for case in made}) == len(made)


def test_nothing_is_proven_without_a_document_and_values_tell_what_they_are() -> None:
    made = list(cases(request(target="/orders/5?page=2&on=2024-05-17"), route="/orders/{id}"))
    assert not any(case.proven for case in made)
    assert found(made, "/path/id", "beyond int4").edit.value == str(2**31)
    assert found(made, "/query/on", "date").edit.value == "2023-02-30"
    assert found(made, "/body/lines/0", "type").edit.value == '"text"'


def test_a_body_that_the_document_objects_to_proves_nothing_of_it() -> None:
    wrong = request(json.dumps({**BODY, "name": 1}))
    assert not any(case.proven for case in cases(wrong, operation()) if case.pointer.startswith("/body"))


def test_no_case_holds_a_secret() -> None:
    hidden = request(json.dumps({**BODY, "name": "‹password:ann›"}, ensure_ascii=False))
    assert not any("‹" in case.edit.value for case in cases(hidden, operation()))


FORM = request("name=Ann&age=7", "application/x-www-form-urlencoded")
MULTIPART = request(
    '--b\r\ncontent-disposition: form-data; name="name"\r\n\r\nAnn\r\n'
    '--b\r\ncontent-disposition: form-data; name="file"; filename="a.png"\r\n\r\nPNG\r\n--b--\r\n',
    "multipart/form-data; boundary=b",
)


def test_forms() -> None:
    made = list(cases(FORM, operation()))
    assert found(made, "/body/name", "maxLength").proven
    assert found(made, "/body/name", "required").proven
    assert found(made, "/body/age", "type").sentence == "field age: text, not an integer"
    assert found(made, "/body/is_admin", "privileged").edit.value == "true"
    made = list(cases(MULTIPART))
    assert found(made, "/filename/file", "filename").edit.value == "../../hotfire.txt"
    assert [found(made, "/filename/file", each).edit.value for each in ("nul", "maxLength")] == ["a\0b.png", "x" * 300]
    assert found(made, "/body/name", "nul").edit.value == "Ann\0"


def of(schema: object, body: object, answer: object = None) -> list[Case]:
    """The cases of a body, by the schema of it and of what is answered."""
    told = {"requestBody": {"content": {"application/json": {"schema": schema}}}}
    shown = {"200": {"content": {"application/json": {"schema": answer or {}}}}}
    schemas = {"Json": {}, "Flag": {"type": "boolean"}}
    paths = {"/flags": {"put": {**told, "responses": shown}}}
    document = {"openapi": "3.1.0", "paths": paths, "components": {"schemas": schemas}}
    found = Document.parse(json.dumps(document), "openapi.json").operation("PUT", "/flags")
    asked = Request(
        method="PUT", target="/flags", headers=(("content-type", "application/json"),), body=json.dumps(body)
    )
    return list(cases(asked, found))


def test_a_member_of_a_map_is_of_another_type_not_undeclared() -> None:
    """A framework that reads 1 as true does what it documents; the map's document proves it invalid all the same."""
    for values in ({"type": "boolean"}, {"$ref": "#/components/schemas/Flag"}):
        added = [each for each in of({"additionalProperties": values}, {"new": True}) if "hotfire_unknown" in str(each)]
        assert {each.keyword for each in added} == {"type"}
    closed = [each for each in of({"additionalProperties": False}, {}) if "hotfire_unknown" in str(each)]
    assert {each.keyword for each in closed} == {"unknown"}


def test_what_the_answer_alone_refers_to_is_known() -> None:
    meta = {"type": "object", "properties": {"meta": {"additionalProperties": {"$ref": "#/components/schemas/Json"}}}}
    assert of({"type": "object"}, {}, meta)


def test_a_document_of_huge_bounds_makes_no_huge_request() -> None:
    huge = 2**31 - 1
    schema = {
        "properties": {
            "text": {"type": "string", "maxLength": huge},
            "list": {"type": "array", "items": {"type": "integer"}, "maxItems": huge, "minItems": 0},
            "map": {"type": "object", "additionalProperties": {"type": "integer"}, "maxProperties": huge},
            "number": {"type": "number", "maximum": 1e308, "multipleOf": 1e-300},
            "code": {"type": "string", "minLength": huge},
        }
    }
    body = {"requestBody": {"content": {"application/json": {"schema": schema}}}}
    document = {"openapi": "3.1.0", "paths": {"/orders/5": {"post": body}}}
    found = Document.of(document, "huge.json").operation("POST", "/orders/5")
    assert found is not None
    sent = request("{}")
    whole = filled(sent, filling(sent, found))
    assert json.loads(whole.body) == {"text": "text", "list": [1], "map": {"key": 1}, "number": 1e-300}
    assert max(len(case.edit.value) for case in cases(whole, found)) < 10_000


def test_no_header_and_no_cookie_is_sent_that_http_cannot_carry() -> None:
    schema = {"type": "string", "pattern": r"^\S+$"}
    parameters = [
        {"in": "header", "name": "X-Key", "schema": schema},
        {"in": "header", "name": "X Odd", "schema": {"type": "string"}},
        {"in": "header", "name": "X-Lines", "schema": {"type": "string", "example": "a\nb", "pattern": "\n"}},
        {"in": "cookie", "name": "lang", "schema": {"enum": ["de", "a;b"]}},
        {"in": "cookie", "name": "place", "schema": {"type": "string", "example": "a;b", "pattern": ";"}},
    ]
    document = {"openapi": "3.1.0", "paths": {"/orders/5": {"post": {"parameters": parameters}}}}
    declared = Document.of(document, "openapi.json").operation("POST", "/orders/5")
    assert declared is not None
    sent = request("{}")
    sent = replace(sent, headers=(*sent.headers, ("x-key", "abc")))
    assert [edit.place for edit in filling(sent, declared)] == []
    made = [case.edit for case in cases(sent, declared) if case.edit.part in {"header", "cookie"}]
    assert all(carried(edit) for edit in made)
    assert found(list(cases(sent, declared)), "/header/x-key", "pattern").edit.value == "a bc"


@pytest.mark.parametrize(
    ("part", "value", "fits"),
    [
        ("header", "a b\tc", True),
        ("header", "", True),
        ("header", "é", True),
        ("header", " a", False),
        ("header", "a ", False),
        ("header", "a\rb", False),
        ("header", "a\x1fb", False),
        ("header", "\ud800", False),
        ("header", "a;b", True),
        ("cookie", "a;b", False),
        ("cookie", "a b", True),
        ("query", " ;\0", True),
    ],
)
def test_what_http_carries(part: Part, value: str, *, fits: bool) -> None:
    assert carried(Edit(part=part, place="x-mode", value=value)) is fits


def test_an_empty_parameter_that_may_be_left_out_is_not_proven_wrong() -> None:
    made = list(cases(full(), operation()))
    assert not found(made, "/query/page", "empty").proven


def test_a_filled_request_keeps_the_names_of_its_secrets() -> None:
    headers = (("x-key", "‹token:ann:1›"), ("x-name", "é"), ("x-bytes", "\xff"))
    sent = Request(method="GET", target="/a", headers=headers)
    whole = filled(sent, (Edit(part="query", place="page", act="insert", value="1"),))
    assert (whole.target, whole.headers) == ("/a?page=1", headers)
    assert "/header/x-key" not in {case.pointer for case in cases(whole)}


def test_parts_of_a_segment_are_made_wrong_one_at_a_time() -> None:
    sent = Request(method="GET", target="/reports/2026-05%2F1/items/caf%C3%A9:publish?page=2")
    parameters = [
        {"in": "path", "name": "year", "schema": {"type": "integer", "maximum": 2100}},
        {"in": "path", "name": "month", "schema": {"type": "string"}},
        {"in": "path", "name": "id", "schema": {"type": "string"}},
    ]
    route = "/reports/{year}-{month}/items/{id}:publish"
    document = {"openapi": "3.1.0", "paths": {route: {"get": {"parameters": parameters}}}}
    declared = Document.of(document, "openapi.json").operation("GET", sent.target)
    assert declared is not None
    for operation_, route_ in ((declared, ""), (None, route)):
        made = list(cases(sent, operation_, route=route_))
        assert {case.pointer for case in made if case.edit.part == "path"} == {"/path/year", "/path/month", "/path/id"}
        nul = found(made, "/path/id", "nul")
        assert filled(sent, (nul.edit,)).target == "/reports/2026-05%2F1/items/caf%C3%A9%00:publish?page=2"
        half = found(made, "/path/month", "utf-8")
        assert filled(sent, (half.edit,)).target == "/reports/2026-caf%E9/items/caf%C3%A9:publish?page=2"
    above = found(list(cases(sent, declared)), "/path/year", "maximum")
    assert (above.proven, filled(sent, (above.edit,)).path) == (True, "/reports/2101-05%2F1/items/caf%C3%A9:publish")


def test_a_declared_cookie_is_typed_and_a_secret_is_not_looked_into() -> None:
    parameters = [
        {"in": "cookie", "name": "level", "required": True, "schema": {"type": "integer", "minimum": 1}},
        {"in": "cookie", "name": "sid", "required": True, "schema": {"type": "string", "minLength": 9}},
    ]
    document = {"openapi": "3.1.0", "paths": {"/orders/5": {"post": {"parameters": parameters}}}}
    declared = Document.of(document, "openapi.json").operation("POST", "/orders/5")
    assert declared is not None
    sent = Request(method="POST", target="/orders/5", headers=(("cookie", "level=20; sid=‹token:ann:1›; lang=de"),))
    made = list(cases(sent, declared))
    below, missing = found(made, "/cookie/level", "minimum"), found(made, "/cookie/level", "required")
    assert (below.edit.value, below.proven, missing.proven) == ("0", True, True)
    assert filled(sent, (missing.edit,)).header("cookie") == "sid=‹token:ann:1›; lang=de"
    for other in ("/cookie/sid", "/cookie/lang"):
        assert [case.keyword for case in made if case.pointer == other] == ["cookie", "ascii"]
