"""The client of our own: what an answer is that has no end."""

import asyncio
import contextlib
import socket

from hotfire.worlds.driver.http import Answered, Request, begin, finish

EVENT = b'event: hello\ndata: {"version": 2}\n\n'


async def answered(content_type: bytes) -> Answered:
    """What the client has at its deadline, where a server sends one event and goes on for ever."""

    async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: " + content_type + b"\r\n\r\n" + EVENT)
        with contextlib.suppress(ConnectionError):
            await reader.read()  # until the client goes away
        writer.close()
        left.set()

    left = asyncio.Event()
    server = await asyncio.start_server(endless, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        request = Request(method="GET", target="/events", headers=((b"host", b"shop"),), body=b"")
        heard = await finish(await begin(request, port, unconnected), deadline=0.2)
        await left.wait()
    return heard


def unconnected() -> socket.socket:
    line = socket.socket()
    line.setblocking(False)
    return line


def test_an_event_stream_needs_no_end() -> None:
    heard = asyncio.run(answered(b"text/event-stream; charset=utf-8"))
    assert (heard.status, heard.body, heard.cut) == (200, EVENT, "")


def test_any_other_answer_does() -> None:
    heard = asyncio.run(answered(b"application/json"))
    assert (heard.status, heard.cut) == (None, "no answer in 0.2 s")
