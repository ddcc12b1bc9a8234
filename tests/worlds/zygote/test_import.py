"""Importing: what goes wrong is said with the field to correct; what cannot be forked starts cold."""

import sys

import pytest

from hotfire.errors import SetupError
from hotfire.worlds.processes import Zygote
from tests.worlds.zygote.bench import HELLO, Heard, get, launched, play, started, until, write

THREAD = (
    HELLO
    + """
    import threading, time
    beats = []
    def beat():
        while True:
            beats.append(1)
            time.sleep(0.01)
    threading.Thread(target=beat, daemon=True, name="heart").start()

    @app.get("/beats")
    async def read():
        import asyncio
        before = len(beats)
        await asyncio.sleep(0.1)
        return len(beats) > before
    """
)


def refused(folder, app, environment=None):
    caught = []

    async def story() -> None:
        async with launched(folder, environment) as zygote:
            with pytest.raises(SetupError) as problem:
                await zygote.import_app(app)
            caught.append(problem.value)

    play(story())
    return caught[0]


def test_no_such_module(tmp_path):
    problem = refused(tmp_path, "nowhere.main:app")
    assert "no module 'nowhere.main'" in problem.problem
    assert "app in [tool.hotfire.service]" in problem.hint


def test_no_such_attribute(tmp_path):
    write(tmp_path, HELLO)
    problem = refused(tmp_path, "service:application")
    assert "service.py has no attribute 'application'" in problem.problem
    assert "app in [tool.hotfire.service]" in problem.hint


def test_a_missing_variable_is_named(tmp_path):
    write(tmp_path, "import os\nurl = os.environ['DATABASE_URL']\n")
    problem = refused(tmp_path, "service:app")
    assert "KeyError: 'DATABASE_URL'" in problem.problem
    assert "zygote.py" not in problem.problem
    assert 'DATABASE_URL = "…"' in problem.hint
    assert "[tool.hotfire.service.environment]" in problem.hint


def test_a_missing_package_is_named(tmp_path):
    write(tmp_path, "import no_such_package\n")
    problem = refused(tmp_path, "service:app")
    assert "install no_such_package" in problem.hint


def test_an_import_that_exits(tmp_path):
    write(tmp_path, "import os\nprint('last words')\nos._exit(3)\n")
    assert "ended while it imported service:app" in refused(tmp_path, "service:app").problem


def test_a_lifespan_that_raises_shows_its_log(tmp_path):
    write(tmp_path, HELLO.replace('print("starts")', "os.environ['SECRET_KEY']"))

    async def story() -> None:
        async with launched(tmp_path) as zygote:
            await zygote.import_app("service:app")
            process = await zygote.start("web.0", 8000)
            with pytest.raises(SetupError, match="ended with status 3") as problem:
                await process.ready(20)
            assert "KeyError: 'SECRET_KEY'" in problem.value.problem
            assert "SECRET_KEY" in problem.value.hint

    play(story())


def test_no_such_python(tmp_path):
    async def story() -> None:
        for python in ("no-such-python", "./no/such", "true"):
            with pytest.raises(SetupError) as problem:
                await Zygote.launch(python, tmp_path, {})
            assert "python = " in problem.value.hint

    play(story())


def test_no_such_folder(tmp_path):
    async def story() -> None:
        with pytest.raises(SetupError, match="no folder"):
            await Zygote.launch(sys.executable, tmp_path / "nowhere", {})

    play(story())


def test_a_factory(tmp_path):
    write(tmp_path, HELLO + "\n    def create():\n        return app\n")

    async def story() -> None:
        async with launched(tmp_path) as zygote:
            await zygote.import_app("service:create()")
            await started(zygote)
            assert await get(zygote) == '{"started":1}'

    play(story())


def test_a_thread_at_import_starts_cold_and_lives(tmp_path):
    write(tmp_path, THREAD)

    async def story() -> None:
        async with launched(tmp_path) as zygote:
            imported = await zygote.import_app("service:app")
            assert "beat" in imported.cold
            assert imported.threads == ("heart",)
            for _ in range(2):
                process = await started(zygote)
                assert await get(zygote, "/beats") == "true"
                assert await process.quiet(2) == ()
                process.kill()
                await process.exited(5)

    play(story())


def test_learned_modules_are_preloaded(tmp_path):
    write(
        tmp_path,
        HELLO
        + """
    @app.get("/late")
    async def late():
        import tomllib
        return "ok"
    """,
    )

    async def story() -> None:
        async with launched(tmp_path) as zygote:
            await zygote.import_app("service:app")
            process = await started(zygote)
            await get(zygote, "/late")
            learned = await process.modules()
            assert "tomllib" in learned
            assert await zygote.preload([*learned, "no.such.module"]) == ""
            process.kill()
            await process.exited(5)
            process = await started(zygote)
            await get(zygote, "/late")
            assert "tomllib" not in await process.modules()

    play(story())


def test_siblings_draw_their_own_numbers(tmp_path):
    write(
        tmp_path,
        HELLO
        + """
    import random, uuid
    own = random.Random(1)

    @app.get("/draw")
    async def draw():
        return [own.random(), random.random(), str(uuid.uuid4())]
    """,
    )

    async def story() -> None:
        drawn = []
        async with launched(tmp_path) as zygote:
            await zygote.import_app("service:app")
            for _ in range(2):
                process = await started(zygote)
                drawn.append(await get(zygote, "/draw"))
                process.kill()
                await process.exited(5)
        assert not set(drawn[0][1:-1].split(",")) & set(drawn[1][1:-1].split(","))

    play(story())


LISTENER = (
    HELLO
    + """
    import logging, logging.handlers, queue, sys
    lines = queue.Queue()
    logging.getLogger("shop").addHandler(logging.handlers.QueueHandler(lines))
    listener = logging.handlers.QueueListener(lines, logging.StreamHandler(sys.stdout))
    listener.start()

    @app.get("/said")
    async def say():
        logging.getLogger("shop").warning("said in %d", os.getpid())
        return True
    """
)


def test_a_thread_of_logging_is_no_reason_to_start_cold(tmp_path):
    write(tmp_path, LISTENER)

    async def story() -> None:
        async with launched(tmp_path) as zygote:
            assert (await zygote.import_app("service:app")).cold == ""
            heard = Heard()
            process = await started(zygote, heard)
            await get(zygote, "/said")
            await until(lambda: f"said in {process.pid}" in heard)
            assert await process.quiet(2) == ()
            warm = await zygote.warm(process)
            assert isinstance(warm, Zygote), warm
            child = await started(warm, heard)
            await get(warm, "/said")
            await until(lambda: f"said in {child.pid}" in heard)
            child.kill()
            await child.exited(5)
            await warm.close()

    play(story())
