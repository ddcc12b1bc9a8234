"""Nothing leaves: neither from Python nor from C, neither over the network nor to a socket in the file system."""

import asyncio
import os
import shutil
import socket
import subprocess
import sys

import pytest

from tests.worlds.zygote.bench import HELLO, get, launched, play, started, write

# 192.0.2.1 is reserved for documentation (RFC 5737); behind the seal there is no route to it, so no packet is sent.
OUTSIDE = "192.0.2.1"

PROBE = f"""
import errno, socket
for address in [("{OUTSIDE}", 80)]:
    try:
        socket.create_connection(address, 2)
    except OSError as problem:
        print(errno.errorcode[problem.errno])
"""


def test_python_and_its_children_have_no_route_out(tmp_path):
    async def story() -> None:
        async with launched(tmp_path) as zygote:
            assert zygote.sealed, zygote.reason
            assert (await zygote.run(["python", "-c", PROBE], tmp_path, {}))[1].strip() == "ENETUNREACH"

    play(story())


@pytest.mark.skipif(not shutil.which("curl"), reason="the C client of this test is not installed")
def test_a_c_client_has_no_route_out(tmp_path):
    async def story() -> None:
        async with launched(tmp_path) as zygote:
            assert zygote.sealed, zygote.reason
            status, said = await zygote.run(f"curl -sS -m 5 http://{OUTSIDE}/", tmp_path, {})
            assert status == 7, said

    play(story())


def test_a_border_listens_inside_and_is_served_outside(tmp_path):
    async def story() -> None:
        async with launched(tmp_path) as zygote:
            border = await zygote.listen(5432)
            assert border.getsockname() == ("127.0.0.1", 5432)
            probe = "import socket; print(socket.create_connection(('127.0.0.1', 5432), 5).recv(10))"
            async with asyncio.TaskGroup() as group:
                ran = group.create_task(zygote.run(["python", "-c", probe], tmp_path, {}))
                peer, _ = await asyncio.get_running_loop().sock_accept(border)
                await asyncio.get_running_loop().sock_sendall(peer, b"hello")
                peer.close()
            border.close()
            assert ran.result()[1].strip() == "b'hello'"

    play(story())


def test_unix_sockets_of_others_are_hidden(tmp_path):
    path = str(tmp_path / "neighbour")
    probe = f"import socket; socket.socket(socket.AF_UNIX).connect({path!r})"

    async def story() -> None:
        with socket.socket(socket.AF_UNIX) as neighbour:
            neighbour.bind(path)
            neighbour.listen()
            async with launched(tmp_path) as zygote:
                assert "ConnectionRefusedError" in (await zygote.run(["python", "-c", probe], tmp_path, {}))[1]
            with socket.socket(socket.AF_UNIX) as outside:
                outside.connect(path)

    play(story())


def test_more_sockets_than_the_supply(tmp_path):
    async def story() -> None:
        async with launched(tmp_path) as zygote:
            for sock in await zygote.sockets(70):
                sock.close()
            for _ in range(70):
                zygote.socket().close()
                await asyncio.sleep(0.002)

    play(story())


@pytest.mark.parametrize("answer", ["ConnectionRefusedError", "no border for"])
def test_the_shim_holds_python_where_the_seal_is_refused(tmp_path, answer):
    write(
        tmp_path,
        HELLO
        + f"""
    import asyncio, socket

    @app.get("/out")
    async def out():
        said = []
        for host in ("{OUTSIDE}", "example.invalid"):
            try:
                await asyncio.open_connection(host, 80)
            except Exception as problem:
                said.append(repr(problem))
        return said
    """,
    )

    async def story() -> None:
        async with launched(tmp_path, seal=False) as zygote:
            assert not zygote.sealed
            await zygote.import_app("service:app")
            process = await zygote.start("web.0", 0)
            await process.ready(20)
            loop = asyncio.get_running_loop()
            with zygote.socket() as sock:
                await loop.sock_connect(sock, ("127.0.0.1", process.port))
                await loop.sock_sendall(sock, b"GET /out HTTP/1.1\r\nHost: s\r\nConnection: close\r\n\r\n")
                said = b""
                while data := await loop.sock_recv(sock, 65536):
                    said += data
            assert said.decode().count(answer) == 2, said

    play(story())


def test_a_user_without_rights_is_sealed_too():
    """In a process of its own, which gives up root first, with a Python that everybody may run."""
    python = shutil.which("python3", path=os.defpath) or sys.executable
    story = f"""
import asyncio, os, sys, pathlib, tempfile
from hotfire.worlds.processes import Zygote

async def main():
    zygote = await Zygote.launch({python!r}, pathlib.Path("/"), {{}})
    print("sealed", zygote.sealed, zygote.reason)
    print(await zygote.run(["python", "-c", {PROBE!r}], pathlib.Path("/"), {{}}))
    border = await zygote.listen(5432)
    await zygote.close()

if os.getuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
asyncio.run(main())
"""
    ran = subprocess.run([sys.executable, "-c", story], capture_output=True, text=True, check=False, timeout=60)
    assert "sealed True" in ran.stdout, ran
    assert "ENETUNREACH" in ran.stdout, ran


def test_the_service_itself_is_reached_only_by_sockets_from_behind_the_seal(tmp_path):
    write(tmp_path, HELLO)

    async def story() -> None:
        async with launched(tmp_path) as zygote:
            await zygote.import_app("service:app")
            await started(zygote)
            assert await get(zygote) == '{"started":1}'
            with socket.socket() as outside:
                outside.bind(("127.0.0.1", 0))
                free = outside.getsockname()[1]
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", free), 1)

    play(story())
