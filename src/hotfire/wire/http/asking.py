"""What a request is as a call: its name, the same in every run, and whether it changes anything at the partner."""

import re
from dataclasses import dataclass
from typing import Self
from urllib.parse import parse_qsl

from hotfire.wire.http.message import Request

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})  # RFC 9110 section 9.2.1
_LOOPBACK = re.compile(r"localhost|127(?:\.\d+){3}|::1|")

_MADE_UP = re.compile(r"\d+|(?=[^/]*\d)[^/.]{6,}")  # at a partner, whose routes nobody tells: rather too many
_DECLARED = re.compile(r"(?P<method>[A-Z]+) (?P<path>/\S*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request as a call: `POST images.example/v1/uploads?expand` is both its text and its signature."""

    text: str
    writes: bool
    executes: bool = True

    @property
    def signature(self) -> str:
        """A request has no transaction around it."""
        return self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """How the calls of one partner are named. `partner` stands for its host where only a base URL is known."""

    partner: str
    hosts: tuple[str, ...] = ()
    reads: tuple[re.Pattern[str], ...] = ()

    @classmethod
    def of(cls, partner: str, hosts: tuple[str, ...], reads: tuple[str, ...]) -> Self:
        """`reads` are changing methods that change nothing: "POST /search", "POST /v1/items/{id}/query".

        Raises:
            ValueError: one of `reads` is no method and path; the message is that one.
        """
        return cls(partner=partner, hosts=hosts, reads=tuple(map(_pattern, reads)))

    def ask(self, request: Request) -> Ask:
        """What a request asks."""
        names = "&".join(dict.fromkeys(name for name, _ in parse_qsl(request.query, keep_blank_values=True)))
        bare = request.path.partition("?")[0]
        path = "/".join(map(_named, bare.split("/")))
        return Ask(
            text=f"{request.method} {self.host(request)}{path}" + (f"?{names}" if names else ""),
            writes=request.method not in SAFE and not self._reads(f"{request.method} {bare}"),
        )

    def host(self, request: Request) -> str:
        """Whom the request is for: through a base URL it names the border, and the partner is meant."""
        if _LOOPBACK.fullmatch(request.host):
            return self.hosts[0] if self.hosts else self.partner
        return request.host

    def _reads(self, asked: str) -> bool:
        return any(pattern.fullmatch(asked) for pattern in self.reads)


def _named(part: str) -> str:
    """A segment without what looks made up; a file's ending stays."""
    stem, dot, ending = part.rpartition(".")
    if dot and _MADE_UP.fullmatch(stem) and not ending.isdigit():
        return f"{{id}}.{ending}"
    return "{id}" if _MADE_UP.fullmatch(part) else part


def _pattern(declared: str) -> re.Pattern[str]:
    found = _DECLARED.fullmatch(declared)
    if found is None:
        raise ValueError(declared)
    parts = re.split(r"(\{[^}]*\})", found["path"])
    path = "".join("[^/]+" if part.startswith("{") else re.escape(part) for part in parts)
    return re.compile(f"{found['method']} {path}")
