"""HTTP/1.1 as transcripts: what a client sends, what is asked of a partner, and what the client is answered."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotfire.wire.http import Dialogue, Interim, Keys, Naming, Refusal, Request, Response, content_of, refusal

POST = (
    b"POST /v1/uploads?kind=jpg HTTP/1.1\r\nHost: images.example\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"4\r\nabcd\r\n2\r\nef\r\n0\r\n\r\n"
)
GET = b"GET / HTTP/1.1\r\nHost: images.example\r\n\r\n"
OK = Response(status=200, headers=((b"content-type", b"text/plain"), (b"Content-Length", b"99")), body=b"fine")


def test_a_connection_is_kept_alive_over_chunks_and_pipelines() -> None:
    dialogue = Dialogue()
    dialogue.receive(POST + GET)
    first = dialogue.next()
    assert isinstance(first, Request)
    assert (first.method, first.target, first.host, first.body) == (
        "POST",
        "/v1/uploads?kind=jpg",
        "images.example",
        b"abcdef",
    )
    assert dialogue.next() is None
    assert dialogue.respond(OK) == b"HTTP/1.1 200 \r\ncontent-type: text/plain\r\ncontent-length: 4\r\n\r\nfine"
    second = dialogue.next()
    assert isinstance(second, Request)
    assert second.method == "GET"
    assert not dialogue.ends


@given(st.lists(st.integers(0, len(POST)), max_size=8))
def test_however_the_stream_is_cut_it_says_the_same(cuts: list[int]) -> None:
    dialogue, found = Dialogue(), []
    places = [0, *sorted(cuts), len(POST)]
    for begin, end in pairwise(places):
        if begin == end:
            continue
        dialogue.receive(POST[begin:end])
        while event := dialogue.next():
            found.append(event)
    assert [(each.method, each.body) for each in found] == [("POST", b"abcdef")]


def test_a_client_that_waits_for_a_word_is_given_it() -> None:
    dialogue = Dialogue()
    dialogue.receive(b"PUT /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
    word = dialogue.next()
    assert isinstance(word, Interim)
    assert word.data.startswith(b"HTTP/1.1 100 ")
    assert dialogue.next() is None
    dialogue.receive(b"ok")
    assert isinstance(dialogue.next(), Request)


@pytest.mark.parametrize("status", [204, 304])
def test_an_answer_without_a_body(status: int) -> None:
    dialogue = Dialogue()
    dialogue.receive(GET)
    dialogue.next()
    assert dialogue.respond(Response(status=status, body=b"x")) == f"HTTP/1.1 {status} \r\n\r\n".encode()


def test_the_answer_to_a_head_has_a_length_and_no_body() -> None:
    dialogue = Dialogue()
    dialogue.receive(GET.replace(b"GET", b"HEAD"))
    dialogue.next()
    assert dialogue.respond(Response(status=200, body=b"fine")) == b"HTTP/1.1 200 \r\ncontent-length: 4\r\n\r\n"


def test_a_client_that_closes_is_closed() -> None:
    dialogue = Dialogue()
    dialogue.receive(GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
    dialogue.next()
    assert b"connection: close" in dialogue.respond(OK).lower()
    assert dialogue.ends


@pytest.mark.parametrize("garbage", [b"\x00\x01\x02\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"GET /\r\n\r\n"])
def test_garbage_is_refused_with_a_reason(garbage: bytes) -> None:
    dialogue = Dialogue()
    dialogue.receive(garbage)
    told = dialogue.next()
    assert isinstance(told, Refusal)
    assert told.data.startswith(b"HTTP/1.1 ")
    assert dialogue.ends
    assert dialogue.next() is None


def request(method: str, target: str, host: str = "images.example", **more: object) -> Request:
    headers = ((b"host", host.encode()), *more.pop("headers", ()))
    return Request(method=method, target=target, headers=headers, **more)


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        (request("POST", "/v1/uploads?b=1&a=2&b=3"), "POST images.example/v1/uploads?b&a"),
        (
            request("GET", "/charges/ch_3NkQ8a/refunds", "127.0.0.1:8443"),
            "GET images.example/charges/{id}/refunds",
        ),
        (request("PUT", "/media/ann0a1b2c3d4e.png"), "PUT images.example/media/{id}.png"),
        (request("GET", "http://cdn.example:80/a?x"), "GET cdn.example/a?x"),
        (request("DELETE", "/v1/12"), "DELETE images.example/v1/{id}"),
        (request("POST", "//v1/a", "Images.Example:443"), "POST images.example//v1/a"),
        (request("GET", "//[x?y", "[::1]:8443"), "GET images.example//[x?y"),
    ],
)
def test_a_call_has_the_same_name_in_every_run(asked: Request, text: str) -> None:
    naming = Naming.of("images", ("images.example", "cdn.example"), ())
    assert naming.ask(asked).text == naming.ask(asked).signature == text


def test_without_a_host_the_partner_has_its_own_name() -> None:
    assert Naming.of("images", (), ()).ask(request("GET", "/", "localhost:8443")).text == "GET images/"


def test_what_changes_nothing_is_safe_or_declared_so() -> None:
    naming = Naming.of("shop", (), ("POST /v1/search", "POST /v1/items/{id}/query"))
    asked = ["GET /v1/items", "POST /v1/search?q=1", "POST /v1/items/9/query", "POST /v1/items", "DELETE /v1/search"]
    assert [naming.ask(request(*each.split())).writes for each in asked] == [False, False, False, True, True]
    with pytest.raises(ValueError, match="search"):
        Naming.of("shop", (), ("search",))


def sent(kind: str, body: bytes) -> Request:
    return request("POST", "/", headers=((b"Content-Type", kind.encode()),), body=body)


def test_a_form_is_told_field_by_field() -> None:
    told = content_of(sent("application/x-www-form-urlencoded", b"amount=4900&tag=a&tag=b&note="))
    assert json.loads(told or "") == {"amount": "4900", "tag": ["a", "b"], "note": ""}


def test_the_boundary_of_a_form_with_files_makes_no_difference() -> None:
    def form(boundary: str) -> str | None:
        parts = (
            'name="title"\r\n\r\nA cat',
            'name="file"; filename="cat.png"\r\nContent-Type: image/png\r\n\r\n\x89PNG',
        )
        body = "".join(f"--{boundary}\r\nContent-Disposition: form-data; {part}\r\n" for part in parts)
        return content_of(
            sent(f"multipart/form-data; boundary={boundary}", f"{body}--{boundary}--\r\n".encode("latin-1"))
        )

    assert form("one") == form("two")
    told = json.loads(form("one") or "")
    assert told["title"] == "A cat"
    assert told["file"].startswith("cat.png (image/png), sha256 ")


def test_other_bodies() -> None:
    assert content_of(sent("application/json", b'{"a": 1}')) == '{"a": 1}'
    assert content_of(sent("image/png", b"\x89PNG")) == "sha256 0f4636c78f65d363 (4 bytes)"
    assert content_of(sent("multipart/form-data", b"\xff")) == "sha256 a8100ae6aa1940d0 (1 bytes)"
    assert content_of(sent("text/plain", b"")) is None


@given(
    st.sampled_from(
        ["multipart/form-data; boundary=b", "multipart/form-data", "application/x-www-form-urlencoded", ""]
    ),
    st.lists(
        st.sampled_from(
            [
                b"--b",
                b"--b--",
                b"\r\n",
                b"Content-Disposition: form-data; name*=x''%ff; ",
                b"filename=a",
                b"=",
                b"&",
                b"%ff",
                b"\xff",
                b"Content-Transfer-Encoding: base64",
                b":",
                b"a",
            ]
        )
    ).map(b"".join),
)
def test_no_body_is_too_odd(kind: str, body: bytes) -> None:
    assert (content_of(sent(kind, body)) is None) == (body == b"")


DONE, FAILED = Response(status=201, body=b"1"), refusal(500, "no")


def test_a_key_keeps_its_first_answer_a_failure_too() -> None:
    keys = Keys(meaning="v1")
    assert keys.answer("k", "a") is None
    keys.keep("k", "a", FAILED)
    again = keys.answer("k", "a")
    assert again is not None
    assert (again.status, again.body, again.headers[-1]) == (500, FAILED.body, (b"idempotent-replayed", b"true"))
    assert (keys.answer("k", "b") or DONE).status == 400
    keys.keep("", "a", DONE)
    assert keys.answer("", "a") is None


def test_failed_work_is_taken_up_again_and_done_work_is_not() -> None:
    keys = Keys(meaning="v2")
    keys.keep("k", "a", FAILED)
    assert keys.answer("k", "a") is None
    keys.keep("k", "a", DONE)
    assert (keys.answer("k", "a") or FAILED).status == 201


@pytest.mark.parametrize(("meaning", "status"), [("v1", 400), ("v1", 429), ("none", 201)])
def test_a_key_is_free_where_no_work_began_or_it_means_nothing(meaning: str, status: int) -> None:
    keys = Keys(meaning=meaning)
    keys.keep("k", "a", refusal(status, "…"))
    assert not keys.known


def test_what_comes_later_is_no_part_of_a_copy() -> None:
    keys = Keys(meaning="v1")
    moment = keys.copy()
    keys.keep("k", "a", DONE)
    assert not moment.known
