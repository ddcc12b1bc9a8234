"""The border in front of a partner, with clients as services have them, over real sockets, in clear and in TLS."""

import asyncio
import json
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import aiohttp
import httpx
import pytest
import requests
import urllib3

from hotfire.model.action import FORWARD, Action, Answer, Delay, Drop, Forward, Hold, Reset, Signal
from hotfire.model.perturbation import Script
from hotfire.perturbations.none import Undisturbed
from hotfire.wire.http import Keys, Naming
from hotfire.worlds.proxy.authority import Authority, serving
from hotfire.worlds.proxy.border import Border, Window
from hotfire.worlds.proxy.http import HttpSession
from hotfire.worlds.stores.partner.ledger import Ledger
from hotfire.worlds.stores.partner.stub import PATIENCE, Stub
from tests.worlds.proxy.bordered import Loop, looping

HOSTS = ("images.example", "localhost")
STUB = """
import asyncio, json, time

async def images(scope, receive, send):
    body = (await receive())["body"]
    match scope["path"]:
        case "/raise":
            raise LookupError("no such image")
        case "/hang":
            await asyncio.sleep(60)
        case "/block":
            time.sleep(1)
        case "/refuse":
            await send({"type": "http.response.start", "status": 422, "headers": []})
        case _:
            state = scope["state"]
            state["n"] = state.get("n", 0) + 1
            await send({"type": "http.response.start", "status": 201, "headers": [(b"x-stub", b"1")]})
            answer = {"n": state["n"], "body": body.decode(), "host": dict(scope["headers"])[b"host"].decode()}
            body = json.dumps(answer).encode()
    await send({"type": "http.response.body", "body": body})
"""


class Partnered:
    """A border with a partner behind it, and all that a test asks of them."""

    def __init__(self, loop: Loop, folder: Path, meaning: str, patience: float) -> None:
        self.loop = loop
        self.signals: list[str] = []
        file = folder / "stubs.py"
        file.write_text(STUB)
        naming = Naming.of("images", HOSTS, ())
        self.border = Border("images", self.signals.append)
        stub = Stub("images", Stub.load("images", file, "images").application, file, patience)
        self.ledger = Ledger(naming, stub, Keys(meaning=meaning))
        authority = Authority.make(folder)
        self.ca = str(authority.file)
        tls = serving(authority.certify("images", HOSTS))
        self.listener = loop(self._listen(lambda: HttpSession(self.border, naming, self.ledger, tls)))
        self.port = self.listener.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.secure = f"https://localhost:{self.port}"

    async def _listen(self, session) -> asyncio.Server:
        return await asyncio.get_running_loop().create_server(session, "127.0.0.1", 0)

    def arm(self, call: Action | None = None, reply: Action | None = None, opening: Action = FORWARD) -> Window:
        async def arm() -> Window:
            script = Script(
                perturbation=Undisturbed(),
                requests=Undisturbed().requests,
                on_call=lambda asked: call if call and asked.number == 0 else Forward(),
                on_reply=lambda done: reply if reply and done.call.number == 0 else Forward(),
                aims=True,
                gates_calls=call is not None,
                gates_replies=reply is not None,
                on_open=lambda _: opening,
            )
            return self.border.arm(script, asyncio.get_running_loop().time())

        return self.loop(arm())

    def rows(self) -> list[dict[str, str | None]]:
        return [row.after for row in self.loop(self.ledger.changes(0)).rows]

    def on_loop(self, work) -> object:
        async def do() -> object:
            return work()

        return self.loop(do())

    def close(self) -> None:
        async def end() -> None:
            self.border.cut_all()
            await self.border.drained(5.0)
            self.listener.close()
            await self.ledger.close()

        self.loop(end())


@contextmanager
def partnered(folder: Path, meaning: str = "v1", patience: float = PATIENCE) -> Iterator[Partnered]:
    with looping() as loop:
        partner = Partnered(loop, folder, meaning, patience)
        try:
            yield partner
        finally:
            partner.close()


@pytest.fixture
def partner(tmp_path: Path) -> Iterator[Partnered]:
    with partnered(tmp_path) as partner:
        yield partner


def points(window: Window) -> list[tuple[str, int, int, str, str, bool]]:
    return [
        (
            each.call.text,
            each.call.point.occurrence,
            each.call.connection,
            each.outcome,
            each.detail,
            each.durable,
        )
        for each in window.crossings
    ]


def test_a_kept_connection_in_clear_with_a_body_in_chunks(partner: Partnered) -> None:
    window = partner.arm()
    with httpx.Client(base_url=partner.url) as client:
        first = client.post("/v1/uploads?kind=png", content=iter([b"ab", b"cd"]))
        second = client.get("/v1/uploads/12345678")
    assert first.json()["body"] == "abcd"
    assert second.headers["x-stub"] == "1"
    assert points(window) == [
        ("POST images.example/v1/uploads?kind", 1, 1, "ok", "201", True),
        ("GET images.example/v1/uploads/{id}", 1, 1, "ok", "201", False),
    ]
    writes = window.writes["images"]
    assert [(each.connection, each.table, each.operation) for each in writes] == [(1, "images.requests", "insert")]
    assert window.crossings[0].sent <= writes[0].instant <= window.crossings[0].told
    assert partner.rows() == [
        {
            "method": "POST",
            "host": "images.example",
            "path": "/v1/uploads?kind=png",
            "idempotency_key": None,
            "body": "abcd",
            "status": "201",
        }
    ]


def test_every_client_reaches_it_in_tls_on_the_same_port(partner: Partnered) -> None:
    context = ssl.create_default_context(cafile=partner.ca)

    async def by_aiohttp() -> int:
        async with aiohttp.ClientSession() as session, session.post(f"{partner.secure}/a", ssl=context) as answer:
            return answer.status

    with httpx.Client(verify=context, http1=True) as one, requests.Session() as two:
        assert one.post(f"{partner.secure}/a").json()["host"] == f"localhost:{partner.port}"
        assert two.post(f"{partner.secure}/a", verify=partner.ca, headers={"Expect": "100-continue"}).status_code == 201
    assert asyncio.run(by_aiohttp()) == 201
    assert len(partner.rows()) == 3


def test_a_client_that_does_not_trust_it_is_told_what_to_write(partner: Partnered) -> None:
    with pytest.raises(httpx.ConnectError), httpx.Client() as client:
        client.get(partner.secure)
    assert partner.loop(partner.border.drained(5.0))
    assert "{images.ca}" in partner.border.unmet


def test_http2_without_asking_is_refused_and_named(partner: Partnered) -> None:
    async def speak() -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", partner.port)
        writer.write(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        said = await reader.read()
        writer.close()
        return said

    assert asyncio.run(speak()).startswith(b"HTTP/1.1 505 ")
    assert "HTTP/1.1" in partner.border.unmet


def post(partner: Partnered, path: str = "/a", **more: object) -> httpx.Response:
    with httpx.Client(base_url=partner.url, timeout=5) as client:
        return client.post(path, **more)


@pytest.mark.parametrize(("code", "status"), [("429", 429), ("500", 500), ("nonsense", 503)])
def test_an_error_of_the_partners_kind_leaves_nothing_there(partner: Partnered, code: str, status: int) -> None:
    window = partner.arm(call=Answer(code=code, message="try later"))
    with httpx.Client(base_url=partner.url) as client:
        answers = [client.post("/a"), client.post("/a")]
    assert [each.status_code for each in answers] == [status, 201]
    assert answers[0].json()["error"]["message"] == "try later"
    assert [each[2:4] for each in points(window)] == [(1, "error" if status >= 500 else "ok"), (1, "ok")]
    assert len(partner.rows()) == 1


@pytest.mark.parametrize(
    ("call", "reply", "rows"),
    [(Reset(), None, 0), (None, Reset(), 1), (Signal(name="SIGKILL", forward=False), None, 0)],
)
def test_a_cut_before_the_partner_sees_it_and_one_before_the_reply(partner, call, reply, rows) -> None:
    window = partner.arm(call, reply)
    with pytest.raises(httpx.NetworkError if rows or isinstance(call, Reset) else httpx.TransportError):
        post(partner)
    assert len(partner.rows()) == rows
    assert [each[3] for each in points(window)] == ["unknown"]
    assert partner.signals == (["SIGKILL"] if isinstance(call, Signal) else [])


@pytest.mark.parametrize("side", ["call", "reply"])
def test_a_stall_has_no_answer(partner: Partnered, side: str) -> None:
    partner.arm(**{side: Drop()})
    with pytest.raises(httpx.ReadTimeout):
        post(partner, timeout=0.3)
    assert len(partner.rows()) == (side == "reply")


@pytest.mark.parametrize(("action", "error"), [(Reset(), httpx.NetworkError), (Drop(), httpx.ReadTimeout)])
def test_a_connection_that_is_not_let_in_and_one_that_finds_the_partner_back(partner, action, error) -> None:
    window = partner.arm(opening=action)
    with pytest.raises(error):
        post(partner, timeout=0.3)
    assert window.reached
    partner.on_loop(partner.border.calm)
    assert post(partner).status_code == 201


@pytest.mark.parametrize("action", [Delay(seconds=0.01), Signal(name="SIGTERM", forward=True)])
@pytest.mark.parametrize("side", ["call", "reply"])
def test_what_passes_all_the_same(partner: Partnered, action: Action, side: str) -> None:
    window = partner.arm(**{side: action})
    assert post(partner).status_code == 201
    assert window.reached


@pytest.mark.parametrize("side", ["call", "reply"])
def test_what_is_held_waits_and_another_goes_by(partner: Partnered, side: str) -> None:
    window = partner.arm(**{side: Hold()})
    with ThreadPoolExecutor() as threads:
        held = threads.submit(post, partner, "/a")
        partner.loop(asyncio.wait_for(window.held.wait(), 5))
        assert post(partner, "/b").json()["n"] == (1 if side == "call" else 2)
        partner.on_loop(partner.border.release)
        assert held.result().json()["n"] == (2 if side == "call" else 1)


def test_a_put_that_a_client_sends_again_by_itself_is_seen_twice_and_leaves_what_it_left(partner: Partnered) -> None:
    window = partner.arm(reply=Reset())
    with urllib3.PoolManager() as pool:
        assert pool.request("PUT", f"{partner.url}/a", body=b"x").status == 201
    assert [(each[0], each[1]) for each in points(window)] == [("PUT images.example/a", 1), ("PUT images.example/a", 2)]
    assert [(row["method"], row["body"]) for row in partner.rows()] == [("PUT", "x")]


def test_what_is_put_again_is_changed_and_what_is_posted_again_is_there_twice(partner: Partnered) -> None:
    def told(checkpoint: int) -> list[tuple[str, str | None, str | None]]:
        changes = partner.loop(partner.ledger.changes(checkpoint)).rows
        return [(row.after["method"], row.before and row.before["body"], row.after["body"]) for row in changes]

    with httpx.Client(base_url=partner.url) as client:
        client.put("/a", content="1")
        checkpoint = partner.loop(partner.ledger.checkpoint())
        client.put("/a", content="1")
        assert told(checkpoint) == []
        client.put("/a", content="2")
        client.put("/b", content="2")
        assert told(checkpoint) == [("PUT", "1", "2"), ("PUT", None, "2")]
        client.post("/a", content="3")
        client.put("/a", content="2")
        assert told(0) == [("PUT", None, "2"), ("PUT", None, "2"), ("POST", None, "3"), ("PUT", None, "2")]
    partner.loop(partner.ledger.restore(checkpoint))
    assert told(0) == [("PUT", None, "1")]


def test_what_a_partner_refuses_has_changed_nothing(partner: Partnered) -> None:
    window = partner.arm()
    assert post(partner, "/refuse").status_code == 422
    assert (partner.rows(), window.writes) == ([], {})


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("/raise", "the stub of images raised LookupError: no such image ("),
        ("/hang", "the stub of images gave no answer in 0.2 s ("),
        ("/block", "the stub of images gave no answer in 0.2 s ("),
    ],
)
def test_a_stub_that_raises_or_hangs_is_named_with_its_line(tmp_path: Path, path: str, problem: str) -> None:
    line = 2 + next(index for index, text in enumerate(STUB.splitlines()) if path in text)
    with partnered(tmp_path, patience=PATIENCE if path == "/raise" else 0.2) as partner:
        assert post(partner, path).status_code == 500
        trouble = partner.loop(partner.ledger.changes(0)).trouble
        assert trouble.startswith(problem)
        assert trouble.endswith(f"stubs.py:{line})")
        assert partner.rows() == []
        partner.loop(partner.ledger.restore(0))
        assert partner.loop(partner.ledger.changes(0)).trouble == ""


def test_a_checkpoint_brings_rows_keys_and_the_stubs_own_state_back(partner: Partnered) -> None:
    key = {"headers": {"Idempotency-Key": "k"}}
    post(partner)
    checkpoint = partner.loop(partner.ledger.checkpoint())
    assert post(partner, **key).json()["n"] == 2
    assert post(partner, **key).json()["n"] == 2
    assert len(partner.loop(partner.ledger.changes(checkpoint)).rows) == 1
    partner.loop(partner.ledger.restore(checkpoint))
    assert len(partner.rows()) == 1
    assert post(partner, json={"other": 1}, **key).json()["n"] == 2
    assert post(partner, **key).status_code == 400
    partner.loop(partner.ledger.restore(0))
    partner.loop(partner.ledger.freeze())
    assert post(partner).json()["n"] == 1


def test_two_at_once_under_one_key_are_one_request(partner: Partnered) -> None:
    with ThreadPoolExecutor() as threads:
        sent = [threads.submit(post, partner, headers={"Idempotency-Key": "k"}) for _ in range(4)]
    assert [each.result().json()["n"] for each in sent] == [1, 1, 1, 1]
    assert len(partner.rows()) == 1


def test_without_keys_each_request_is_one_more(tmp_path: Path) -> None:
    with partnered(tmp_path, "none") as partner:
        assert [post(partner, headers={"Idempotency-Key": "k"}).json()["n"] for _ in range(2)] == [1, 2]
        assert json.dumps([row["idempotency_key"] for row in partner.rows()]) == '["k", "k"]'
