"""A service that its own command starts: ready, silent, ended as a group, never taken for what is left of another."""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hotfire.errors import SetupError
from hotfire.worlds.command import CommandProcess
from hotfire.worlds.processes import Zygote
from hotfire.worlds.silence import Silence
from tests.worlds.zygote.bench import PORT, Heard, alive, get, launched, play, until, write

SERVICE = """
    import os, sys, threading, time

    def app(environ, start_response):
        body = str(os.getpid()).encode()
        if environ["PATH_INFO"] == "/later":
            threading.Thread(target=later).start()
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
        return [body]

    def later():
        for _ in range(4):
            time.sleep(0.15)
            print("still at work", flush=True)
"""
ONE_IS_SLOW = """
    import os, time

    try:
        os.mkdir("quick")
    except FileExistsError:
        end = time.process_time() + 0.3
        while time.process_time() < end:
            pass
    print("up", flush=True)

    def app(environ, start_response):
        start_response("204 No Content", [])
        return []
"""
GUNICORN = ("gunicorn", "--workers", "2", "--no-control-socket", "--bind", f"127.0.0.1:{PORT}", "service:app")

SLOW_TO_READ = f"""
    import socket, time
    listener = socket.create_server(("127.0.0.1", {PORT}))
    print("listens", flush=True)
    time.sleep(0.4)
    print("reads", flush=True)
    while True:
        with listener.accept()[0] as line:
            line.recv(1000)
"""

DAEMON = f"""
    import os, socket, time
    listener = socket.create_server(("127.0.0.1", {PORT}))
    if os.fork() == 0:
        os.setsid()
    while True:
        with listener.accept()[0] as line:
            line.recv(1000)
"""


@contextlib.asynccontextmanager
async def commanded(
    zygote: Zygote, folder: Path, argv: tuple[str, ...], heard: Heard | None = None
) -> AsyncIterator[CommandProcess]:
    process = await zygote.command("web.0", argv, folder, PORT, Silence(), heard)
    await process.ready(20)
    try:
        yield process
    finally:
        process.kill()
        await process.exited(10)


def test_every_worker_is_gone_when_the_group_is_killed_and_the_next_start_is_cold(tmp_path):
    write(tmp_path, SERVICE)

    async def story() -> None:
        async with launched(tmp_path) as zygote:
            seen: list[int] = []
            for _ in range(2):
                async with commanded(zygote, tmp_path, GUNICORN) as process:
                    worker = int(await get(zygote))
                    assert worker != process.pid
                    assert os.getpgid(worker) == process.pid
                    seen.append(worker)
                assert process.status == -signal.SIGKILL
                await until(lambda: not alive(seen[-1]))
            assert seen[0] != seen[1]

    play(story())


def test_sigterm_goes_to_the_command_which_ends_its_workers(tmp_path):
    write(tmp_path, SERVICE)

    async def story() -> None:
        async with launched(tmp_path) as zygote:
            heard = Heard()
            async with commanded(zygote, tmp_path, GUNICORN, heard) as process:
                process.terminate()
                assert await process.exited(20) == 0
            assert "Handling signal: term" in "\n".join(heard)

    play(story())


def test_ready_is_when_somebody_reads_not_when_the_port_is_open(tmp_path):
    write(tmp_path, SLOW_TO_READ)

    async def story() -> None:
        async with launched(tmp_path) as zygote:
            heard = Heard()
            async with commanded(zygote, tmp_path, ("python", "service.py"), heard) as process:
                process.log.drain()
                assert heard == ["listens", "reads"]

    play(story())


def test_ready_is_when_the_other_workers_are_up_too(tmp_path):
    write(tmp_path, ONE_IS_SLOW)

    async def story() -> None:
        async with launched(tmp_path) as zygote:
            heard = Heard()
            async with commanded(zygote, tmp_path, GUNICORN, heard) as process:
                process.log.drain()
                assert heard.count("up") == 2

    play(story())


def test_what_lives_on_after_its_group_is_no_new_start(tmp_path):
    write(tmp_path, DAEMON)

    async def story() -> None:
        async with launched(tmp_path) as zygote:
            async with commanded(zygote, tmp_path, ("python", "service.py")):
                pass
            with pytest.raises(SetupError, match="lives on at") as problem:
                await zygote.command("web.0", ("python", "service.py"), tmp_path, PORT, Silence())
            assert "foreground" in problem.value.hint

    play(story())


def test_a_command_that_ends_is_told_with_its_last_lines(tmp_path):
    write(tmp_path, "import os\nos.environ['SECRET_KEY']\n")

    async def story() -> None:
        async with launched(tmp_path) as zygote:
            process = await zygote.command("web.0", ("python", "service.py"), tmp_path, PORT, Silence())
            with pytest.raises(SetupError, match="ended with status 1") as problem:
                await process.ready(20)
            assert "KeyError: 'SECRET_KEY'" in problem.value.problem
            assert 'SECRET_KEY = "…"' in problem.value.hint
            assert await process.quiet(5) == ()

    play(story())


def test_it_is_at_rest_when_it_is_silent(tmp_path):
    write(tmp_path, SERVICE)

    async def story() -> None:
        async with launched(tmp_path) as zygote:
            heard = Heard()
            last = 0.0

            def hear(process: str, text: str, at: float) -> None:
                nonlocal last
                last = at
                heard(process, text, at)

            process = await zygote.command("web.0", GUNICORN, tmp_path, PORT, Silence(), hear)
            process.signs = lambda: last
            await process.ready(20)
            await get(zygote, "/later")
            assert await process.quiet(5) == ()
            assert heard.count("still at work") == 4
            await get(zygote, "/later")
            busy = await process.quiet(0.2)
            assert busy
            assert "goes on by itself" in busy[0]
            process.kill()
            await process.exited(10)

    play(story())


def test_a_waiter_is_told_when_the_world_loses_the_zygote(tmp_path):
    write(tmp_path, SERVICE)

    async def story() -> None:
        async with launched(tmp_path) as zygote:
            process = await zygote.command("web.0", GUNICORN, tmp_path, PORT, Silence())
            await process.ready(20)
            zygote.lost()
            assert await asyncio.wait_for(process.exited(5), 5) == -signal.SIGKILL

    play(story())
