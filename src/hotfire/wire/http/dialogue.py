"""One connection of a client, as a state machine: bytes in, whole requests out, answers to bytes."""

from dataclasses import dataclass

import h11

from hotfire.wire.http.message import Request, Response, refusal

LIMIT = 1 << 26  # octets of one body
_OURS = frozenset({b"content-length", b"transfer-encoding", b"connection", b"keep-alive"})  # of a connection's own

_SPOKEN = frozenset({b"1.0", b"1.1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Interim:
    """The client waits for a word before it sends its body (Expect: 100-continue): say this."""

    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """What came cannot be read as HTTP/1.1: say this, and close."""

    problem: str
    data: bytes


class Dialogue:
    """`receive` what comes, then take what `next` tells until it is None; each request wants a `respond`."""

    def __init__(self) -> None:
        self._framing = h11.Connection(h11.SERVER)
        self._head: h11.Request | None = None
        self._body = bytearray()
        self._broken = False

    def receive(self, data: bytes) -> None:
        """Bytes of the client; none: it says nothing more."""
        if not self._broken:
            self._framing.receive_data(data)

    @property
    def ends(self) -> bool:
        """Whether the connection is to be closed, since nothing more can be said on it."""
        return self._broken or self._framing.our_state in {h11.MUST_CLOSE, h11.CLOSED, h11.ERROR}

    def next(self) -> Request | Interim | Refusal | None:
        """What the client has said by now; None: not enough yet, or it must first be answered."""
        while not self._broken:
            try:
                event = self._framing.next_event()
            except h11.RemoteProtocolError as error:
                return self._refuse(error.error_status_hint, str(error))
            if isinstance(event, h11.Request):
                self._head, self._body = event, bytearray()
                if event.http_version not in _SPOKEN:
                    return self._refuse(505, f"HTTP/{event.http_version.decode()} is not spoken here, HTTP/1.1 is")
                if self._framing.they_are_waiting_for_100_continue:
                    return Interim(data=self._sent(h11.InformationalResponse(status_code=100, headers=[])))
            elif isinstance(event, h11.Data):
                self._body += event.data
                if len(self._body) > LIMIT:
                    return self._refuse(413, f"the body has more than {LIMIT} bytes")
            elif isinstance(event, h11.EndOfMessage) and self._head is not None:
                return self._whole(self._head)
            else:
                return None
        return None

    def _whole(self, head: h11.Request) -> Request:
        return Request(
            method=head.method.decode("ascii"),
            target=head.target.decode("latin-1"),
            headers=tuple((bytes(name), bytes(value)) for name, value in head.headers),
            body=bytes(self._body),
        )

    def respond(self, response: Response) -> bytes:
        """The answer to the request that was told last; the next one may follow."""
        silent = self._head is not None and self._head.method == b"HEAD"
        body = b"" if silent or response.status in {204, 304} else response.body
        headers = [pair for pair in response.headers if pair[0].lower() not in _OURS]
        if response.status not in {204, 304}:
            headers.append((b"content-length", str(len(response.body)).encode()))
        said = self._sent(h11.Response(status_code=response.status, headers=headers))
        if body:
            said += self._sent(h11.Data(data=body))
        said += self._sent(h11.EndOfMessage())
        self._head = None
        if self._framing.our_state is h11.DONE and self._framing.their_state is h11.DONE:
            self._framing.start_next_cycle()
        return said

    def _refuse(self, status: int, problem: str) -> Refusal:
        self._broken = True
        if self._framing.our_state not in {h11.IDLE, h11.SEND_RESPONSE}:
            return Refusal(problem=problem, data=b"")
        response = refusal(status, problem)
        headers = [*response.headers, (b"content-length", str(len(response.body)).encode()), (b"connection", b"close")]
        said = self._sent(h11.Response(status_code=status, headers=headers))
        return Refusal(problem=problem, data=said + self._sent(h11.Data(data=response.body)))

    def _sent(self, event: h11.Event) -> bytes:
        return self._framing.send(event) or b""
