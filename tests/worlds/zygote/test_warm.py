"""A warm generation answers as the clean one does; what cannot be forked again is refused with its reason."""

import asyncio
import os
import signal

from hotfire.worlds.processes import NotWarm, Zygote
from tests.worlds.zygote.bench import HELLO, Heard, alive, get, launched, play, started, until, write


def test_a_warm_generation_answers_as_the_clean_one(tmp_path):
    write(tmp_path, HELLO.replace('"started": len(started)', '"ok": os.getpid() == started[-1]'))

    async def story() -> None:
        async with launched(tmp_path) as zygote:
            await zygote.import_app("service:app")
            heard = Heard()
            first = await started(zygote, heard)
            clean = await get(zygote)
            warm = await zygote.warm(first)
            assert isinstance(warm, Zygote)
            assert "stops" in heard
            for _ in range(3):
                process = await started(warm)
                assert await get(warm) == clean
                assert await process.quiet(2) == ()
                process.kill()
                assert await process.exited(5) == -signal.SIGKILL
            process = await started(zygote)
            assert await get(zygote) == clean
            process.kill()
            await process.exited(5)
            last = await started(warm)
            await warm.close()
            await until(lambda: not alive(last.pid))
            assert await first.exited(5) == 0

    play(story())


def test_a_warm_generation_ends_cleanly_when_a_child_ends_just_as_the_world_goes(tmp_path):
    write(tmp_path, HELLO)

    async def story() -> None:
        async with launched(tmp_path) as zygote:
            await zygote.import_app("service:app")
            first = await started(zygote)
            warm = await zygote.warm(first)
            assert isinstance(warm, Zygote)
            last = await started(warm)
            os.kill(first.pid, signal.SIGSTOP)  # it will find both at once: the child's end, and no one to tell
            last.kill()
            await until(lambda: not alive(last.pid))
            await warm.close()
            os.kill(first.pid, signal.SIGCONT)
            assert await first.exited(5) == 0

    play(story())


def test_a_thread_that_stays_refuses_the_warm_generation(tmp_path):
    write(
        tmp_path,
        HELLO
        + """
    import threading
    @app.get("/thread")
    async def thread():
        threading.Thread(target=threading.Event().wait, daemon=True).start()
    """,
    )

    async def story() -> None:
        async with launched(tmp_path) as zygote:
            await zygote.import_app("service:app")
            process = await started(zygote)
            await get(zygote, "/thread")
            warm = await zygote.warm(process)
            assert isinstance(warm, NotWarm)
            assert "a thread runs: thread Event.wait" in warm.reason
            await process.exited(5)

    play(story())


def test_an_open_connection_refuses_the_warm_generation_unless_its_owner_is_known(tmp_path):
    write(
        tmp_path,
        HELLO
        + """
    import socket
    @app.get("/connect")
    async def connect():
        app.state.connection = socket.create_connection(("127.0.0.1", 6000))
    """,
    )

    async def story() -> None:
        async with launched(tmp_path) as zygote:
            border = await zygote.listen(6000)
            await zygote.import_app("service:app")
            process = await started(zygote)
            await get(zygote, "/connect")
            warm = await zygote.warm(process)
            assert isinstance(warm, NotWarm)
            assert "127.0.0.1:6000" in warm.reason
            border.close()

    play(story())


def test_what_a_pool_of_redis_keeps_is_closed_before_the_fork_also_where_there_is_no_loop(tmp_path):
    write(
        tmp_path,
        """
    from redis import ConnectionPool
    pool = ConnectionPool(host="127.0.0.1", port=6000, protocol=2, lib_name=None, lib_version=None)
    def app(environ, start_response):
        pool.release(pool.get_connection())
        start_response("204 No Content", [])
        return []
    """,
    )

    async def story() -> None:
        async with launched(tmp_path) as zygote:
            border = await zygote.listen(6000)
            await zygote.import_app("service:app")
            process = await started(zygote)
            await get(zygote)
            accepted, _ = await asyncio.get_running_loop().sock_accept(border)
            warm = await zygote.warm(process)
            assert isinstance(warm, Zygote)
            assert await asyncio.get_running_loop().sock_recv(accepted, 1) == b""
            await warm.close()
            accepted.close()
            border.close()

    play(story())


def test_what_a_pool_of_psycopg2_keeps_is_closed_before_the_fork_and_opened_anew(tmp_path):
    write(
        tmp_path,
        HELLO
        + """
    import socket
    from psycopg2.pool import AbstractConnectionPool
    class Pool(AbstractConnectionPool):
        def _connect(self, key=None):
            connection = socket.create_connection(("127.0.0.1", 6000))
            self._pool.append(connection) if key is None else self._used.setdefault(key, connection)
            return connection
    @app.get("/connect")
    async def connect():
        app.state.pool = Pool(1, 1)
    @app.get("/use")
    async def use():
        return {"open": app.state.pool._getconn("mine").fileno() > 0}
    """,
    )

    async def story() -> None:
        async with launched(tmp_path) as zygote:
            border = await zygote.listen(6000)
            await zygote.import_app("service:app")
            process = await started(zygote)
            await get(zygote, "/connect")
            warm = await zygote.warm(process)
            assert isinstance(warm, Zygote)
            await started(warm)
            assert await get(warm, "/use") == '{"open":true}'
            await warm.close()
            border.close()

    play(story())
