"""By what the service knows who sends a request, and the same with nothing of it, or with its end broken."""

import dataclasses
import re
from collections.abc import Mapping

from hotfire.editing.leaves import leaves
from hotfire.worlds.driver.asked import Asked, Credentials
from hotfire.worlds.driver.cookies import Jar
from hotfire.worlds.driver.http import told
from hotfire.worlds.driver.recording import wire_request

_KNOWN_BY = re.compile(r"auth|api-?key|token|session|secret", re.IGNORECASE)
_NOT_KNOWN_BY = re.compile(r"csrf|xsrf|idempotency|^accept|^content-|^user-agent$", re.IGNORECASE)
_TOKEN = re.compile(r"csrf|xsrf", re.IGNORECASE)
_TAIL = 4  # characters: in base64 the last one may carry no bit that counts


def worn(asked: Asked) -> Asked:
    """The request with all its credentials among the actor's: those that stand in its own headers, too."""
    own = {
        name: value
        for name, value in asked.request.headers.items()
        if _KNOWN_BY.search(name) and not _NOT_KNOWN_BY.search(name)
    }
    headers = {name.lower(): value for name, value in asked.credentials.headers.items()} | own
    return dataclasses.replace(asked, credentials=dataclasses.replace(asked.credentials, headers=headers))


def is_identified(asked: Asked) -> bool:
    """Whether a request carries anything by which its actor may be known; a CSRF token is nothing of the kind."""
    credentials = worn(asked).credentials
    names = [*credentials.headers, *(name for name, _ in credentials.cookies.named())]
    return any(not _NOT_KNOWN_BY.search(name) for name in names)


def is_signed_in(asked: Asked) -> bool:
    """Whether a request carries a header by which its actor is known: cookies may be those of any visitor."""
    return any(not _NOT_KNOWN_BY.search(name) for name in worn(asked).credentials.headers)


def is_bound(asked: Asked) -> bool:
    """Whether a request carries a CSRF token of its own actor's session that nobody else could put in its place."""
    own = {name.lower() for name in asked.credentials.headers}
    fields = [
        leaf.place for leaf in leaves(told(wire_request(asked.request))) if leaf.part in {"form", "body", "query"}
    ]
    names = [*fields, *(name for name in asked.request.headers if name.lower() not in own)]
    return asked.submission is None and any(map(_TOKEN.search, names))


def broken(credentials: Credentials) -> Credentials:
    """The same credentials with other last characters: each of its own class, so that the format still holds."""
    headers = {
        name: value if _NOT_KNOWN_BY.search(name) else _broken(value) for name, value in credentials.headers.items()
    }
    return Credentials(headers=headers, cookies=Jar(cookies=_all_broken(credentials.cookies.cookies)))


def _all_broken(cookies: Mapping[tuple[str, str], str]) -> dict[tuple[str, str], str]:
    return {key: value if _NOT_KNOWN_BY.search(key[0]) else _broken(value) for key, value in cookies.items()}


def _broken(value: str) -> str:
    places = [place for place, letter in enumerate(value) if letter.isascii() and letter.isalnum()][-_TAIL:]
    return "".join(_next(letter) if place in places else letter for place, letter in enumerate(value))


def _next(letter: str) -> str:
    """The letter half-way round its own class: in base64 another one in every bit that is likely to count."""
    for first, count in (("0", 10), ("a", 26), ("A", 26)):
        if first <= letter < chr(ord(first) + count):
            if first == "a" and letter <= "f":  # a hexadecimal digit stays one
                return "fedcba"["abcdef".index(letter)]
            return chr(ord(first) + (ord(letter) - ord(first) + count // 2) % count)
    return letter
