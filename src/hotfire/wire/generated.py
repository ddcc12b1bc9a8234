"""What a service makes up anew in each run — ids, tokens, dates — taken out of a name, so that the name stays the same.

For names that are made for people: subjects of mails, paths of files. A word is taken to be made up where it holds a
digit, mixes capitals into small letters, or is a UUID or a long hexadecimal number. Pure: a text in, a text out.
"""

import re

_MADE_UP = re.compile(
    r"(?i:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})"  # a UUID (RFC 9562)
    r"|\b(?i:[0-9a-f]{16,})\b"
    r"|\btmp[a-z0-9_]{8}(?![a-z0-9_])"  # tempfile's
    r"|[^\W_]*\d[^\W_]*"  # a number, a short token
    r"|(?<![^\W_])[^\W_]*[a-z][A-Z][^\W_]*"  # letters at random
)
_SEVERAL = re.compile(r"…(?:[-_.:/ ,]*…)+")


def without_generated(text: str) -> str:
    """The text with … for what looks made up; neighbours are one."""
    return _SEVERAL.sub("…", _MADE_UP.sub("…", text))
