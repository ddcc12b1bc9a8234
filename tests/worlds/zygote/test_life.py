"""A process of the service: starts, serves, is killed, told to end, and never outlives the world."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from hotfire.errors import SetupError
from hotfire.worlds.processes import Zygote
from tests.worlds.zygote.bench import HELLO, PORT, Heard, alive, get, launched, play, started, until, write


@pytest.mark.parametrize("loop", ["uvloop", "asyncio"])
def test_a_fork_serves_and_its_start_up_runs_anew(tmp_path, loop):
    write(tmp_path, HELLO)

    async def story() -> None:
        async with launched(tmp_path) as zygote:
            imported = await zygote.import_app("service:app")
            assert (imported.kind, imported.cold) == ("asgi", "")
            for _ in range(2):
                heard = Heard()
                process = await started(zygote, heard)
                assert await get(zygote) == '{"started":1}'
                assert await process.quiet(5) == ()
                assert process.calls[1].path == "/"
                process.kill()
                assert await process.exited(5) == -signal.SIGKILL
                assert "starts" in heard
                assert "stops" not in heard

    play(story(), loop)


def test_sigterm_finishes_the_request_and_the_lifespan(tmp_path):
    write(
        tmp_path,
        HELLO
        + """
    import asyncio

    @app.get("/slow")
    async def slow():
        await asyncio.sleep(0.3)
        return "done"
    """,
    )

    async def story() -> None:
        async with launched(tmp_path) as zygote:
            await zygote.import_app("service:app")
            heard = Heard()
            process = await started(zygote, heard)
            async with asyncio.TaskGroup() as group:
                answer = group.create_task(get(zygote, "/slow"))
                await until(lambda: process.calls)
                process.terminate()
            assert answer.result() == '"done"'
            assert await process.exited(5) == -signal.SIGTERM  # uvicorn raises it again, as in production
            assert "stops" in heard

    play(story())


def test_a_connection_queues_while_the_service_starts_again(tmp_path):
    write(tmp_path, HELLO)

    async def story() -> None:
        async with launched(tmp_path) as zygote:
            await zygote.import_app("service:app")
            first = await started(zygote)
            first.kill()
            await first.exited(5)
            async with asyncio.TaskGroup() as group:
                answer = group.create_task(get(zygote))
                await asyncio.sleep(0.05)
                await started(zygote)
            assert answer.result() == '{"started":1}'

    play(story())


def test_kill_takes_the_whole_group(tmp_path):
    write(
        tmp_path,
        HELLO
        + """
    import subprocess
    @app.get("/child")
    async def child():
        return subprocess.Popen(["sleep", "60"]).pid
    """,
    )

    async def story() -> None:
        async with launched(tmp_path) as zygote:
            await zygote.import_app("service:app")
            process = await started(zygote)
            child = int(await get(zygote, "/child"))
            assert [name for name in await process.quiet(0.05) if "sleep 60" in name]
            process.kill()
            await process.exited(5)
            await until(lambda: not alive(child))

    play(story())


def test_the_end_of_the_line_ends_everything_even_a_daemon_of_the_service(tmp_path):
    write(
        tmp_path,
        HELLO
        + """
    import subprocess
    @app.get("/daemon")
    async def daemon():
        return subprocess.Popen(["sleep", "61"], start_new_session=True).pid
    """,
    )

    async def story() -> None:
        zygote = await Zygote.launch(sys.executable, tmp_path, {})
        await zygote.import_app("service:app")
        process = await started(zygote)
        daemon = int(await get(zygote, "/daemon"))
        keeper = zygote._keeper.pid
        assert alive(keeper)
        assert alive(daemon)
        zygote.channel.close()
        zygote._life.close()
        await until(lambda: not any(alive(pid) for pid in (keeper, process.pid, daemon)))
        await zygote.close()

    play(story())


def test_a_killed_world_leaves_no_process(tmp_path):
    write(tmp_path, HELLO)
    write(
        tmp_path,
        """
        import asyncio, os, signal, sys
        from pathlib import Path
        from hotfire.worlds.processes import Zygote

        async def main():
            zygote = await Zygote.launch(sys.executable, Path.cwd(), {})
            await zygote.import_app("service:app")
            process = await zygote.start("web.0", 8000)
            await process.ready(20)
            print(zygote._keeper.pid, process.pid, flush=True)
            os.kill(os.getpid(), signal.SIGKILL)

        asyncio.run(main())
        """,
        "world.py",
    )

    async def story() -> None:
        world = await asyncio.create_subprocess_exec(
            sys.executable, "world.py", cwd=tmp_path, stdout=asyncio.subprocess.PIPE
        )
        pids = (await world.stdout.readline()).split()
        await world.wait()
        await until(lambda: not any(alive(int(pid)) for pid in pids))

    play(story())


def test_a_killed_zygote_fails_its_waiters(tmp_path):
    write(tmp_path, HELLO)

    async def story() -> None:
        async with launched(tmp_path) as zygote:
            await zygote.import_app("service:app")
            process = await started(zygote)
            os.kill(_parent(process.pid), signal.SIGKILL)
            assert await process.exited(5) == -signal.SIGKILL
            with pytest.raises(SetupError):
                await zygote.start("web.0", PORT)
            await until(lambda: not alive(process.pid))

    play(story())


def _parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def test_a_crash_is_told_with_its_status(tmp_path):
    write(
        tmp_path,
        HELLO
        + """
    @app.get("/crash")
    async def crash():
        os._exit(7)
    """,
    )

    async def story() -> None:
        async with launched(tmp_path) as zygote:
            await zygote.import_app("service:app")
            process = await started(zygote)
            assert await get(zygote, "/crash") == ""
            assert await process.exited(5) == 7
            assert await process.quiet(1) == ()

    play(story())


def test_commands_run_with_the_services_own_python(tmp_path):
    async def story() -> None:
        async with launched(tmp_path, {"FROM": "configuration"}) as zygote:
            status, said = await zygote.run(
                ["python", "-c", "import os, sys; print(sys.prefix, os.environ['FROM'], os.environ['MORE'])"],
                tmp_path,
                {"MORE": "too"},
            )
            assert (status, said.split()) == (0, [sys.prefix, "configuration", "too"])
            assert (await zygote.run("no-such-command", tmp_path, {}))[0] == 127
            with pytest.raises(SetupError, match="did not end within"):
                await zygote.run("sleep 60", tmp_path, {}, deadline=0.1)

    play(story())


def test_the_environment_is_clean(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_OF_THE_SHELL", "x")

    async def story() -> None:
        async with launched(tmp_path, {"NAMED": "y"}) as zygote:
            _, said = await zygote.run("env", tmp_path, {})
            names = {line.strip().partition("=")[0] for line in said.splitlines()}
            assert "NAMED" in names
            assert "SECRET_OF_THE_SHELL" not in names

    play(story())
