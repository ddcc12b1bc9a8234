"""The passwords that a request's body holds: fields of JSON, forms and multipart named as one."""

import json
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl

import httpx

_NAMED = re.compile(r"pass(?:word|wd|phrase)|^pwd$|secret|^pin$|^otp$", re.IGNORECASE)
_PART = re.compile(rb'name="(?P<name>[^"]+)"\r\n(?:[^\r\n]+\r\n)*\r\n(?P<value>[^\r\n]*)\r\n')
_LEAST = 4  # characters: a shorter one could be told from nothing else, wherever it stands


def passwords_in(request: httpx.Request) -> Iterator[str]:
    """Each password of the body, once; not one that another field of it shows as well (demo, demo)."""
    fields = list(_fields(request))
    others = {value for name, value in fields if not _NAMED.search(name)}
    named = dict.fromkeys(value for name, value in fields if _NAMED.search(name))
    yield from (value for value in named if len(value) >= _LEAST and value not in others)


def _fields(request: httpx.Request) -> Iterator[tuple[str, str]]:
    kind, body = request.headers.get("content-type", ""), request.read()
    if "json" in kind:
        try:
            yield from _members("", json.loads(body))
        except (ValueError, RecursionError):
            return
    elif "x-www-form-urlencoded" in kind:
        yield from parse_qsl(body.decode("utf-8", "replace"))
    elif "multipart/form-data" in kind:
        for part in _PART.finditer(body):
            yield part["name"].decode("utf-8", "replace"), part["value"].decode("utf-8", "replace")


def _members(name: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, member in value.items():
            yield from _members(str(key), member)
    elif isinstance(value, list):
        for member in value:
            yield from _members(name, member)
    elif isinstance(value, str):
        yield name, value
