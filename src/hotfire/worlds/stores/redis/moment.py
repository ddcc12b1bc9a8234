"""All that a server held at one moment: what a checkpoint is made of, and what a template is kept as."""

from dataclasses import dataclass
from typing import TypeAlias

Place: TypeAlias = tuple[int, bytes]
"""A key, by the number of its database."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A key's value in the server's own form (DUMP), and when it ends: ms of the world's time, None for never."""

    dump: bytes
    expires: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """`at`, in ms of the world's time: every key there was, the functions (FUNCTION DUMP), how many scripts."""

    at: int = 0
    entries: dict[Place, Entry]
    functions: bytes = b""
    scripts: int = 0
