"""Placeholders: what stands in an expected response for a value that is new in every run.

    <id:post>        an id, a slug: the same generated value has the same name everywhere in its critical path's files
    <id>             one that stands in one place only
    <token:csrf>     a long one without meaning; <text> is one with spaces in it
    <number>         a measure, a counter
    <instant:zone>   a moment in ISO 8601 with its offset; <instant:naive> without, <instant:date> a day,
                     <instant:http> as RFC 9110 writes it, <instant:epoch> a number since 1970;
                     written otherwise, <instant:words> Nov. 28, 2026, 5:56 a.m., <instant:figures> 28/11/2026,
                     <instant:compact> 20261128; of a moment only <instant:clock> 05:56, <instant:month>,
                     <instant:weekday>, <instant:year>
    <any>            whatever stands there, or nothing; alone in a line, any number of lines; in a JSON list, any number
                     of elements
    <lt>             the sign "<", where a literal text would read as one of these, or as one misspelt: <dc:title>

In JSON a placeholder in quotes is a text, one without is a number.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, cast

from hotfire.expected.moments import FORMS

Kind = Literal["id", "token", "text", "number", "instant", "any"]

_NAME = r"[A-Za-z0-9_.-]+"
_KINDS = "id|token|text|number|instant|any|lt"
MARK: Final = re.compile(rf"<(?P<kind>{_KINDS})(?::(?P<name>{_NAME}))?>")
_MEANT = re.compile(rf"<(?P<kind>[a-z]+):(?P<name>{_NAME})>")  # also <dc:title>, which answers in XML are full of
_LIKE_MARK = re.compile(rf"<(?=(?:{_KINDS})(?::{_NAME})?>|[a-z]+:{_NAME}>)")

_WORDS: dict[str, str] = {
    "id": "a generated id",
    "token": "a generated token",
    "text": "a generated text",
    "number": "a number",
    "any": "anything",
    "zone": "a moment with its time zone",
    "naive": "a moment without a time zone",
    "date": "a day",
    "http": "a moment as HTTP writes it",
    "epoch": "a moment as a number",
    "compact": "a day in eight digits",
    "words": "a day in words",
    "figures": "a day in figures",
    "clock": "a clock time",
    "month": "a month",
    "weekday": "a weekday",
    "year": "a year",
}


@dataclass(frozen=True, slots=True)
class Hole:
    """One placeholder. A named one binds, but for an instant's, whose name is its form."""

    kind: Kind
    name: str = ""

    @property
    def binds(self) -> bool:
        """Whether all places with this name must hold the same value."""
        return bool(self.name) and self.kind != "instant"

    @property
    def mark(self) -> str:
        """As it is written."""
        return f"<{self.kind}:{self.name}>" if self.name else f"<{self.kind}>"

    def says(self) -> str:
        """What it stands for, in a person's words."""
        return _WORDS.get(self.name if self.kind == "instant" else self.kind, "a moment")


Template = tuple[str | Hole, ...]
"""A text with placeholders in it: literal parts and holes in their order."""


def read(text: str) -> Template:
    """A text of an expected file as a template; marks that are none stay literal."""
    parts: list[str | Hole] = []
    done = 0
    for mark in MARK.finditer(text):
        parts.append(text[done : mark.start()])
        done = mark.end()
        kind = mark["kind"]
        parts.append("<" if kind == "lt" else Hole(cast("Kind", kind), mark["name"] or ""))
    return joined([*parts, text[done:]])


def write(template: Iterable[str | Hole]) -> str:
    """As it stands in a file: a literal that would read as a placeholder, or as one misspelt, is told by <lt>."""
    return "".join(each.mark if isinstance(each, Hole) else _LIKE_MARK.sub("<lt>", each) for each in template)


def joined(parts: Iterable[str | Hole]) -> Template:
    """Literals that stand side by side as one; empty ones left out."""
    found: list[str | Hole] = []
    for part in parts:
        if isinstance(part, str) and found and isinstance(found[-1], str):
            found[-1] = f"{found[-1]}{part}"
        elif part != "":
            found.append(part)
    return tuple(found)


def holes(template: Template) -> list[Hole]:
    """The placeholders of a template, in their order."""
    return [part for part in template if isinstance(part, Hole)]


def misspelt(text: str) -> str:
    """The first mark in a text that was meant as a placeholder and is none, as <ids:post>; "" if there is none."""
    for mark in _MEANT.finditer(text):
        if mark["kind"] not in _KINDS.split("|") or (mark["kind"] == "instant" and mark["name"] not in FORMS):
            return mark[0]
    return ""
