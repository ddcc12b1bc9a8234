"""Values that services get wrong whatever a document says: NUL, surrogates, huge numbers, null, other types, dates.

Each function is one kind of wrong: a spot in, the changes that it makes of it out. These
stand behind most of the errors 500 of real services.
"""

import base64
import re
from collections.abc import Iterator

from hotfire.mutation.spot import Change, Spot

_INT4, _INT8 = 2**31, 2**63
_LONG, _LONGER = 300, 5_000  # characters: beyond varchar(255), beyond any column of a name or a title
_DIGITS = 5_000  # more than Python reads as a number (sys.int_info.default_max_str_digits is 4300)
_PAGING = re.compile(r"page|limit|offset|size|skip|count|per_?page|first|last|start|top|take|number", re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?P<rest>([Tt ]\d\d:\d\d.*)?)")
_IN_HEADERS = ("header", "cookie")
OTHERS: dict[str, tuple[object, ...]] = {
    "string": ({"a": 1}, 7, [], True),
    "integer": ("text", 1.5, {}, [], True),
    "number": ("text", {}, [], True),
    "boolean": ("text", 7, {}, []),
    "array": ("text", {"a": 1}, 7),
    "object": ("text", [], 7, [{}]),
    "null": (),
}
"""For each type, values of others, the most telling first."""


def nul(spot: Spot) -> Iterator[Change]:
    """PostgreSQL's text holds no NUL, and drivers raise."""
    if spot.kind == "string" and spot.part not in _IN_HEADERS:
        yield Change(keyword="nul", why="with a NUL character", new=f"{spot.text}\0", shows=False)


def surrogate(spot: Spot) -> Iterator[Change]:
    """Half a pair: JSON can spell it, UTF-8 cannot."""
    if spot.kind != "string" or spot.part in _IN_HEADERS:
        return
    if spot.part == "body":
        yield Change(keyword="surrogate", why="a lone surrogate", raw=r'"\ud800"', shows=False)
    elif spot.part == "multipart":
        yield Change(keyword="surrogate", why="a lone surrogate in UTF-8", base64="7aCA", shows=False)
    else:
        yield Change(keyword="surrogate", why="a lone surrogate, percent-encoded", raw="%ED%A0%80", shows=False)


def not_utf8(spot: Spot) -> Iterator[Change]:
    """Bytes that are no UTF-8, in a text and cut inside a character."""
    if spot.kind != "string" or spot.part == "cookie":
        return
    if spot.part == "body":
        yield Change(keyword="utf-8", why="bytes that are not UTF-8", base64=_quoted(b"caf\xe9"), shows=False)
        yield Change(keyword="cut", why="cut inside of a character", base64=_quoted(b"caf\xc3"), shows=False)
    elif spot.part in {"multipart", "header"}:
        yield Change(keyword="utf-8", why="bytes that are not UTF-8", base64="Y2Fm6Q==", shows=False)
    else:
        yield Change(keyword="utf-8", why="bytes that are not UTF-8, percent-encoded", raw="caf%E9", shows=False)


def too_long(spot: Spot) -> Iterator[Change]:
    """Longer than a column is likely to be; where a document says how long it may be, that is a kind of its own."""
    if spot.kind == "string" and not any("maxLength" in each or "enum" in each for each in spot.facets):
        for many in (_LONG, _LONGER):
            yield Change(keyword="maxLength", why=f"{many} characters", new="x" * many, shows=False)


def beyond_int8(spot: Spot) -> Iterator[Change]:
    """More than 64 bits, and for a page what is more once it is multiplied."""
    if spot.kind in {"integer", "number"}:
        yield Change(keyword="beyond int8", why="beyond 64 bits", new=_INT8)
        if _PAGING.search(spot.key):
            yield Change(keyword="multiplied", why="beyond 64 bits once it is multiplied", new=_INT8 // 2)


def beyond_int4(spot: Spot) -> Iterator[Change]:
    """More than 32 bits: an `integer` column."""
    if spot.kind == "integer":
        yield Change(keyword="beyond int4", why="beyond 32 bits", new=_INT4)


def huge(spot: Spot) -> Iterator[Change]:
    """Numbers that no type holds."""
    if spot.kind in {"integer", "number"}:
        yield Change(keyword="digits", why=f"a number of {_DIGITS} digits", raw="9" * _DIGITS, shows=False)
        yield Change(keyword="digits", why="beyond a floating-point number", raw="1e400", shows=False)


def negative(spot: Spot) -> Iterator[Change]:
    """A page, a limit or a quantity below zero."""
    if spot.kind in {"integer", "number"}:
        yield Change(keyword="negative", why="negative", new=-1)
        if _PAGING.search(spot.key) and spot.value != 0:
            yield Change(keyword="zero", why="zero", new=0, shows=False)


def not_a_number(spot: Spot) -> Iterator[Change]:
    """NaN and Infinity, which Python's json takes and no JSON is."""
    if spot.kind in {"integer", "number"}:
        yield Change(keyword="NaN", why="NaN", raw="NaN", shows=False)
        yield Change(keyword="NaN", why="infinite", raw="-Infinity", shows=False)


def null(spot: Spot) -> Iterator[Change]:
    """An explicit null, above all for what may be left out."""
    if spot.part == "body" and spot.value is not None:
        yield Change(keyword="null", why="null", new=None, shows=False)


def another_type(spot: Spot) -> Iterator[Change]:
    """The most telling value of another type."""
    yield from _typed(spot, OTHERS[spot.kind][:1])


def other_types(spot: Spot) -> Iterator[Change]:
    """The other values of other types."""
    yield from _typed(spot, OTHERS[spot.kind][1:])


def _typed(spot: Spot, others: tuple[object, ...]) -> Iterator[Change]:
    if spot.textual and spot.kind == "string":
        return  # any text is one
    article = "an" if spot.kind[0] in "aio" else "a"
    for other in others:
        if not spot.textual or isinstance(other, str | float):
            yield Change(keyword="type", why=f"not {article} {spot.kind}", new=other)


def empty(spot: Spot) -> Iterator[Change]:
    """Nothing where something stands."""
    nothing: dict[str, object] = {"string": "", "array": [], "object": {}}
    if spot.textual and spot.part != "path" and spot.value != "":
        yield Change(keyword="empty", why="empty", new="", shows=False)
    elif spot.kind in nothing and spot.value and spot.part == "body":
        yield Change(keyword="empty", why="empty", new=nothing[spot.kind], shows=False)
    if spot.kind == "string" and spot.value and spot.part not in {"path", *_IN_HEADERS}:  # a header's spaces are none
        yield Change(keyword="blank", why="only spaces", new="   ", shows=False)


def impossible_date(spot: Spot) -> Iterator[Change]:
    """Dates that no calendar has, or of which nothing can be reckoned on, where a date stands."""
    found = _DATE.fullmatch(spot.value) if isinstance(spot.value, str) else None
    if found:
        rest = found["rest"]
        yield Change(keyword="date", why="a day that does not exist", new=f"2023-02-30{rest}")
        yield Change(keyword="last day", why="the last day that there is", new=f"9999-12-31{rest}")
        yield Change(keyword="year 0", why="a year that databases do not have", new=f"0000-01-01{rest}")
    if found and found["rest"]:
        yield Change(keyword="offset", why="with an offset of no place", new="2023-02-01T10:00:00+99:00")


def _quoted(text: bytes) -> str:
    return base64.b64encode(b'"' + text + b'"').decode("ascii")
