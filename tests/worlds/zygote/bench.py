"""What these tests share: an application on disk, a zygote around it, and a client that reaches behind the seal."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Coroutine
from pathlib import Path
from textwrap import dedent
from typing import Any

import uvloop

from hotfire.worlds.processes import ServiceProcess, Zygote

PORT = 8000

HELLO = """
    import contextlib, os

    started = []

    @contextlib.asynccontextmanager
    async def lifespan(app):
        started.append(os.getpid())
        print("starts")
        yield
        print("stops")

    from fastapi import BackgroundTasks, FastAPI
    app = FastAPI(lifespan=lifespan)

    @app.get("/")
    async def hello():
        return {"started": len(started)}
"""


def play(coroutine: Coroutine[Any, Any, None], loop: str = "uvloop") -> None:
    factory = uvloop.new_event_loop if loop == "uvloop" else asyncio.new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(asyncio.wait_for(coroutine, 60))


def write(folder: Path, source: str, name: str = "service.py") -> None:
    (folder / name).write_text(dedent(source))


class Heard(list[str]):
    """The lines that processes wrote."""

    def __call__(self, _process: str, text: str, at: float) -> None:
        assert abs(asyncio.get_running_loop().time() - at) < 5
        self.append(text)


@contextlib.asynccontextmanager
async def launched(
    folder: Path, environment: dict[str, str] | None = None, *, python: str = sys.executable, seal: bool = True
) -> AsyncIterator[Zygote]:
    zygote = await Zygote.launch(python, folder, environment or {}, seal=seal)
    try:
        yield zygote
    finally:
        await zygote.close()


async def started(zygote: Zygote, heard: Heard | None = None) -> ServiceProcess:
    process = await zygote.start("web.0", PORT, heard)
    await process.ready(20)
    return process


async def get(zygote: Zygote, path: str = "/") -> str:
    """The body of the answer; empty where the connection ended without one."""
    loop = asyncio.get_running_loop()
    with zygote.socket() as sock:
        await loop.sock_connect(sock, ("127.0.0.1", PORT))
        await loop.sock_sendall(sock, f"GET {path} HTTP/1.1\r\nHost: service\r\nConnection: close\r\n\r\n".encode())
        answer = b""
        with contextlib.suppress(ConnectionResetError):
            while data := await loop.sock_recv(sock, 65536):
                answer += data
    return answer.partition(b"\r\n\r\n")[2].decode()


def alive(pid: int) -> bool:
    """Whether it runs; a zombie does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


async def until(condition: Any, deadline: float = 5.0) -> None:
    async with asyncio.timeout(deadline):
        while not condition():  # noqa: ASYNC110  # what it waits for belongs to the kernel
            await asyncio.sleep(0.01)
