"""Which new fields of an answer read as a secret's: by the words of their name, and by what they hold."""

import re
from collections.abc import Iterator
from typing import Final

from hotfire.equality.record import Json, Number
from hotfire.expected.moments import form_of

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_SECRET: Final = re.compile(
    r"\w*password\w*|\w*passwd|pass|passphrase|pwd|secrets?|\w+secret|tokens?|(?:access|auth|refresh|api|csrf)token"
    r"|salt|hash|private|internal|ssn|iban|cvv|cvc|t?otp|credentials?|apikey|privatekey|jwt"
)
_TOGETHER: Final = re.compile(
    r"\b(?:(?:api|access|secret|private|signing|encryption|session|auth|recovery) keys?|card numbers?|credit card"
    r"|(?:recovery|backup) codes?|session id|security answer)\b"
)
"""Words that are a secret's only side by side."""
_HARMLESS: Final = re.compile(
    r"\btoken (?:type|kind|usage|limit|symbol)\b|\bpass (?:rate|count|name)\b|\bboarding pass\b"
    r"|\b(?:commit|content|file|image|block|git|tree|transaction|tx|geo|blur|query|schema|build|asset) hash\b"
)
_NUMBERED: Final = frozenset({"ssn", "iban", "cvv", "cvc", "otp", "totp", "card"})
"""Secrets that are numbers; any other number is a count: total_tokens."""


def leaks(place: str, name: str, value: Json) -> Iterator[str]:
    """The places in a new field that read as a secret's: its own, or those of fields in it."""
    if _is_secret(name, value):
        yield place
        return
    match value:
        case dict():
            for key, item in value.items():
                yield from leaks(f"{place}.{key}", key, item)
        case list():
            for index, item in enumerate(value):
                yield from leaks(f"{place}[{index}]", "", item)
        case _:
            pass


def _is_secret(name: str, value: Json) -> bool:
    words = [word.lower() for word in _WORD.findall(name)]
    said = _HARMLESS.sub("", " ".join(words))
    if not (any(map(_SECRET.fullmatch, said.split())) or _TOGETHER.search(said)):
        return False
    if isinstance(value, Number):
        return not _NUMBERED.isdisjoint(words)
    return bool(value) and not isinstance(value, bool) and not (isinstance(value, str) and form_of(value))
