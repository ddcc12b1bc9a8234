"""What a call leaves behind is named, and quiet waits for it."""

import asyncio
import time

import pytest

from tests.worlds.zygote.bench import HELLO, Heard, get, launched, play, started, write

LEAVES = (
    HELLO
    + """
    import asyncio, concurrent.futures, subprocess, threading, time

    pool = concurrent.futures.ThreadPoolExecutor(2)

    async def later():
        await asyncio.sleep(0.3)

    def work():
        time.sleep(0.3)

    @app.get("/background")
    async def background(tasks: BackgroundTasks):
        tasks.add_task(later)

    @app.get("/task")
    async def task():
        app.state.task = asyncio.create_task(later())

    @app.get("/thread")
    async def thread():
        threading.Thread(target=work).start()

    @app.get("/pool")
    async def in_pool():
        pool.submit(work)

    @app.get("/executor")
    async def executor():
        asyncio.get_running_loop().run_in_executor(None, work)

    @app.get("/to_thread")
    async def to_thread():
        app.state.task = asyncio.create_task(asyncio.to_thread(work))

    @app.get("/child")
    async def child():
        app.state.child = subprocess.Popen(["sleep", "0.3"])

    @app.get("/sync")
    def sync():
        return "from a worker thread"

    @app.get("/forever")
    async def forever():
        app.state.task = asyncio.create_task(asyncio.sleep(3600))

    @app.get("/hangs")
    async def hangs():
        await asyncio.sleep(60)
    """
)

NAMES = {
    "/background": "call GET /background",
    "/task": "task later (",
    "/thread": "thread work (",
    "/pool": "executor job work (",
    "/executor": "executor job work (",
    "/to_thread": "executor job work (",
    "/child": "child process",
}


@pytest.mark.parametrize("path", NAMES)
def test_quiet_waits_for_what_was_left(tmp_path, path):
    write(tmp_path, LEAVES)

    async def story() -> None:
        async with launched(tmp_path) as zygote:
            await zygote.import_app("service:app")
            process = await started(zygote)
            await get(zygote, "/sync")
            assert await process.quiet(1) == ()
            async with asyncio.TaskGroup() as group:
                group.create_task(get(zygote, path))
                await asyncio.sleep(0.1)
                begun = time.monotonic()
                assert [name for name in await process.quiet(0.02) if name.startswith(NAMES[path])]
                assert await process.quiet(5) == ()
                assert 0.05 < time.monotonic() - begun < 2

    play(story())


def test_what_never_ends_is_named_at_the_deadline(tmp_path):
    write(tmp_path, LEAVES)

    async def story() -> None:
        async with launched(tmp_path) as zygote:
            await zygote.import_app("service:app")
            process = await started(zygote)
            await get(zygote, "/forever")
            (left,) = await process.quiet(0.2)
            assert left.startswith("task sleep (")
            async with asyncio.TaskGroup() as group:
                group.create_task(get(zygote, "/hangs"))
                await asyncio.sleep(0.1)
                assert "call GET /hangs" in await process.quiet(0.2)
                process.kill()
            assert await process.quiet(1) == ()

    play(story())


def test_overlapping_calls_are_not_each_others_left_work(tmp_path):
    write(tmp_path, LEAVES)

    async def story() -> None:
        async with launched(tmp_path) as zygote:
            await zygote.import_app("service:app")
            process = await started(zygote)
            async with asyncio.TaskGroup() as group:
                for _ in range(20):
                    group.create_task(get(zygote, "/sync"))
            assert await process.quiet(2) == ()
            assert len(process.calls) == 20
            assert len({call.port for call in process.calls.values()}) == 20

    play(story())


def test_what_a_server_writes_behind_a_call_that_failed_is_heard_at_quiet(tmp_path):
    write(
        tmp_path,
        """
    from fastapi import FastAPI
    app = FastAPI()
    @app.get("/{number}")
    async def fail(number: int):
        raise RuntimeError(f"boom {number}")
    """,
    )

    async def story() -> None:
        async with launched(tmp_path) as zygote:
            await zygote.import_app("service:app")
            heard = Heard()
            process = await started(zygote, heard)
            for number in range(10):
                await get(zygote, f"/{number}")
                assert await process.quiet(5) == ()
                assert f"RuntimeError: boom {number}" in heard

    play(story())


@pytest.mark.parametrize("emptied", [True, False], ids=["by a thread", "by nobody"])
def test_quiet_hears_what_a_thread_logs_for_the_others(tmp_path, emptied: bool) -> None:
    write(
        tmp_path,
        HELLO
        + f"""
    import logging, logging.handlers, queue, time

    class Slow(logging.StreamHandler):
        def emit(self, record):
            time.sleep(0.2)
            super().emit(record)

    records = queue.Queue()
    logging.getLogger("of").addHandler(logging.handlers.QueueHandler(records))

    @app.get("/logs")
    async def logs():
        if {emptied} and not hasattr(app.state, "listener"):
            app.state.listener = logging.handlers.QueueListener(records, Slow())
            app.state.listener.start()
        logging.getLogger("of").error("it failed")
    """,
    )

    async def story() -> None:
        async with launched(tmp_path) as zygote:
            await zygote.import_app("service:app")
            heard = Heard()
            process = await started(zygote, heard)
            for number in (1, 2):
                await get(zygote, "/logs")
                await process.quiet(0.3)
                assert heard.count("it failed") == (number if emptied else 0)

    play(story())
