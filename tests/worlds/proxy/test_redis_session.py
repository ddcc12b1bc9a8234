"""The border in front of Redis, with real clients and a real server: what is recorded, and what each Action does."""

from collections.abc import Iterator

import pytest
import redis
import redis.asyncio
from redis.backoff import NoBackoff
from redis.retry import Retry

from hotfire.model.perturbation import Script
from hotfire.perturbations.lost_reply import LostReply
from hotfire.perturbations.none import Undisturbed
from hotfire.worlds import evidence
from tests.worlds.proxy.bordered import Bordered, Loop, looping
from tests.worlds.proxy.redis_bordered import Valkey, redis_bordered, valkey

OPEN = Script.of(Undisturbed())
READING = Script.of(LostReply(dependency="cache", signature="never said"))


@pytest.fixture(scope="module")
def loop() -> Iterator[Loop]:
    with looping() as running:
        yield running


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    with valkey(tmp_path_factory.mktemp("valkey")) as running:
        yield running


@pytest.fixture
def border(loop: Loop, server: Valkey) -> Iterator[Bordered]:
    server.ask("FLUSHALL")
    with redis_bordered(loop, server) as held:
        yield held


def client(border: Bordered, *, protocol: int = 2, retries: int = 0, **options) -> redis.Redis:
    """redis-py; by itself it would send again three times."""
    return redis.Redis(
        port=border.port, protocol=protocol, retry=Retry(NoBackoff(), retries), socket_timeout=20, **options
    )


def asked(border: Bordered, window) -> list[str]:
    """What executed, and what came of it."""
    return [
        f"{each.call.point.signature} → {each.outcome} {each.detail}"
        for each in border.crossings(window)
        if each.call.executes
    ]


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
