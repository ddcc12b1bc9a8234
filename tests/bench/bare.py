"""The service as its team runs it: by a server in processes of its own, reached by the same client as a world's."""

import asyncio
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Self

from hotfire.worlds.driver import http
from tests.bench.benched import Benched

DEADLINE = 30.0
_numbers = itertools.count(1)


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(slots=True)
class Bare:
    """One server, on a port of its own."""

    process: subprocess.Popen[bytes]
    port: int

    @classmethod
    def start(cls, benched: Benched, url: str) -> Self:
        """Start it; `url` is the database's."""
        port = free_port()
        command = [sys.executable, "-m", *(word.format(port=port) for word in benched.command)]
        process = subprocess.Popen(
            command,
            cwd=benched.folder,
            env={**os.environ, "DATABASE_URL": url},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            process_group=0,
        )
        return cls(process, port)

    @property
    def pid(self) -> int:
        return self.process.pid

    async def ready(self) -> None:
        """Wait until it answers."""
        async with asyncio.timeout(DEADLINE):
            while True:
                try:
                    await self.ask(get("/alive"))
                except OSError:
                    await asyncio.sleep(0.05)
                else:
                    return

    async def ask(self, request: http.Request) -> http.Answered:
        """One request on a connection of its own, as a world sends it."""
        return await http.finish(await http.begin(request, self.port, _socket), DEADLINE)

    async def order_ms(self) -> float:
        """How long one new order takes."""
        request = order()
        begun = time.perf_counter()  # uvloop's own clock counts whole milliseconds
        answered = await self.ask(request)
        taken = time.perf_counter() - begun
        if answered.status != 201:
            raise RuntimeError(f"a bare request was answered {answered.status} {answered.cut}: {answered.body!r}")
        return taken * 1000

    def close(self) -> None:
        """End it, with its workers."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def _socket() -> socket.socket:
    made = socket.socket()
    made.setblocking(False)
    return made


HEADERS = ((b"host", b"127.0.0.1"), (b"accept", b"*/*"), (b"authorization", b"Bearer token-7"))


def get(target: str) -> http.Request:
    """A request without a body."""
    return http.Request(method="GET", target=target, headers=HEADERS, body=b"")


def order() -> http.Request:
    """The benched critical path's second step, with a reference of its own."""
    lines = [{"sku": "sku-0", "quantity": 2}]
    content = {"reference": f"bare{next(_numbers):012}", "lines": lines, "note": "please ring twice"}
    body = json.dumps(content, separators=(",", ":")).encode()
    more = ((b"content-type", b"application/json"), (b"content-length", str(len(body)).encode()))
    return http.Request(method="POST", target="/orders", headers=(*HEADERS, *more), body=body)
