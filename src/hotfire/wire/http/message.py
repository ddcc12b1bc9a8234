"""A request and its answer, whole, as values."""

import json
import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal

Headers = tuple[tuple[bytes, bytes], ...]


def header(headers: Headers, name: str) -> str:
    """The first header of this name, of any case; empty where there is none."""
    wanted = name.lower().encode("latin-1")
    return next((value.decode("latin-1") for key, value in headers if key.lower() == wanted), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request as it came: `target` is "/path?query", or a whole URL where the client takes us for a proxy."""

    method: str
    target: str
    headers: Headers = ()
    body: bytes = b""

    @property
    def host(self) -> str:
        """Whom it is for, lower case, without the port."""
        found = _WHOLE.match(self.target)
        authority = found["authority"] if found else header(self.headers, "host")
        return _PORT.sub("", authority.rpartition("@")[2]).strip("[]").lower()

    @property
    def path(self) -> str:
        """The path and the query, without scheme and host."""
        found = _WHOLE.match(self.target)
        return (found["path"] or "/") if found else self.target

    @property
    def query(self) -> str:
        """What stands behind the path."""
        return self.path.partition("?")[2]


_WHOLE = re.compile(r"https?://(?P<authority>[^/?]*)(?P<path>.*)", re.IGNORECASE)
_PORT = re.compile(r":\d*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An answer; its length and what becomes of the connection are the dialogue's business."""

    status: int
    headers: Headers = ()
    body: bytes = b""

    def told(self, *, durable: bool = False) -> "Told":
        """As a border records it: an error from 500 on."""
        return Told(outcome="error" if self.status >= 500 else "ok", detail=str(self.status), durable=durable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What an answer says of its call. `durable`: the partner has changed something."""

    outcome: Literal["ok", "error"]
    detail: str
    durable: bool


def refusal(status: int, message: str) -> Response:
    """An error as partners tell it: JSON, with the reason in words."""
    reason = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "error"
    body = json.dumps({"error": {"type": reason.lower().replace(" ", "_"), "message": message}}).encode()
    return Response(status=status, headers=((b"content-type", b"application/json"),), body=body)
