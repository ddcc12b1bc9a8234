"""A declared partner is reached by every client that stands on Python's sockets; what is not declared is told."""

import asyncio
import contextlib
import json
import re
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import trustme

from hotfire.worlds.processes import ServiceProcess, Zygote
from tests.worlds.zygote.bench import get, launched, play, started, write

TLS_HOSTS = ("images.example", "api.stripe.com", "shop-pictures.s3.eu-west-1.amazonaws.com")
PORT = 8443
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
async def partnered(folder: Path, source: str) -> AsyncIterator[tuple[Zygote, ServiceProcess]]:
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

    async with launched(folder, {"HOTFIRE_PARTNER_IMAGES": declared}) as zygote:
        encrypted = await asyncio.start_server(answer, sock=await zygote.listen(PORT), ssl=tls)
        clear = await asyncio.start_server(answer, sock=await zygote.listen(PORT + 1))
        async with encrypted, clear:
            await zygote.import_app("service:app")
            yield zygote, await started(zygote)


def test_every_client_reaches_its_partner(tmp_path):
    async def story() -> None:
        async with partnered(tmp_path, CLIENTS) as (zygote, _):
            sync, in_uvloop = json.loads(await get(zygote, "/sync")), json.loads(await get(zygote, "/async"))
            assert in_uvloop.pop("loop") == "uvloop"
            assert sync.pop("by number") == "connected"
            assert sync.pop("environment") == []
            assert {name: said for name, said in (sync | in_uvloop).items() if not REACHED.search(said)} == {}
            assert (len(sync), len(in_uvloop)) == (13, 3)
            assert zygote.wants.all() == ()

    play(story())
