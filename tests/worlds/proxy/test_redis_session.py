"""The border in front of Redis, with real clients and a real server: what is recorded, and what each Action does."""

import asyncio
import dataclasses
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import ClassVar

import pytest
import redis
import redis.asyncio
from redis.backoff import NoBackoff
from redis.retry import Retry

from hotfire.model.action import FORWARD, Action, Answer, Delay, Drop, Hold, Reset, Signal
from hotfire.model.call import Call, Exchange
from hotfire.model.perturbation import Script
from hotfire.perturbations.lost_call import LostCall
from hotfire.perturbations.lost_reply import LostReply
from hotfire.perturbations.none import Undisturbed
from hotfire.worlds import evidence
from tests.worlds.proxy.bordered import Bordered, Loop, looping
from tests.worlds.proxy.redis_bordered import Valkey, redis_bordered, valkey

OPEN = Script.of(Undisturbed())
READING = Script.of(LostReply(dependency="cache", signature="never said"))
TRANSACTION = "SET a; INCRBY n; EXEC"
IMPATIENT = 0.2  # seconds after which a client gives up what never comes


@dataclass(frozen=True)
class Doing:
    """Does this at a signature: to the call, or to its reply."""

    kind: ClassVar[str] = "doing"
    signature: str
    call: Action = FORWARD
    reply: Action = FORWARD

    def on_call(self, call: Call) -> Action:
        return self.call if call.point.signature == self.signature else FORWARD

    def on_reply(self, exchange: Exchange) -> Action:
        return self.reply if exchange.call.point.signature == self.signature else FORWARD


def doing(signature: str, **actions: Action) -> Script:
    return Script.of(Doing(signature, **actions))


@pytest.fixture(scope="module")
def loop() -> Iterator[Loop]:
    with looping() as running:
        yield running


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    with valkey(tmp_path_factory.mktemp("valkey")) as running:
        yield running


@pytest.fixture
def signals() -> list[str]:
    return []


@pytest.fixture
def border(loop: Loop, server: Valkey, signals: list[str]) -> Iterator[Bordered]:
    server.ask("FLUSHALL")
    with redis_bordered(loop, server, signals.append) as held:
        yield held


@pytest.fixture
def aside() -> Iterator[Callable[[Callable[[], object]], Future]]:
    """Runs something beside the test, which may wait for the border."""
    with ThreadPoolExecutor() as threads:
        yield threads.submit


def on(border: Bordered, act: Callable[[], object]) -> object:
    """Ask the border in its own loop."""

    async def run() -> object:
        return act()

    return border.loop(run())


def held(border: Bordered, window) -> None:
    """Wait until something is held."""
    border.loop(asyncio.wait_for(window.held.wait(), 20))


def client(border: Bordered, *, retries: int = 0, **options) -> redis.Redis:
    """redis-py, which by itself sends again three times."""
    return redis.Redis(
        port=border.port, retry=Retry(NoBackoff(), retries), **{"protocol": 2, "socket_timeout": 20, **options}
    )


def transact(cache: redis.Redis) -> list[object]:
    return cache.pipeline().set("a", 1).incr("n").execute()


def executed(border: Bordered, window) -> list[Exchange]:
    """What was asked, apart from what is about connections."""
    return [each for each in border.crossings(window) if each.call.executes]


def asked(border: Bordered, window) -> list[str]:
    """That, and what came of it."""
    return [f"{each.call.point.signature} → {each.outcome} {each.detail}" for each in executed(border, window)]


def effects(border: Bordered, window) -> list[tuple[str, int, tuple[str, ...]]]:
    """The effects: signature, occurrence, writes."""

    async def read():
        found = evidence.effects(window.crossings, window.writes.get("cache", ()), 1e9)
        return [(each.point.signature, each.point.occurrence, each.writes) for each in found]

    return border.loop(read())


@pytest.mark.parametrize("script", [OPEN, READING], ids=["open", "reading"])
@pytest.mark.parametrize("protocol", [2, 3])
def test_what_a_service_does_is_recorded(border: Bordered, protocol: int, script: Script) -> None:
    window = border.arm(script)
    with client(border, protocol=protocol) as cache:
        cache.set("cart:17", "a")
        cache.incr("rate:10.0.0.1")
        assert cache.get("cart:17") == b"a"
        assert cache.set("cart:17", "b", nx=True) is None
        assert cache.delete("cart:18") == 0
        with pytest.raises(redis.ResponseError):
            cache.lpush("cart:17", "c")
        assert cache.eval("return redis.call('INCR', KEYS[1])", 1, "likes:3") == 1
        pipe = cache.pipeline(transaction=False)
        assert pipe.set("a", 1).incr("a").get("a").execute() == [True, 2, b"2"]
        pipe = cache.pipeline()
        assert pipe.hset("user:9", "name", "ann").get("a").sadd("users", 9).execute() == [1, b"2", 1]
    assert asked(border, window) == [
        "SET cart:… → ok OK",
        "INCRBY rate:… → ok 1",
        "GET cart:… → ok 1 bytes",
        "SET cart:… → ok nil",
        "DEL cart:… → ok 0",
        "LPUSH cart:… → error WRONGTYPE Operation against a key holding the wrong kind of value",
        "EVAL likes:… → ok 1",
        "SET a → ok OK",
        "INCRBY a → ok 2",
        "GET a → ok 1 bytes",
        "HSET user:…; GET a; SADD users; EXEC → ok 3 items",
    ]
    assert effects(border, window) == [
        ("SET cart:…", 1, ("set cart:…",)),
        ("INCRBY rate:…", 1, ("incrby rate:…",)),
        ("EVAL likes:…", 1, ("eval likes:…",)),
        ("SET a", 1, ("set a",)),
        ("INCRBY a", 1, ("incrby a",)),
        ("HSET user:…; GET a; SADD users; EXEC", 1, ("hset user:…", "sadd users")),
    ]


@pytest.mark.parametrize("action", ["call", "reply"])
@pytest.mark.parametrize("signature", ["SET a", TRANSACTION])
def test_a_reset(border: Bordered, server: Valkey, signature: str, action: str) -> None:
    window = border.arm(doing(signature, **{action: Reset()}))
    with client(border) as cache, pytest.raises(redis.ConnectionError):
        _ = cache.set("a", 1) if signature == "SET a" else transact(cache)
    assert border.settled()
    assert server.ask("GET", "a") == (b"1" if action == "reply" else None)
    assert [effect for effect, _, _ in effects(border, window)] == ([signature] if action == "reply" else [])


@pytest.mark.parametrize(("action", "cut_at"), [("reply", "SET a"), ("call", "INCRBY a"), ("reply", "INCRBY a")])
def test_a_pipeline_is_cut_between_any_two_of_its_calls(
    border: Bordered, server: Valkey, action: str, cut_at: str
) -> None:
    window = border.arm(doing(cut_at, **{action: Reset()}))
    with client(border) as cache, pytest.raises(redis.ConnectionError):
        cache.pipeline(transaction=False).set("a", 1).incr("a").set("b", 1).execute()
    assert border.settled()
    done = ["SET a", "INCRBY a"] if (action, cut_at) == ("reply", "INCRBY a") else ["SET a"]
    assert [effect for effect, _, _ in effects(border, window)] == done
    assert server.ask("MGET", "a", "b") == [str(len(done)).encode(), None]


@pytest.mark.parametrize("protocol", [2, 3])
@pytest.mark.parametrize("signature", ["SET a", TRANSACTION])
def test_an_error_of_the_servers_own_kind(border: Bordered, server: Valkey, signature: str, protocol: int) -> None:
    window = border.arm(doing(signature, call=Answer(code="OOM", message="command not allowed")))
    with client(border, protocol=protocol, single_connection_client=True) as cache:
        before = cache.client_id()
        with pytest.raises(redis.exceptions.OutOfMemoryError):
            _ = cache.set("a", 1) if signature == "SET a" else transact(cache)
        assert server.ask("EXISTS", "a", "n") == 0
        assert cache.pipeline().set("b", 2).get("b").execute() == [True, b"2"]
        assert cache.client_id() == before
    assert f"{signature} → error OOM command not allowed" in asked(border, window)
    assert [effect for effect, _, _ in effects(border, window)] == ["SET b; GET b; EXEC"]


@pytest.mark.parametrize("action", ["call", "reply"])
def test_a_stall(border: Bordered, server: Valkey, action: str) -> None:
    border.arm(doing("SET a", **{action: Drop()}))
    with client(border, socket_timeout=IMPATIENT) as cache, pytest.raises(redis.TimeoutError):
        cache.pipeline(transaction=False).set("a", 1).set("b", 1).execute()  # nothing of b is taken for a's reply
    assert border.settled()
    assert server.ask("EXISTS", "a", "b") == (1 if action == "reply" else 0)


@pytest.mark.parametrize("action", ["call", "reply"])
def test_a_delay(border: Bordered, action: str) -> None:
    border.arm(doing("SET a", **{action: Delay(seconds=0.01)}))
    with client(border) as cache:
        pipe = cache.pipeline(transaction=False)
        assert pipe.set("a", 1).incr("a").get("a").execute() == [True, 2, b"2"]


@pytest.mark.parametrize("action", ["call", "reply"])
def test_what_is_held_goes_on_when_it_is_released(border: Bordered, server: Valkey, aside, action: str) -> None:
    window = border.arm(doing("SET a", **{action: Hold()}))
    with client(border) as cache:
        answered = aside(cache.pipeline(transaction=False).set("a", 1).incr("a").execute)
        held(border, window)
        with client(border) as another:
            assert another.get("a") == (b"1" if action == "reply" else None)
        on(border, border.border.release)
        assert answered.result(20) == [True, 2]


@pytest.mark.parametrize("action", ["call", "reply"])
def test_a_person_looks_before_the_cut(border: Bordered, aside, action: str) -> None:
    border.border.look = asyncio.Event()
    border.arm(doing("SET a", **{action: Reset()}))
    with client(border) as cache:
        answered = aside(lambda: cache.set("a", 1))
        border.loop(asyncio.wait_for(border.border.look.wait(), 20))
        assert not answered.done()
        on(border, border.border.go_on)
        assert isinstance(answered.exception(20), redis.ConnectionError)


@pytest.mark.parametrize("action", ["call", "reply"])
@pytest.mark.parametrize("forward", [True, False])
def test_a_signal(border: Bordered, server: Valkey, signals: list[str], action: str, forward: bool) -> None:
    border.arm(doing("SET a", **{action: Signal(name="SIGTERM", forward=forward)}))
    with client(border) as cache:
        if forward:
            assert cache.set("a", 1)
        else:
            with pytest.raises(redis.ConnectionError):
                cache.set("a", 1)
    assert border.settled()
    assert signals == ["SIGTERM"]
    assert server.ask("EXISTS", "a") == (1 if forward or action == "reply" else 0)


@pytest.mark.parametrize(("lost", "left"), [(LostReply, b"2"), (LostCall, b"1")])
def test_redis_py_sends_again_by_itself(border: Bordered, server: Valkey, lost: type, left: bytes) -> None:
    window = border.arm(Script.of(lost(dependency="cache", signature="INCRBY rate:…")))
    with client(border, retries=3) as cache:
        assert cache.incr("rate:7") == int(left)
    assert border.settled()
    assert [(each.call.point.occurrence, each.call.connection) for each in executed(border, window)] == [(1, 1), (2, 2)]
    assert len(effects(border, window)) == int(left)
    assert server.ask("GET", "rate:7") == left


def test_a_watched_key_that_changes(border: Bordered) -> None:
    window = border.arm(READING)
    with client(border) as cache, cache.pipeline() as pipe:
        pipe.watch("a")
        cache.set("a", 2)
        pipe.multi()
        pipe.set("a", 3)
        with pytest.raises(redis.WatchError):
            pipe.execute()
    assert "SET a; EXEC → ok nil: a watched key has changed" in asked(border, window)
    assert [effect for effect, _, _ in effects(border, window)] == ["SET a"]


@pytest.mark.parametrize("script", [OPEN, READING], ids=["open", "reading"])
@pytest.mark.parametrize("protocol", [2, 3])
def test_a_listener_and_one_who_waits(border: Bordered, server: Valkey, script: Script, protocol: int) -> None:
    window = border.arm(script)

    async def play() -> None:
        async with redis.asyncio.Redis(port=border.port, protocol=protocol, socket_timeout=20) as cache:
            assert await asyncio.gather(cache.incr("n"), cache.set("m", 1)) == [1, True]
            async with cache.pubsub() as listener, asyncio.TaskGroup() as tasks:
                await listener.subscribe("room:3")
                assert (await listener.get_message(timeout=20))["type"] == "subscribe"
                waiting = tasks.create_task(cache.blpop("jobs", timeout=0))
                while b"cmd=blpop" not in server.ask("CLIENT", "LIST"):  # noqa: ASYNC110  # nobody else tells that it waits
                    await asyncio.sleep(0)
                assert border.loop(border.border.rested(20)) == ()  # it listens, it waits: that is no work
                assert await cache.publish("room:3", "hello") == 1
                assert (await listener.get_message(timeout=20))["data"] == b"hello"
                await cache.lpush("jobs", 17)
                assert list(await waiting) == [b"jobs", b"17"]

    asyncio.run(play())
    assert border.settled()
    assert window.unread == ""
    found = sorted(effects(border, window))
    assert found == [
        ("BLPOP jobs", 1, ("blpop jobs",)),
        ("INCRBY n", 1, ("incrby n",)),
        ("LPUSH jobs", 1, ("lpush jobs",)),
        ("SET m", 1, ("set m",)),
    ]
    assert "PUBLISH room:… → ok 1" in asked(border, window)


def test_a_transaction_that_is_being_queued_is_work(border: Bordered) -> None:
    with client(border, single_connection_client=True) as cache:
        cache.execute_command("MULTI")
        assert border.loop(border.border.rested(0)) == (1,)
        cache.execute_command("DISCARD")
        assert border.loop(border.border.rested(20)) == ()


def test_who_hangs_up_while_it_waits_leaves_nothing(border: Bordered, server: Valkey) -> None:
    border.arm(READING)
    with client(border, socket_timeout=IMPATIENT) as cache, pytest.raises(redis.TimeoutError):
        cache.blpop("jobs", timeout=0)
    assert border.settled()
    server.ask("LPUSH", "jobs", "1")
    assert server.ask("LLEN", "jobs") == 1


@pytest.mark.parametrize("protocol", [2, 3])
@pytest.mark.parametrize("name", [{}, {"username": "ann"}])
def test_whoever_comes_is_let_in(border: Bordered, protocol: int, name: dict[str, str]) -> None:
    window = border.arm(OPEN)
    with client(border, protocol=protocol, password="of production", **name) as cache:
        assert cache.set("a", 1)
        assert cache.get("a") == b"1"
    assert asked(border, window) == ["SET a → ok OK", "GET a → ok 1 bytes"]


def test_who_speaks_another_protocol_is_passed_on_unread(border: Bordered) -> None:
    window = border.arm(OPEN)
    with socket.create_connection(("127.0.0.1", border.port), timeout=20) as line:
        line.sendall(b"*1\r\n$4\r\nPING\r\n*1\r\n:4\r\n")
        assert line.makefile("rb").read().startswith(b"+PONG\r\n-ERR Protocol error")
    assert border.settled()
    assert [each.call.text for each in border.crossings(window)] == ["PING"]
    why = "a connection to cache cannot be read: an argument of the service's command is no string"
    assert window.unread == why


def test_who_insists_on_tls_is_named(border: Bordered) -> None:
    with client(border, ssl=True, ssl_cert_reqs="none") as cache, pytest.raises(redis.ConnectionError):
        cache.set("a", 1)
    assert border.settled()
    assert border.border.unmet.startswith('the service insists on TLS to cache: name "{cache.ca}"')


@pytest.mark.parametrize(("action", "seen"), [(Reset(), redis.ConnectionError), (Drop(), redis.TimeoutError)])
def test_a_connection_that_is_refused_or_never_answered(border: Bordered, action: Action, seen: type) -> None:
    window = border.arm(dataclasses.replace(OPEN, on_open=lambda _: action))
    with client(border, socket_timeout=IMPATIENT) as cache, pytest.raises(seen):
        cache.get("a")
    assert border.settled()
    assert border.crossings(window) == []
    on(border, border.border.calm)
    with client(border) as cache:
        assert cache.get("a") is None


def test_one_that_has_said_nothing_yet_when_the_fault_is_gone_is_let_in(border: Bordered) -> None:
    border.arm(dataclasses.replace(OPEN, on_open=lambda _: Reset()))
    with socket.create_connection(("127.0.0.1", border.port), timeout=20) as line:
        on(border, border.border.calm)
        line.sendall(b"PING\r\n")
        assert line.recv(100) == b"+PONG\r\n"


def test_a_server_that_is_not_there(border: Bordered, server: Valkey) -> None:
    window = border.arm(OPEN)
    hidden = server.path.with_name("hidden.sock")
    server.path.rename(hidden)
    try:
        with client(border) as cache, pytest.raises(redis.ConnectionError):
            cache.get("a")
    finally:
        hidden.rename(server.path)
    assert border.settled()
    assert "the server is not there" in window.unread


def test_a_large_value_passes_both_ways(border: Bordered) -> None:
    value = bytes(range(256)) * 40_000
    for script in (OPEN, READING, doing("never said")):
        border.arm(script)
        with client(border) as cache:
            assert cache.set("a", value)
            assert cache.get("a") == value
