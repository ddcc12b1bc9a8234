"""A declared partner is reached by every client that stands on Python's sockets; what is not declared is told."""

import asyncio
import contextlib
import json
import re
import socket
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import trustme

from hotfire.errors import SetupError
from hotfire.worlds.processes import ServiceProcess, Zygote
from tests.worlds.zygote.bench import get, launched, play, started, write

TLS_HOSTS = ("images.example", "api.stripe.com", "shop-pictures.s3.eu-west-1.amazonaws.com")
PORT = 8443
URL = "https://images.example/cat.png"
REACHED = re.compile(r"for (images|clear|shop-pictures|api\.stripe)\.")

CLIENTS = """
    import asyncio, http.client, os, socket
    import urllib.request

    import aiohttp, boto3, httpx, requests, stripe, urllib3
    from fastapi import FastAPI

    app = FastAPI()
    URL = "https://images.example/cat.png"

    def http_client():
        line = http.client.HTTPSConnection("images.example", 8000)
        line.request("GET", "/")
        return line.getresponse().read()

    def s3(**options):
        keys = {"aws_access_key_id": "a", "aws_secret_access_key": "b", "region_name": "eu-west-1"}
        client = boto3.client("s3", **keys, **options)
        return client.get_object(Bucket="shop-pictures", Key="cat.png")["Body"].read()

    def charge():
        stripe.api_key = "sk_test_1"
        return stripe.Balance.retrieve()["host"]

    def by_number():
        with socket.create_connection((socket.gethostbyname("IMAGES.example."), 9)):
            return "connected"

    SYNC = {
        "httpx": lambda: httpx.get(URL).text,
        "httpx without trust_env": lambda: httpx.Client(trust_env=False).get(URL).text,
        "requests": lambda: requests.get(URL).text,
        "urllib3": lambda: urllib3.PoolManager().request("GET", URL).data,
        "urllib.request": lambda: urllib.request.urlopen(URL).read(),
        "http.client": http_client,
        "in clear": lambda: httpx.get("http://clear.example/").text,
        "boto3": s3,
        "boto3 at a URL": lambda: s3(endpoint_url="https://images.example"),
        "stripe": charge,
        "by number": by_number,
        "environment": lambda: [name for name in os.environ if "PARTNER" in name],
    }

    async def by_aiohttp():
        async with aiohttp.ClientSession() as session, session.get(URL) as answer:
            return await answer.text()

    async def by_httpx():
        async with httpx.AsyncClient() as client:
            return (await client.get(URL)).text

    async def by_streams():
        reader, writer = await asyncio.open_connection("images.example", 443, ssl=True)
        writer.write(b"GET / HTTP/1.1\\r\\nHost: images.example\\r\\n\\r\\n")
        said = await reader.read()
        writer.close()
        return said

    ASYNC = {"aiohttp": by_aiohttp, "httpx": by_httpx, "streams": by_streams}

    def told(call):
        try:
            said = call()
        except Exception as problem:
            return repr(problem)
        return said.decode() if isinstance(said, bytes) else said

    @app.get("/sync")
    def sync():
        said = {name: told(call) for name, call in SYNC.items()}
        return said | {name + " in asyncio": told(lambda: asyncio.run(call())) for name, call in ASYNC.items()}

    @app.get("/async")
    async def in_uvloop():
        said = {"loop": type(asyncio.get_running_loop()).__module__}
        for name, call in ASYNC.items():
            try:
                answer = await call()
            except Exception as problem:
                answer = repr(problem)
            said[name] = answer.decode() if isinstance(answer, bytes) else answer
        return said
"""


@contextlib.asynccontextmanager
async def partnered(folder: Path, source: str, *, seal: bool = True) -> AsyncIterator[tuple[Zygote, ServiceProcess]]:
    """The service beside a stand-in for the border, which says which host was meant, over TLS and in clear."""
    write(folder, source)
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*TLS_HOSTS).configure_cert(tls)
    hosts = {"images.example": PORT, "*.amazonaws.com": PORT, "api.stripe.com": PORT, "clear.example": PORT + 1}
    declared = json.dumps({"hosts": hosts, "ca": str(folder / "ca.pem")})

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            host = head.partition("\r\nhost: ")[2].partition("\r\n")[0]
            body = json.dumps({"host": f"for {host}"}).encode()
            writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
            await writer.drain()
        writer.close()

    async with launched(folder, {"HOTFIRE_PARTNER_IMAGES": declared}, seal=seal) as zygote:
        encrypted = await asyncio.start_server(answer, sock=await zygote.listen(PORT), ssl=tls)
        clear = await asyncio.start_server(answer, sock=await zygote.listen(PORT + 1))
        doors = [await zygote.listen(443, address) for address in map(zygote.shadows.get, TLS_HOSTS) if address]
        known = [await asyncio.start_server(answer, sock=door, ssl=tls) for door in doors]
        async with encrypted, clear, contextlib.AsyncExitStack() as stack:
            for each in known:
                await stack.enter_async_context(each)
            await zygote.import_app("service:app")
            yield zygote, await started(zygote)


def test_every_client_reaches_its_partner(tmp_path):
    async def story() -> None:
        async with partnered(tmp_path, CLIENTS) as (zygote, _):
            sync, in_uvloop = json.loads(await get(zygote, "/sync")), json.loads(await get(zygote, "/async"))
            assert in_uvloop.pop("loop") == "uvloop"
            assert sync.pop("by number") == "connected"
            assert sync.pop("environment") == []
            assert "for images.exam" in (await zygote.run(f"curl -sS -m 10 {URL}", tmp_path, {}))[1]
            assert {name: said for name, said in (sync | in_uvloop).items() if not REACHED.search(said)} == {}
            assert (len(sync), len(in_uvloop)) == (13, 3)
            assert zygote.wants.all() == ()

    play(story())


COLD = """
    import threading
    import httpx
    from fastapi import FastAPI

    app = FastAPI()
    threading.Thread(target=threading.Event().wait, daemon=True).start()

    @app.get("/")
    async def cat():
        async with httpx.AsyncClient() as client:
            return (await client.get("https://images.example/")).json()["host"]
"""


@pytest.mark.parametrize("seal", [True, False])
def test_it_is_reached_by_a_service_that_starts_cold_and_where_the_kernel_refuses_the_seal(tmp_path, seal):
    async def story() -> None:
        async with partnered(tmp_path, COLD, seal=seal) as (zygote, _):
            assert zygote.imported
            assert zygote.imported.cold
            assert await get(zygote) == '"for images.example"'
            assert zygote.wants.all() == ()

    play(story())


LOST = """
    import asyncio, socket, threading

    import aiohttp, httpx, requests
    from fastapi import FastAPI

    app = FastAPI()

    async def by_aiohttp():
        async with aiohttp.ClientSession() as session, session.get("https://aiohttp.example/"):  # aiohttp
            pass

    def by_connect(family, address, kind=socket.SOCK_STREAM):
        with socket.socket(family, kind) as sock:
            sock.connect(address)  # connect

    def in_a_thread():
        thread = threading.Thread(target=lambda: requests.get("http://requests.example/"))  # requests
        thread.start()
        thread.join()

    ASYNC = {
        "aiohttp": by_aiohttp,
        "httpx": lambda: httpx.AsyncClient().get("http://httpx.example:81/"),
        "asyncpg": lambda: asyncio.open_unix_connection("/tmp/.s.PGSQL.1"),
        "numbers": lambda: asyncio.open_connection("192.0.2.7", 25),
    }
    SYNC = {
        "redis": lambda: by_connect(socket.AF_INET, ("127.0.0.1", 6379)),
        "dns": lambda: by_connect(socket.AF_INET, ("8.8.8.8", 53), socket.SOCK_DGRAM),
        "later": lambda: by_connect(socket.AF_UNIX, "later"),
        "six": lambda: by_connect(socket.AF_INET6, ("2001:db8::1", 443)),
        "in a thread": in_a_thread,
        "by name": lambda: socket.gethostbyname("names.example"),  # names
    }

    @app.get("/async")
    async def in_loop():
        said = {}
        for name, call in ASYNC.items():
            try:
                said[name] = await call()  # awaits
            except Exception as problem:
                said[name] = type(problem).__name__
        return said

    @app.get("/sync")
    def sync():
        said = {}
        for name, call in SYNC.items():
            try:
                said[name] = call()
            except Exception as problem:
                said[name] = type(problem).__name__
        return said
"""


def line(mark: str) -> int:
    """The line of the service with this comment at its end."""
    return next(number for number, text in enumerate(LOST.splitlines(), 1) if text.endswith(f"# {mark}"))


def test_what_is_not_declared_fails_at_once_and_is_told_with_its_line(tmp_path):
    async def story() -> None:
        async with partnered(tmp_path, LOST) as (zygote, process):
            with socket.socket(socket.AF_UNIX) as later:
                later.bind(str(tmp_path / "later"))
                later.listen()
                sync = json.loads(await get(zygote, "/sync"))
            in_loop = json.loads(await get(zygote, "/async"))
            await process.quiet(5)
            assert sync == {
                "redis": "ConnectionRefusedError",
                "dns": "OSError",
                "later": "ConnectionRefusedError",
                "six": "OSError",
                "in a thread": None,
                "by name": "gaierror",
            }
            assert in_loop == {
                "aiohttp": "ClientConnectorDNSError",
                "httpx": "ConnectError",
                "asyncpg": "FileNotFoundError",
                "numbers": "OSError",
            }
            told = " | ".join(zygote.wants.all())
            for want in (
                f"127.0.0.1:6379 (service.py:{line('connect')}), where nothing listens: ",
                f"the unix socket {tmp_path}/later (service.py:{line('connect')}), which is none of its own: ",
                f"8.8.8.8:53 (service.py:{line('connect')}), which is not declared",
                f"[2001:db8::1]:443 (service.py:{line('connect')})",
                f"requests.example:80 (service.py:{line('requests')})",
                f"names.example (service.py:{line('names')})",
                f"aiohttp.example:443 (service.py:{line('aiohttp')})",
                f"httpx.example:81 (service.py:{line('awaits')})",
                f"the unix socket /tmp/.s.PGSQL.1 (service.py:{line('awaits')})",
                f"192.0.2.7:25 (service.py:{line('awaits')})",
            ):
                assert want in told
            assert len(zygote.wants.all()) == len(sync) + len(in_loop)

    play(story())


PINNED = """
    import hashlib, ssl

    import aiohttp, urllib3
    from fastapi import FastAPI

    app = FastAPI()
    PRINT = hashlib.sha256(b"the certificate of production").digest()

    @app.get("/urllib3")
    def pinned():
        urllib3.PoolManager(assert_fingerprint=PRINT.hex(), retries=False).request("GET", "https://images.example/")

    @app.get("/aiohttp")
    async def also():
        async with aiohttp.ClientSession() as session:
            await session.get("https://api.stripe.com/", ssl=aiohttp.Fingerprint(PRINT))
"""


def test_a_client_that_pins_a_certificate_is_named(tmp_path):
    async def story() -> None:
        async with partnered(tmp_path, PINNED) as (zygote, process):
            assert await get(zygote, "/urllib3") == await get(zygote, "/aiohttp") == "Internal Server Error"
            await process.quiet(5)
            first, second = zygote.wants.all()
            assert "the certificate of images.example with one that it knows (service.py:12)" in first
            assert "the certificate of api.stripe.com with one that it knows (service.py:17)" in second
            assert "turn the pinning off" in first

    play(story())


AT_IMPORT = """
    import httpx

    httpx.get("https://flags.example/all")
"""
AT_START = """
    import contextlib, httpx
    from fastapi import FastAPI

    @contextlib.asynccontextmanager
    async def lifespan(app):
        async with httpx.AsyncClient() as client:
            await client.get("https://flags.example/all")
        yield

    app = FastAPI(lifespan=lifespan)
"""


@pytest.mark.parametrize(("source", "line"), [(AT_IMPORT, 4), (AT_START, 8)])
def test_what_a_start_wants_in_vain_is_the_hint_of_its_error(tmp_path, source, line):
    write(tmp_path, source)

    async def story() -> None:
        async with launched(tmp_path) as zygote:
            await zygote.import_app("service:app")
            await started(zygote)

    with pytest.raises(SetupError) as refused:
        play(story())
    assert f"wants flags.example:443 (service.py:{line}), which is not declared: write" in refused.value.hint
