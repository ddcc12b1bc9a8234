"""Whether what stands in a row is what was sent: by value, for each column writes it in a form of its own.

sent                      stored
true                      t, 1, True
987654321                 987654321.0 (REAL), 987654321.00 (NUMERIC)
"2001-02-03T04:05:06Z"    2001-02-03 04:05:06+00, 2001-02-03 05:05:06+01, 2001-02-03 (a column of dates)
a UUID                    with or without hyphens
{"a": 1}                  {"a":1}
"""

import json
import re
from decimal import Decimal
from uuid import UUID

from hotfire.equality.reading import instant

_BOOLEANS = {True: {"true", "t", "1"}, False: {"false", "f", "0"}}
_NUMBER = re.compile(r"[+-]?\d{1,300}(?:\.\d{1,300})?(?:[eE][+-]?\d{1,3})?", re.ASCII)
_UUID = re.compile(r"[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}")  # RFC 9562
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def is_same(stored: str, sent: str) -> bool:
    """Whether a column's text holds what was sent: JSON, or a plain text. Case counts for nothing."""
    told = _read(sent)
    if isinstance(told, bool):
        return stored.lower() in _BOOLEANS[told]
    if isinstance(told, dict | list):
        return _read(stored) == told
    text = told if isinstance(told, str) else sent
    return stored.lower() in {text.lower(), sent.lower()} or _is_same_value(stored, text)


def _is_same_value(stored: str, sent: str) -> bool:
    if _NUMBER.fullmatch(stored) and _NUMBER.fullmatch(sent):
        return Decimal(stored) == Decimal(sent)
    if _UUID.fullmatch(stored) and _UUID.fullmatch(sent):
        return UUID(stored) == UUID(sent)
    if _DATE.fullmatch(stored):
        return _DATE.match(sent) is not None and sent.startswith(stored)
    moment = instant(stored)
    return moment is not None and moment == instant(sent)


def _read(text: str) -> object:
    """What a text is as JSON; a text that is none is itself."""
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return value
