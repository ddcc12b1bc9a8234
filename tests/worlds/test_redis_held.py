"""A service on Redis, held: it begins with what was prepared, signs in by any password, speaks TLS, dies where told."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from hotfire.config import Config, Dependency, Service, fill
from hotfire.errors import SetupError
from hotfire.model.perturbation import Script
from hotfire.model.store import START
from hotfire.perturbations.kill import Kill
from hotfire.perturbations.none import Undisturbed
from hotfire.worlds.dependencies.redis import Redis, RedisGround, RedisHolding
from hotfire.worlds.marks import RunDirectory
from hotfire.worlds.prepared.key import Project
from hotfire.worlds.prepared.reuse import Reuse
from hotfire.worlds.processes import ServiceProcess, Zygote
from hotfire.worlds.proxy.border import Signaller
from tests.worlds.zygote.bench import get, launched, play, started, write

SERVICE = """
    import os, redis

    cache = redis.Redis.from_url(os.environ["URL"], decode_responses=True, retry=None)

    def app(environ, start_response):
        path = environ["PATH_INFO"]
        if path == "/kept":
            body = ",".join(sorted(cache.keys("*")))
        else:
            cache.rpush("visits", path)
            body = "done"
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
        return [body.encode()]
"""
SEED = "python -c \"import os, redis; redis.Redis.from_url(os.environ['URL']).set('seed:1', 'x', ex=900)\""
CLEAR = "{cache.url}"
SIGNED_IN = "redis://{cache.user}:{cache.password}@{cache.host}:{cache.port}/0"
PRIVATE = "rediss://{cache.host}:{cache.port}/0?ssl_ca_certs={cache.ca}"


@dataclass
class Scene:
    """The service, its Redis, and what signals do."""

    zygote: Zygote
    holding: RedisHolding
    process: ServiceProcess

    async def state(self) -> list[str | None]:
        return [row.after["value"] for row in (await self.holding.store.changes(START)).rows if row.after]

    def arm(self, script: Script) -> None:
        self.holding.border.arm(script, asyncio.get_running_loop().time())


@contextlib.asynccontextmanager
async def grounded(run: RunDirectory, url: str) -> AsyncIterator[RedisGround]:
    """A ground whose template a command of the user has filled, behind the seal."""
    project = Project(folder=run.path, launch=run.path, config=Config(service=Service()), python="python")
    reuse = Reuse(project=project, say=lambda _: None)
    ground = await Redis().begin(Dependency(name="cache", kind="redis"), run, reuse)
    await ground.make_template()
    try:
        holding = hold(ground, "", run, url, lambda _: None)
        async with launched(run.path) as zygote:
            await holding.listen(zygote)
            environment = fill({"URL": url}, {"cache": holding.fields})
            status, said = await zygote.run(SEED, run.path, environment, deadline=20.0)
            assert (status, said) == (0, "")
            await holding.deafen()
        await ground.keep_template()
        yield ground
    finally:
        await ground.stop()


def hold(ground: RedisGround, world: str, run: RunDirectory, url: str, signal: Signaller) -> RedisHolding:
    return Redis().hold("cache", ground.grant(world), Redis.port, str(run.path), signal, {"URL": url})


@contextlib.asynccontextmanager
async def scene(folder: Path, url: str) -> AsyncIterator[Scene]:
    write(folder, SERVICE)
    run = RunDirectory.open()
    processes: list[ServiceProcess] = []
    try:
        async with grounded(run, url) as ground:
            holding = hold(ground, "w0", run, url, lambda name: processes[-1].kill() if name == "SIGKILL" else None)
            async with launched(folder, fill({"URL": url}, {"cache": holding.fields})) as zygote:
                await holding.listen(zygote)
                await holding.open()
                assert not (await zygote.import_app("service:app")).cold
                await holding.imported()
                processes.append(await started(zygote))
                try:
                    yield Scene(zygote=zygote, holding=holding, process=processes[-1])
                finally:
                    await holding.deafen()
                    await holding.store.close()
    finally:
        run.close()


@pytest.mark.parametrize("url", [CLEAR, SIGNED_IN, PRIVATE], ids=["clear", "signed in", "in TLS"])
def test_killed_at_a_write(tmp_path: Path, url: str) -> None:
    async def story() -> None:
        async with scene(tmp_path, url) as held:
            assert await get(held.zygote, "/kept") == "seed:1"
            held.arm(Script.of(Kill(dependency="cache", signature="RPUSH visits", when="after")))
            assert await get(held.zygote, "/a") == ""
            assert await held.process.exited(5) == -signal.SIGKILL
            assert await held.holding.border.drained(5)
            assert await held.state() == ["/a"]
            held.arm(Script.of(Undisturbed()))
            again = await started(held.zygote)
            assert await get(held.zygote, "/b") == "done"
            assert await again.quiet(2) == ()
            assert await held.state() == ["/a", "/b"]
            again.kill()
            await again.exited(5)
            held.holding.border.cut_all()
            assert await held.holding.border.drained(5)
            await held.holding.store.restore(START)
            assert await held.state() == []

    play(story())


def test_a_server_that_is_not_ours_is_refused_where_it_is_written() -> None:
    run = RunDirectory.open()
    try:
        cache = Dependency(name="cache", kind="redis", server="redis://127.0.0.1:6379/0")
        project = Project(folder=run.path, launch=run.path, config=Config(service=Service()), python="python")
        with pytest.raises(SetupError, match=r"pyproject.toml: \[tool.hotfire.dependency.cache\]") as refused:
            asyncio.run(Redis().begin(cache, run, Reuse(project=project, say=lambda _: None)))
        assert "a server of its own only" in refused.value.hint
    finally:
        run.close()


def test_where_a_person_looks(tmp_path: Path) -> None:
    run = RunDirectory.open()
    try:
        grant = {"server": "valkey-server", "folder": str(tmp_path), "template": "", "own": True}
        holding = Redis().hold("cache", msgspec.json.encode(grant).decode(), 6379, str(run.path), lambda _: None, {})
        assert holding.sights()["look"] == f"valkey-cli -s {tmp_path}/socket"
        assert holding.fields["url"] == "redis://127.0.0.1:6379/0"
    finally:
        run.close()
