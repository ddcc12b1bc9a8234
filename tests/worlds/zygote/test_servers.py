"""WSGI: served by the server at hand, each with the manners that it has in production."""

import asyncio
import signal

import pytest

from hotfire.worlds.processes import NotWarm, Zygote
from tests.worlds.zygote.bench import Heard, get, launched, play, started, until, write

ORDER = ("gunicorn", "waitress", "uvicorn", "wsgiref")

SERVICE = """
    import sys, threading, time
    {without}
    served = []

    class Page(list):
        def close(self):
            served.append("closed")

    def app(environ, start_response):
        path = environ["PATH_INFO"]
        if path == "/left":
            threading.Thread(target=work).start()
        if path == "/slow":
            time.sleep(0.3)
        if path == "/raises":
            raise RuntimeError("on purpose")
        body = f"{{path}} {{len(served)}}".encode()
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
        return Page([body])

    def work():
        time.sleep(0.3)
"""


def service(folder, server):
    """The service, in a Python that has none of the servers that would be preferred."""
    hidden = ORDER[: ORDER.index(server)]
    if server == "wsgiref":
        hidden = ("gunicorn", "waitress", "uvicorn.middleware.wsgi")
    if server == "uvicorn":
        hidden = ("gunicorn", "waitress")
    write(folder, SERVICE.format(without=f"sys.modules.update(dict.fromkeys({hidden!r}))"))


@pytest.mark.parametrize("server", ORDER)
def test_each_server_serves_and_says_when_it_is_quiet(tmp_path, server):
    service(tmp_path, server)

    async def story() -> None:
        async with launched(tmp_path) as zygote:
            imported = await zygote.import_app("service:app")
            assert (imported.kind, imported.server, imported.cold) == ("wsgi", server, "")
            heard = Heard()
            process = await started(zygote, heard)
            assert await get(zygote, "/a") == "/a 0"
            assert await process.quiet(2) == ()
            closed = 0 if server == "uvicorn" else 1  # its middleware closes no answer: as in production
            assert await get(zygote, "/a") == f"/a {closed}"
            await get(zygote, "/left")
            assert "thread work" in " ".join(await process.quiet(0.05))
            assert await process.quiet(2) == ()
            await get(zygote, "/raises")
            assert await process.quiet(2) == ()
            assert "RuntimeError: on purpose" in "\n".join(heard)
            process.kill()
            assert await process.exited(5) == -signal.SIGKILL

    play(story())


@pytest.mark.parametrize(
    ("server", "status", "answered"),
    [
        ("gunicorn", 0, "/slow 0"),
        ("waitress", -signal.SIGTERM, ""),
        ("uvicorn", -signal.SIGTERM, "/slow 0"),
        ("wsgiref", 0, "/slow 0"),
    ],
)
def test_sigterm_does_what_it_does_to_this_server(tmp_path, server, status, answered):
    service(tmp_path, server)

    async def story() -> None:
        async with launched(tmp_path) as zygote:
            await zygote.import_app("service:app")
            process = await started(zygote)
            async with asyncio.TaskGroup() as group:
                answer = group.create_task(get(zygote, "/slow"))
                await until(lambda: process.calls)
                process.terminate()
            assert answer.result() == answered
            assert await process.exited(5) == status

    play(story())


@pytest.mark.parametrize("server", ORDER)
def test_a_process_that_has_served_becomes_a_warm_generation(tmp_path, server):
    service(tmp_path, server)

    async def story() -> None:
        async with launched(tmp_path) as zygote:
            await zygote.import_app("service:app")
            process = await started(zygote)
            await get(zygote)
            warm = await zygote.warm(process)
            assert not isinstance(warm, NotWarm), warm
            assert isinstance(warm, Zygote)
            for _ in range(2):
                child = await started(warm)
                assert (await get(warm))[:2] == "/ "
                assert await child.quiet(2) == ()
                child.kill()
                await child.exited(5)
            await warm.close()

    play(story())
