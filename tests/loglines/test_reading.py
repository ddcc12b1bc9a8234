"""Logs read into records, by value: what servers, frameworks and loggers really write."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotfire.loglines import Access, Record, records_of, template
from hotfire.loglines.leaks import leaks_in
from hotfire.model.history import LogLine

TRACEBACK = """Traceback (most recent call last):
  File "/srv/shop/main.py", line 12, in buy
    raise ValueError("no stock")
ValueError: no stock"""

CHAINED = """Traceback (most recent call last):
  File "/srv/shop/db.py", line 7, in run
    cursor.execute(statement)
psycopg.errors.UniqueViolation: duplicate key value violates unique constraint "orders_reference_key"
DETAIL:  Key (reference)=(a) already exists.

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/srv/shop/main.py", line 20, in buy
    raise Conflict from error
shop.errors.Conflict: the order is there
[SQL: INSERT INTO orders VALUES (%s)]
(Background on this error at: https://sqlalche.me/e/20/gkpj)"""

GROUP = """  + Exception Group Traceback (most recent call last):
  |   File "/srv/app/middleware.py", line 5, in __call__
  |     await self.app(scope, receive, send)
  | ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "/srv/shop/main.py", line 12, in buy
    |     raise ValueError("no stock")
    | ValueError: no stock
    +------------------------------------"""


def read(text: str) -> list[Record]:
    lines = [LogLine(process="web.0", text=line, at=index / 10) for index, line in enumerate(text.splitlines())]
    return list(records_of(lines))


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("ERROR:    Exception in ASGI application", "ERROR"),
        ("\x1b[31mERROR\x1b[0m:    Exception in ASGI application", "ERROR"),
        ("[2026-11-24 10:00:00 +0000] [8] [ERROR] Error handling request /orders", "ERROR"),
        ("[2026-11-24 10:00:00,123] ERROR in app: Exception on /orders [POST]", "ERROR"),
        ("2026-11-24 10:00:00.123 | WARNING  | shop.main:buy:12 - low stock", "WARNING"),
        ("2026-11-24T10:00:00Z [error    ] order failed                   path=/orders", "ERROR"),
        ('time=2026-11-24T10:00:00Z level=error msg="order failed"', "ERROR"),
        ("CRITICAL:root:gone", "CRITICAL"),
        ('INFO:     127.0.0.1:5000 - "POST /orders HTTP/1.1" 500 Internal Server Error', "INFO"),
        ('{"level": "error", "event": "order failed"}', "ERROR"),
        ('{"levelname": "WARNING", "message": "low stock"}', "WARNING"),
        ('{"severity": "CRITICAL", "message": "gone"}', "CRITICAL"),
        ('{"level": 50, "msg": "gone"}', "CRITICAL"),
        ('{"@timestamp": "2026-11-24", "log.level": "error", "message": "order failed"}', "ERROR"),
        ('{"text": "gone", "record": {"level": {"name": "ERROR", "no": 40}, "message": "gone"}}', "ERROR"),
        ("Internal Server Error: /orders", ""),
        ("the order could not be saved", ""),
        ("{not json}", ""),
        ("[]", ""),
    ],
)
def test_the_level_of_a_line(text, level):
    (record,) = read(text)
    assert record.level == level


@pytest.mark.parametrize(
    ("text", "access"),
    [
        (
            'INFO:     127.0.0.1:5000 - "POST /orders?a=1 HTTP/1.1" 500 Internal Server Error',
            Access(method="POST", target="/orders?a=1", status=500),
        ),
        (
            '127.0.0.1 - - [24/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "hotfire"',
            Access(method="GET", target="/", status=200),
        ),
        ('[24/Nov/2026 10:00:00] "POST /orders HTTP/1.1" 503 12', Access(method="POST", target="/orders", status=503)),
        ('"PUT /a HTTP/1.1" - -', Access(method="PUT", target="/a", status=None)),
        (
            '{"event": "done", "method": "post", "path": "/orders", "status_code": 500}',
            Access(method="POST", target="/orders", status=500),
        ),
        (
            '{"http": {"request": {"method": "GET"}, "response": {"status_code": 404}}, "url": {"path": "/a"}}',
            Access(method="GET", target="/a", status=404),
        ),
        ('{"path": "/orders", "status": "paid"}', None),
        ("POST /orders failed", None),
    ],
)
def test_an_access_line(text, access):
    (record,) = read(text)
    assert record.access == access


def test_a_traceback_belongs_to_the_line_above_it_and_is_one_record():
    first, second = read(f"ERROR:    Exception in ASGI application\n{TRACEBACK}\nINFO:     done")
    assert first.headline == "ERROR:    Exception in ASGI application"
    assert first.failure
    assert first.failure.exception == "ValueError: no stock"
    assert first.failure.parts == {("ValueError: no stock", "/srv/shop/main.py:12")}
    assert second.headline == "INFO:     done"


def test_a_traceback_does_not_belong_to_an_access_line_and_is_an_error_by_itself():
    access, bare = read(f'INFO:     127.0.0.1:1 - "POST /orders HTTP/1.1" 500\n{TRACEBACK}')
    assert access.access
    assert not access.is_error
    assert bare.is_error
    assert bare.headline == ""


def test_a_chain_is_one_failure_with_what_the_database_said():
    (record,) = read(f"ERROR shop order failed\n{CHAINED}")
    assert record.failure
    assert record.failure.exception == "shop.errors.Conflict: the order is there"
    assert {frame for _, frame in record.failure.parts} == {"/srv/shop/db.py:7", "/srv/shop/main.py:20"}
    assert "Background on this error" in record.text


def test_an_exception_group_is_one_failure_with_its_members():
    first, second = read(f"ERROR:    Exception in ASGI application\n{GROUP}\nINFO:     done")
    assert first.failure
    assert ("ValueError: no stock", "/srv/shop/main.py:12") in first.failure.parts
    assert second.level == "INFO"


def test_two_tracebacks_one_after_the_other_are_two_records():
    first, second = read(f"ERROR one\n{TRACEBACK}\nERROR two\n{TRACEBACK}")
    assert (first.headline, second.headline) == ("ERROR one", "ERROR two")
    assert first.failure == second.failure


def test_a_traceback_that_is_read_in_pieces_belongs_to_when_it_began():
    head, *rest = f"ERROR one\n{CHAINED}\nERROR two\n{TRACEBACK}".splitlines()
    times = [1.0, *(1.9 for _ in rest[:9]), *(2.1 for _ in rest[9:])]
    lines = [LogLine(process="web.0", text=text, at=at) for text, at in zip([head, *rest], times, strict=True)]
    (first,) = records_of(lines, 1.0, 2.0)
    (second,) = records_of(lines, 2.0)
    assert (first.headline, second.headline) == ("ERROR one", "ERROR two")
    assert "Background on this error" in first.text


def test_a_traceback_of_another_time_is_not_the_line_s_before():
    lines = [LogLine(process="web.0", text="INFO done", at=0.9)]
    lines += [LogLine(process="web.0", text=text, at=2.0) for text in TRACEBACK.splitlines()]
    (bare,) = records_of(lines, 1.0)
    assert bare.failure
    assert bare.headline == ""


def test_lines_of_two_processes_do_not_mix():
    lines = [
        LogLine(process="web.0", text="ERROR one", at=0.1),
        LogLine(process="web.1", text="INFO two", at=0.2),
        *(LogLine(process="web.0", text=line, at=0.3) for line in TRACEBACK.splitlines()),
    ]
    first, second = records_of(lines)
    assert first.failure
    assert second.failure is None


@pytest.mark.parametrize(
    "fields",
    [
        {"event": "order failed", "exception": TRACEBACK},
        {"message": "order failed", "exc_info": TRACEBACK},
        {"error": {"message": "no stock", "stack_trace": TRACEBACK}},
        {"text": f"order failed\n{TRACEBACK}", "record": {"exception": {"type": "ValueError", "traceback": True}}},
    ],
)
def test_a_traceback_in_a_json_line(fields):
    (record,) = read(json.dumps(fields))
    assert record.failure
    assert record.failure.exception == "ValueError: no stock"


def test_an_exception_that_a_json_line_describes():
    described = [{"exc_type": "ValueError", "exc_value": "no stock", "frames": []}]
    (record,) = read(json.dumps({"event": "order failed", "exception": described}))
    assert record.is_error
    (record,) = read(json.dumps({"event": "order placed", "exc_info": None, "exception": False}))
    assert not record.is_error


@pytest.mark.parametrize(
    ("text", "request_id"),
    [
        ('{"event": "x", "request_id": "0f3a9c1b77"}', "0f3a9c1b77"),
        ('{"event": "x", "http": {"request": {"id": "0f3a9c1b77"}}}', "0f3a9c1b77"),
        ("ERROR order failed request_id=0f3a9c1b77", "0f3a9c1b77"),
        ('{"event": "x", "request_id": "-"}', ""),
        ("ERROR order failed", ""),
    ],
)
def test_the_id_of_a_request(text, request_id):
    (record,) = read(text)
    assert record.request_id == request_id


@pytest.mark.parametrize(
    "text",
    ["", "\n\n", "Traceback (most recent call last):", '{"a":' * 900 + "1" + "}" * 900, '{"path": "/", "status": "²"}'],
)
def test_odd_lines_do_not_raise(text):
    read(text)


PIECES = [*CHAINED.splitlines(), *GROUP.splitlines(), *TRACEBACK.splitlines(), "", "INFO x", "ERROR y", "a." * 30_000]


@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=40)), max_size=30))
@settings(max_examples=40, deadline=None)
def test_whatever_is_written_can_be_read(texts):
    records = records_of([LogLine(process="web.0", text=text, at=float(at)) for at, text in enumerate(texts)])
    assert sum(bool(text.strip()) for text in texts) >= len(records)
    assert [record.at for record in records] == sorted(record.at for record in records)
    for record in records:
        template(record.text)
        list(leaks_in(f"{record.text}://"))
