"""Headers that proxies and browsers set, as an attacker or a broken proxy sets them; each a spot of its own."""

import base64
import re
from collections.abc import Iterator

from hotfire.model.edit import Edit
from hotfire.mutation.spot import Change, Spot

PROBES: dict[str, tuple[tuple[str, str], ...]] = {
    "x-forwarded-for": (("unknown, , ]:x", "no addresses"), ("256.256.256.256", "an address that does not exist")),
    "forwarded": (('for="[2001:db8::1;proto', "malformed (RFC 7239)"), ("for=;;=", "malformed (RFC 7239)")),
    "x-forwarded-host": (("a b:99999999", "no host"), ("hotfire.invalid", "another host")),
    "x-forwarded-proto": (("ht tp", "no scheme"),),
    "x-forwarded-port": (("abc", "no port"),),
    "x-real-ip": (("not-an-address", "no address"),),
    "range": (("bytes=9-1", "an end before its beginning"), ("bytes=-", "malformed (RFC 9110 section 14)")),
    "accept-language": (("xx;q=nan, ;;", "malformed (RFC 9110 section 12.5.4)"), ("x" * 3_000, "3000 characters")),
    "accept": (("*/*;q=x, ;", "malformed (RFC 9110 section 12.5.1)"),),
    "if-modified-since": (("Thu, 32 Foo 2024 25:00:00 GMT", "no date"),),
    "if-none-match": (('W/"', "malformed (RFC 9110 section 8.8.3)"),),
}
"""Name → values, and what is wrong with each."""

OWN = (
    *("host", "authorization", "cookie", "content-length", "content-type", "connection", "user-agent", "origin"),
    *("referer", "transfer-encoding", "accept-encoding", "te", "upgrade", "expect", "proxy-authorization"),
)
"""Headers of a request that are not tried: framing, credentials, and what says where a page is from."""


_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9a-zA-Z]+")
_VALUE = re.compile(rb"([^\x00-\x20\x7f]([^\x00-\x08\x0a-\x1f\x7f]*[^\x00-\x20\x7f])?)?")


def carried(edit: Edit) -> bool:
    """Whether HTTP can carry what an edit puts into a header or a cookie (RFC 9110 section 5.5).

    Spaces around a value are not its own, a control character is none's, and a semicolon begins another cookie.
    """
    if edit.part not in {"header", "cookie"}:
        return True
    try:
        value = base64.b64decode(edit.value) if edit.encoding == "base64" else edit.value.encode()
    except ValueError:
        return False
    named = b";" not in value if edit.part == "cookie" else _NAME.fullmatch(edit.place)
    return bool(named and _VALUE.fullmatch(value))


def probed(spot: Spot) -> Iterator[Change]:
    """A probe's first value."""
    yield from _probed(spot, slice(0, 1))


def probed_further(spot: Spot) -> Iterator[Change]:
    """A probe's other values."""
    yield from _probed(spot, slice(1, None))


def _probed(spot: Spot, which: slice) -> Iterator[Change]:
    if spot.part == "header":
        for new, why in PROBES.get(spot.key, ())[which]:
            yield Change(keyword=spot.key, why=why, new=new, act="insert" if spot.absent else "replace")


def mangled_cookie(spot: Spot) -> Iterator[Change]:
    """A cookie that no server of ours has set: garbage, and bytes that are no ASCII."""
    if spot.part == "cookie":
        yield Change(keyword="cookie", why="a value that was never given out", new="hotfire%00.x.y")
        yield Change(keyword="ascii", why="bytes that are not ASCII", base64="/+nDqA==", shows=False)
