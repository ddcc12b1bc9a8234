"""Which lines lead to a request."""

import pytest

from hotfire.loglines import Request, leads, records_of, template
from hotfire.model.history import LogLine
from hotfire.model.step import Step
from hotfire.testing import reply

STEP = Step(actor="ann", method="POST", route="/shops/{shop}/orders", target="/shops/caf%C3%A9/orders?dry=1")
REQUEST = Request.of(STEP, reply(503, headers={"x-request-id": "0f3a9c1b77"}))


def lead(*texts: str) -> bool:
    records = records_of([LogLine(process="web.0", text=text, at=0.0) for text in texts])
    return leads(records[0], REQUEST, records)


@pytest.mark.parametrize(
    "text",
    [
        "ERROR POST /shops/café/orders failed",
        "ERROR Exception on /shops/caf%C3%A9/orders [POST]",
        "Internal Server Error: /shops/café/orders",
        "ERROR http://127.0.0.1:8000/shops/caf%C3%A9/orders?dry=1: gone",
        "ERROR route=/shops/{shop}/orders",
        "ERROR <WSGIRequest: POST '/shops/café/orders'>",
        'ERROR "POST /shops/caf%C3%A9/orders?dry=1 HTTP/1.1" 503',
        '{"level": "error", "path": "/shops/caf\\u00e9/orders"}',
        "ERROR [0f3a9c1b77] order failed",
    ],
)
def test_a_line_that_names_it(text):
    assert lead(text)


@pytest.mark.parametrize(
    "text",
    [
        "ERROR order failed",
        "ERROR POST /shops/café/orders/7 failed",
        "ERROR POST /v2/shops/café/orders failed",
        'ERROR "POST /shops/tea/orders HTTP/1.1" 503',
    ],
)
def test_a_line_that_does_not(text):
    assert not lead(text)


def test_a_line_whose_request_id_stands_in_one_that_names_it():
    named = '{"event": "in", "path": "/shops/café/orders", "request_id": "aaaaaaaa1"}'
    assert lead('{"level": "error", "event": "gone", "request_id": "aaaaaaaa1"}', named)
    assert not lead('{"level": "error", "event": "gone", "request_id": "bbbbbbbb2"}', named)


def test_an_id_that_the_answer_shows():
    request = Request.of(STEP, reply(500, {"error": "sorry", "incident": "err-20261124-7f"}))
    assert "err-20261124-7f" in request.ids
    assert Request.of(STEP, reply(500, "[1, 2")).ids == ()


def test_a_template_has_nothing_of_one_request():
    assert template("took 12 ms for 3f9c1ab2 at 0x7f01") == "took # ms for # at #"
    assert template("added facade") == "added facade"
