"""The passwords that a request holds: fields of a query, of JSON, forms and multipart that are named as one."""

import json
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl

import httpx

_NAMED = re.compile(r"pass(?:word|wd|phrase)|^pwd$|secret|^pin$|^otp$", re.IGNORECASE)
_IN_QUERY = re.compile(r"pass(?:word|wd|phrase)|^pwd$|^api_?key$|^access_token$", re.IGNORECASE)
_PART = re.compile(rb'name="(?P<name>[^"]+)"\r\n(?:[^\r\n]+\r\n)*\r\n(?P<value>[^\r\n]*)\r\n')
_LEAST = 4  # characters: a shorter one could be told from nothing else, wherever it stands


def passwords_in(request: httpx.Request) -> Iterator[str]:
    """Each password, once; not one that stands in another field, or in the path, as well (demo, demo@example.org).

    In a query, a key or an access token counts too: RFC 6750 section 5.3 says why it should not be there.
    """
    fields = list(_fields(request))
    queried = [("password", value) for name, value in request.url.params.multi_items() if _IN_QUERY.search(name)]
    fields += queried
    shown = [request.url.path, *(value for name, value in fields if not _NAMED.search(name))]
    named = dict.fromkeys(value for name, value in fields if _NAMED.search(name))
    yield from (each for each in named if len(each) >= _LEAST and not any(each in other for other in shown))


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
