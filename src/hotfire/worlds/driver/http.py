"""One HTTP/1.1 request on one connection (RFC 9112, framed by h11), with the client's hand on the line.

A client of our own, because a trial must see the very bytes, hang up in the middle, and tell a cut from an answer.
An event stream (text/event-stream) may have no end: what came of it by the deadline is the answer.
"""

import asyncio
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import h11

from hotfire.model import request as model

Headers = tuple[tuple[bytes, bytes], ...]

_EVENT_STREAM = b"text/event-stream"  # https://html.spec.whatwg.org/multipage/server-sent-events.html


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request as it goes over the wire: sent again, it is the same bytes."""

    method: str
    target: str
    headers: Headers
    body: bytes


def told(request: Request) -> model.Request:
    """A request as a check sees it."""
    return model.Request.of(request.method, request.target, request.headers, request.body)


@dataclass(slots=True, kw_only=True)
class Answered:
    """What came back: a whole answer, or how it ended (`cut`). Times are of the loop's clock."""

    status: int | None = None
    headers: Headers = ()
    body: bytes = b""
    cut: str = ""
    begun: float = 0.0
    ended: float = 0.0


class _Line(asyncio.Protocol):
    """The client's end of one connection."""

    def __init__(self, request: Request, done: asyncio.Future[Answered]) -> None:
        self._request = request
        self._done = done
        self._framing = h11.Connection(h11.CLIENT)
        self._answer = Answered()
        self._body: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        request = self._request
        head = h11.Request(method=request.method, target=request.target, headers=list(request.headers))
        parts = [self._framing.send(head)]
        if request.body:
            parts.append(self._framing.send(h11.Data(data=request.body)))
        parts.append(self._framing.send(h11.EndOfMessage()))
        line = cast("asyncio.Transport", transport)  # uvloop's transports are none by class
        line.write(b"".join(part for part in parts if part))

    def data_received(self, data: bytes) -> None:
        self._receive(data)

    def eof_received(self) -> bool:
        self._receive(b"")
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._end("the connection was reset" if exc else "the connection was closed before the answer was whole")

    def _receive(self, data: bytes) -> None:
        try:
            self._framing.receive_data(data)
            while (event := self._framing.next_event()) not in (h11.NEED_DATA, h11.PAUSED):
                self._take(event)
                if isinstance(event, h11.EndOfMessage | h11.ConnectionClosed):
                    return
        except h11.RemoteProtocolError as error:
            self._end(f"the answer is not HTTP/1.1: {error}" if data else "")

    def _take(self, event: object) -> None:
        if isinstance(event, h11.Response):
            self._answer.status = event.status_code
            self._answer.headers = tuple((bytes(name), bytes(value)) for name, value in event.headers)
        elif isinstance(event, h11.Data):
            self._body.append(bytes(event.data))
        elif isinstance(event, h11.EndOfMessage):
            self._end()

    def _end(self, cut: str = "") -> None:
        if self._done.done() or (cut == "" and not self._whole()):
            return
        self._answer.body = b"".join(self._body)
        if cut:
            self._answer.status, self._answer.cut = None, cut
        self._done.set_result(self._answer)

    def streamed(self) -> Answered | None:
        """What has come of an event stream so far; None where the answer is none, or has not begun."""
        content_type = dict(self._answer.headers).get(b"content-type", b"")
        if self._answer.status is None or not content_type.lower().startswith(_EVENT_STREAM):
            return None
        return Answered(status=self._answer.status, headers=self._answer.headers, body=b"".join(self._body))

    def _whole(self) -> bool:
        return self._framing.their_state in {h11.DONE, h11.MUST_CLOSE, h11.CLOSED}


@dataclass(slots=True, kw_only=True)
class Exchanging:
    """A request under way: await `answer`, or hang up."""

    answer: asyncio.Future[Answered]
    transport: asyncio.Transport
    streamed: Callable[[], Answered | None]

    def hang_up(self) -> None:
        """Close the connection as a client that goes away does."""
        self.transport.close()


async def begin(request: Request, port: int, new_socket: Callable[[], socket.socket]) -> Exchanging:
    """Connect inside the service's network and send the request.

    `new_socket` gives an unconnected TCP socket that was made inside the service's network namespace.

    Raises:
        OSError: the service does not accept connections on this port.
    """
    loop = asyncio.get_running_loop()
    line = new_socket()
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    await loop.sock_connect(line, ("127.0.0.1", port))
    done: asyncio.Future[Answered] = loop.create_future()
    transport, client = await loop.create_connection(lambda: _Line(request, done), sock=line)
    return Exchanging(answer=done, transport=transport, streamed=client.streamed)


async def finish(exchanging: Exchanging, deadline: float) -> Answered:
    """The answer, or what came instead of it within `deadline` seconds; of an event stream, what came by then."""
    try:
        return await asyncio.wait_for(asyncio.shield(exchanging.answer), deadline)
    except TimeoutError:
        return exchanging.streamed() or Answered(cut=f"no answer in {deadline:g} s")
    finally:
        exchanging.transport.abort()
