"""What is wrong with a body as a whole, or with an object's or an array's make-up rather than with a value in it."""

import base64
from collections.abc import Iterator

from hotfire.mutation.spot import Change, Spot

_NESTED = 3_000  # levels: beyond Python's limit of recursion
UNKNOWN = "hotfire_unknown"


def missing(spot: Spot) -> Iterator[Change]:
    """A member, a parameter or a field left out."""
    in_object = spot.part == "body" and isinstance(spot.holder, dict)
    if in_object or (spot.textual and spot.part in {"query", "form", "multipart", "header", "cookie"}):
        yield Change(keyword="required", why="left out", act="remove", shows=False)


def unknown(spot: Spot) -> Iterator[Change]:
    """A member that nobody has declared; in a map, whose members have a type in common, one of another type."""
    if isinstance(spot.value, dict):
        is_map = any(each.get("additionalProperties") not in (None, {}, {"not": {}}) for each in spot.facets)
        keyword, why = ("type", "perhaps of another type") if is_map else ("unknown", "which is not declared")
        yield Change(keyword=keyword, why=why, act="insert", key=UNKNOWN, new=1)


def duplicate_key(spot: Spot) -> Iterator[Change]:
    """A key that stands there twice: parsers differ in which they take (RFC 8259 section 4)."""
    if spot.part == "body" and isinstance(spot.value, dict):
        for name in list(spot.value)[:1]:
            yield Change(keyword="duplicate key", why="twice, with another value", act="insert", key=name, raw="null")


def repeated(spot: Spot) -> Iterator[Change]:
    """A parameter or a field that stands there twice, where one is meant."""
    if spot.part in {"query", "form"} and len(spot.sent) == 1 and spot.kind != "array":
        yield Change(keyword="repeated", why="sent twice", act="insert", new=spot.value, shows=False)


def no_json(spot: Spot) -> Iterator[Change]:
    """A body that is no JSON, or no UTF-8, or ends early."""
    if spot.part == "content" and spot.key == "json":
        yield Change(keyword="json", why="not JSON", new="not JSON", shows=False)
        yield Change(keyword="json", why="ends early", act="cut", new="-1", shows=False)
        yield Change(keyword="empty", why="empty", new="", shows=False)
        yield Change(keyword="utf-8", why="not UTF-8", base64=_told(b'"\xff\xfe\x00"'), shows=False)
        yield Change(keyword="utf-8", why="cut inside of a character", base64=_told(b'{"a": "caf\xc3'), shows=False)
        yield Change(keyword="json", why="nested beyond any limit", new="[" * _NESTED + "]" * _NESTED, shows=False)


def no_form(spot: Spot) -> Iterator[Change]:
    """A form that is none."""
    if spot.part == "content" and spot.key == "form":
        yield Change(keyword="form", why="not percent-encoded", new="%zz=%&&=", shows=False)
        yield Change(keyword="empty", why="empty", new="", shows=False)
    elif spot.part == "content" and spot.key == "multipart":
        yield Change(keyword="form", why="ends early", act="cut", new="-8", shows=False)
        yield Change(keyword="empty", why="empty", new="", shows=False)


def file_name(spot: Spot) -> Iterator[Change]:
    """Names of uploaded files that lead elsewhere, or that no file system takes."""
    if spot.part == "filename":
        yield Change(keyword="filename", why="which leads out of its folder", new="../../hotfire.txt")
        yield Change(keyword="empty", why="empty", new="", shows=False)
        yield Change(keyword="maxLength", why="300 characters", new="x" * 300, shows=False)
        yield Change(keyword="nul", why="with a NUL character", new="a\0b.png", shows=False)


def another_content_type(spot: Spot) -> Iterator[Change]:
    """The body as it is, told to be something else, or nothing."""
    if spot.part == "header" and spot.key == "content-type":
        for new, why in (
            ("text/plain", "another type"),
            ("application/json; charset=no-such", "an encoding that does not exist"),
            ("multipart/form-data", "a multipart without a boundary"),
            ("application/x-www-form-urlencoded", "another type"),
        ):
            if new != spot.value:
                yield Change(keyword="content-type", why=why, new=new)
        yield Change(keyword="content-type", why="left out", act="remove", shows=False)


def _told(body: bytes) -> str:
    return base64.b64encode(body).decode("ascii")
