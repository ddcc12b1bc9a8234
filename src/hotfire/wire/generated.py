"""Which parts of a name a program made up, and what the name is without them: `cart:…` is the next run's cart too."""

import re
from functools import lru_cache

GAP = "…"
"""What stands for a part that was made up."""

_UUID = r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"  # RFC 9562
_SEGMENT = re.compile(
    r"\d+"  # a number
    rf"|{_UUID}"
    r"|(?=[^/]*\d)[0-9a-zA-Z_-]{16,}"  # a token, a slug with digits
    r"|(?=[^/]*[a-z])(?=[^/]*[A-Z]{2})[a-zA-Z_-]{16,}"  # a token that has none by luck; `updateMyPreferences` is a name
    r"|(?=[^/]*\d)[0-9a-z]{0,5}[0-9a-f]{10}"  # what an actor's `unique` made of a short label
)
_PART = re.compile(
    rf"{_UUID}"
    # base64url, as token_urlsafe makes it: it may have no digit, but hardly ever letters of one case
    r"|(?<![\w-])(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[\w-]{16,}"
    r"|[^\W_]*\d[^\W_]*",  # whatever has a digit: ids, dates, digests, what an actor's `unique` made
    re.ASCII,
)
_WORDS = re.compile(
    rf"{_UUID}"
    r"|\b[0-9a-fA-F]{16,}\b"
    r"|\btmp[a-z0-9_]{8}(?![a-z0-9_])"  # tempfile's
    r"|[^\W_]*\d[^\W_]*"
    r"|(?<![^\W_])[^\W_]*[a-z][A-Z][^\W_]*"  # letters at random
)
_NEIGHBOURS = re.compile(rf"{GAP}(?:[-_.:/ ,]*{GAP})+")
_GAPS = re.compile(rf"{GAP}(?:[-_.]?{GAP})+")  # a date, an address: one gap
_ODD = re.compile(r"[\s;\x00-\x1f\x7f]+")  # "; " stands between the calls of a signature
_LONGEST = 80


def is_generated(segment: str) -> bool:
    """Whether a segment of a URL's path reads as if it had been made up."""
    return _SEGMENT.fullmatch(segment) is not None


def in_words(text: str) -> str:
    """What people read, a mail's subject or a file's path, without what was made up: `Your order …`, `photos/….png`."""
    words = _NEIGHBOURS.sub(GAP, _WORDS.sub(GAP, text))
    return words.replace(";", ",")  # "; " stands between the calls of a signature


@lru_cache(maxsize=4096)
def pattern(name: bytes) -> str:
    """A key or a channel without what was made up: `rate:…` for `rate:203.0.113.7`, "…" for what is no text.

    A part with a digit counts as made up, also where it is none ("v2"): two names that fall into one are told apart by
    their order, and one that is new in every run could never be found again.
    """
    try:
        text = name.decode()
    except UnicodeDecodeError:
        return GAP
    text = _GAPS.sub(GAP, _PART.sub(GAP, _ODD.sub("_", text)))
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}{GAP}"
