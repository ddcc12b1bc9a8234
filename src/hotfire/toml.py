"""TOML that a person wrote: one reader for all such files, so that each says where it is wrong; and values as TOML.

Style-preserving readers (tomlkit) know no line numbers, and take the comment above a table for the end of the one
before it. So `permissions.py` cuts its file by lines, and proves with this reader that it cut well.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import cast

from hotfire.errors import UsageError

_BYTE_ORDER_MARK = "\ufeff"


def document(text: str, filename: str, *, hint: str, wrong: str = "is no TOML") -> dict[str, object]:
    """What the text holds; `wrong` is what is said of a file that is none, `hint` what else to do than to mend it.

    Raises:
        UsageError: it is no TOML, or cannot be read as it: names the file and, where it is known, the line.
    """
    if text.startswith(_BYTE_ORDER_MARK):
        raise UsageError(f"{filename} begins with a byte order mark", hint="save it as UTF-8 without one")
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise UsageError(f"{filename} {wrong}: it is nested too deeply to be read", hint=f"mend it; {hint}") from error
    except ValueError as error:  # a number of thousands of digits is told by int() itself, without its place
        raise UsageError(f"{filename} {wrong}: {error}", hint=f"mend {_line(str(error), text)}; {hint}") from error


def _line(told: str, text: str) -> str:
    if found := re.search(r"\(at line (\d+), ", told):
        return f"line {found[1]}"
    return f"line {text.count(chr(10)) + 1}" if "(at end of document)" in told else "it"


def tables(text: str, filename: str, key: str, *, hint: str) -> list[tuple[str, Mapping[str, object]]]:
    """The tables `[[key]]`, which are all that the text may hold, each with its place, as "launch/waivers.toml:17".

    A list that is written in another way has no such lines: its tables have numbers ("launch/waivers.toml: waiver 3").

    Raises:
        UsageError: it is no TOML, or holds something else.
    """
    known = document(text, filename, hint=hint)
    for other in known:
        if other != key:
            raise UsageError(f"{filename} has the unknown key {other!r}", hint=f"write [[{key}]]; {hint}")
    found = known.get(key, [])
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise UsageError(f"{filename}: {key} must be a list of tables", hint=f"write [[{key}]]; {hint}")
    numbers = [number for number, line in enumerate(text.split("\n"), 1) if begins(line, key)]
    places = [f"{filename}:{number}" for number in numbers]
    if len(places) != len(found):
        places = [f"{filename}: {key} {number}" for number in range(1, len(found) + 1)]
    return list(zip(places, cast("Sequence[Mapping[str, object]]", found), strict=True))


def begins(line: str, key: str) -> bool:
    """Whether a line begins a table of the list `key`: `[[key]]`, in any of its spellings but escapes."""
    return bool(re.match(rf"""[ \t]*\[\[[ \t]*(["']?){re.escape(key)}\1[ \t]*\]\]""", line))


def day(text: str) -> date | None:
    """The day that a text is, as 2026-11-28; None where it is none, or is written in another way."""
    try:
        return date.fromisoformat(text) if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
    except ValueError:
        return None


def quoted(text: str) -> str:
    """A basic string of TOML 1.0: quotes, backslashes and control characters escaped."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"[\x00-\x1f\x7f]", lambda found: f"\\u{ord(found[0]):04x}", escaped) + '"'
