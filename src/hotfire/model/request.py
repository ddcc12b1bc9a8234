"""A step's recorded request, as a check sees it: each secret in it is a stable name (`‹token:author:1›`)."""

import base64
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the undisturbed path sent. `target` is path and query; `body` is text, or base64 where `binary`.

    Header names are lower case, in the order in which they were sent.
    """

    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""
    binary: bool = False

    @classmethod
    def of(cls, method: str, target: str, headers: tuple[tuple[bytes, bytes], ...], body: bytes) -> "Request":
        """A request as it went over the wire; a body that is no UTF-8 is kept as base64."""
        try:
            text, binary = body.decode(), False
        except UnicodeDecodeError:
            text, binary = base64.b64encode(body).decode("ascii"), True
        told = tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in headers)
        return cls(method=method, target=target, headers=told, body=text, binary=binary)

    @property
    def content(self) -> bytes:
        """The body's bytes."""
        return base64.b64decode(self.body) if self.binary else self.body.encode()

    @property
    def text(self) -> "Request":
        """The request without a body that is no text."""
        return replace(self, body="", binary=False) if self.binary else self

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        """What stands behind the question mark, or ""."""
        return self.target.partition("?")[2]

    def header(self, name: str) -> str | None:
        """The first header of this name, in whatever case, or None."""
        return next((value for each, value in self.headers if each == name.lower()), None)

    @property
    def media_type(self) -> str:
        """The body's media type without parameters, lower case: "application/json"; "" where none is told."""
        return (self.header("content-type") or "").partition(";")[0].strip().lower()
