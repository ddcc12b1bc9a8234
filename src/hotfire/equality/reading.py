"""How a value's text reads: as a long value, an instant, a measure, something signed."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache

INTEGER = re.compile(r"-?\d{1,30}\Z")
INSTANTS = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?: ?(?:Z|[+-]\d\d(?::?\d\d)?))?")

_SINGLE = re.compile(r"[^\s/?&<>\"'(),;{}\[\]|$]{1,200}\Z")
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:\Z|[T ]\d\d:\d\d)")
_POST = re.compile(r"[A-Z][a-z]{2}, \d\d? [A-Z][a-z]{2} \d{4} ")
_EPOCH = re.compile(r"(?:\d{10}(?:\.\d+)?|\d{13}(?:\.\d+)?|\d{16}|\d{19})\Z")
_SIGNED = re.compile(r"\S+([.:])[A-Za-z0-9_-]{6,}\1[A-Za-z0-9_-]{27,86}\Z")
_STAMPED = re.compile(r"(\S+)([.:])[A-Za-z0-9_-]{6,8}\2[A-Za-z0-9_-]{27,86}\Z")  # a JWT's middle is no time: longer
_FRACTION = re.compile(r"-?\d+\.\d+(?:[eE][+-]?\d+)?\Z|-?\d+(?:\.\d+)?[eE][+-]?\d+\Z")

_LONG_TEXT = 8
_LONG_NUMBER = 1_000_000  # where the sequences' own ranges begin
_DIGITS_OF_SECONDS = 10
_EPOCHS = (1_200_000_000, 4_000_000_000)  # 2008 to 2096: narrower catches nothing, wider takes ids for instants


def is_long(text: str) -> bool:
    """Whether two equal values of this length are equal by cause, not by chance."""
    if text.isdigit():
        return len(text) >= len(str(_LONG_NUMBER)) and int(text) >= _LONG_NUMBER
    return len(text) >= _LONG_TEXT


def is_single(text: str) -> bool:
    """Whether the text may be one value (an id, a token, a slug), not a text or URL that is made with some."""
    return _SINGLE.match(text) is not None


@lru_cache(maxsize=4096)
def instant(text: str) -> float | None:
    """Seconds since 1970 if the text reads as a moment (ISO 8601, RFC 9110 date, epoch s, ms, µs, ns), else None."""
    try:
        if _DATE.match(text):
            moment = datetime.fromisoformat(text)
        elif _POST.match(text):
            moment = parsedate_to_datetime(text)
        else:
            return _epoch(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def is_of_second(text: str) -> bool:
    """Whether the text is a moment without a fraction of a second: equal ones are equal by chance."""
    moment = instant(text)
    return moment is not None and moment.is_integer()


def _epoch(text: str) -> float | None:
    if not _EPOCH.match(text):
        return None
    digits = len(text.partition(".")[0])
    seconds = float(text) / 10.0 ** (digits - _DIGITS_OF_SECONDS)
    return seconds if _EPOCHS[0] <= seconds < _EPOCHS[1] else None


def is_measure(text: str) -> bool:
    """Whether the text is a number with a fraction: a duration, a rate; equal ones are equal by chance."""
    return _FRACTION.match(text) is not None


def is_signed(text: str) -> bool:
    """Whether the text ends in a time or a payload and a signature, as those of JWTs, itsdangerous and Django do.

    Such a text says in which second it was made: two of one second are equal by chance.
    """
    return _SIGNED.match(text) is not None


def is_signed_anew(text: str, other: str) -> bool:
    """Whether both are one text with a time and a signature behind it, as Django and itsdangerous keep sessions."""
    one, two = _STAMPED.match(text), _STAMPED.match(other)
    return one is not None and two is not None and one[1] == two[1]
