"""Whether a text is one that a template stands for, and what its placeholders stand for in it.

Without going back: first where each part may begin, from left to right, then which of these beginnings lead to the end,
from right to left. A line with twenty placeholders costs twenty times what one with one costs.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from hotfire.equality.atoms import node_name
from hotfire.expected.moments import FORMS, WHOLE, found_in
from hotfire.expected.placeholders import Hole, Kind, Template, holes, joined

_SIGNS: Final = r"\s?&<>\"'(),;{}\[\]|$"
"""No id holds one of them; a token may, but not the one that parts it from what stands beside it."""
_HELD: Final[dict[Kind, str]] = {"id": rf"[^/{_SIGNS}]*", "token": r"\S*", "text": r".*", "any": r".*"}
"""What a placeholder may hold, as long as it can be; it holds as little as the rest of its line leaves to it."""
_MAY_BE_EMPTY: Final = ("text", "any")
_NUMBER: Final = re.compile(r"-?(\d+)(?:\.(\d+))?(?:[eE][+-]?(\d+))?")
_LONGEST_MOMENT = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A value that a placeholder was found to stand for."""

    name: str
    value: str


@lru_cache(maxsize=4096)  # lines are aligned, then compared, in each run, and again for the steps behind
def match(template: Template, text: str) -> tuple[Bound, ...] | None:
    """The values that the binding placeholders stand for in a text; None where the text is another."""
    if not holes(template):
        return () if text == "".join(map(str, template)) else None
    last = template[-1]
    if isinstance(last, str) and not text.endswith(last):
        return None
    starts = [[0]]
    for index in range(len(template)):
        starts.append(list(_Part(template, index, text).ends(starts[-1])))
        if not starts[-1]:
            return None
    if starts[-1][-1] != len(text):
        return None
    leading = [[len(text)]]
    for index in reversed(range(len(template))):
        leading.append(_Part(template, index, text).leading(starts[index], leading[-1]))
    return tuple(_bound(template, text, leading[::-1]))


@lru_cache(maxsize=4096)
def timeless(template: Template, recorded: date) -> Template:
    """The template with a placeholder for each moment that stands in it as it was on the day of the recording."""
    return joined(part for each in template for part in ((each,) if isinstance(each, Hole) else _parts(each, recorded)))


def _parts(literal: str, recorded: date) -> Iterator[str | Hole]:
    done = 0
    for begin, end, form in found_in(literal, recorded):
        yield literal[done:begin]
        yield Hole("instant", form)
        done = end
    yield literal[done:]


def _bound(template: Template, text: str, leading: Sequence[Sequence[int]]) -> Iterator[Bound]:
    """What stands where, each as short as it can be but for numbers and moments, the first one first."""
    begin = 0
    for index, hole in enumerate(template):
        end = _Part(template, index, text).chosen(begin, leading[index + 1])
        if isinstance(hole, Hole) and hole.binds:
            yield Bound(name=hole.name, value=node_name(text[begin:end]))
        begin = end


@dataclass(frozen=True, slots=True)
class _Part:
    """One part of a template, in a text."""

    template: Template
    index: int
    text: str

    def ends(self, starts: Sequence[int]) -> Iterable[int]:
        """Where it may end, given where it may begin; both in order."""
        part = self.template[self.index]
        if isinstance(part, str):
            return [start + len(part) for start in starts if self.text.startswith(part, start)]
        if part.kind not in _HELD:
            return sorted({end for start in starts for end in self._written(part, start)})
        return (end for least, most in self._runs(part, starts) for end in self._candidates(least, most))

    def leading(self, starts: Sequence[int], ends: Sequence[int]) -> list[int]:
        """The beginnings from which one of these ends is reached."""
        part = self.template[self.index]
        if isinstance(part, Hole) and part.kind in _HELD:
            empty = part.kind in _MAY_BE_EMPTY
            found = []
            most = -1
            for start in starts:
                most = most if start < most else self._most(part, start)
                place = bisect_left(ends, start if empty else start + 1)
                if place < len(ends) and ends[place] <= most:
                    found.append(start)
            return found
        known = set(ends)
        return [start for start in starts if not known.isdisjoint(self._fixed(part, start))]

    def chosen(self, start: int, ends: Sequence[int]) -> int:
        """Of these ends the one that is meant."""
        part = self.template[self.index]
        if isinstance(part, Hole) and part.kind in _HELD:
            return ends[bisect_left(ends, start if part.kind in _MAY_BE_EMPTY else start + 1)]
        return max(set(ends).intersection(self._fixed(part, start)))

    def _fixed(self, part: str | Hole, start: int) -> Iterable[int]:
        return self._written(part, start) if isinstance(part, Hole) else (start + len(part),)

    def _runs(self, part: Hole, starts: Sequence[int]) -> Iterator[tuple[int, int]]:
        """From where to where it may end; beginnings that lead to the same end are one."""
        least, most = 0, -1
        for start in starts:
            if start >= most:
                if start == most and part.kind in _MAY_BE_EMPTY:
                    continue
                least, most = start if part.kind in _MAY_BE_EMPTY else start + 1, self._most(part, start)
                yield least, most

    def _most(self, part: Hole, start: int) -> int:
        """Where it ends if it holds all that it can."""
        found = _held(part.kind, self._beside() if part.kind == "token" else "").match(self.text, start)
        return found.end() if found else start

    def _beside(self) -> str:
        before, after = (self._literal(self.index + offset) for offset in (-1, 1))
        return "".join(sorted({*before[-1:], *after[:1]}))

    def _literal(self, index: int) -> str:
        part = self.template[index] if 0 <= index < len(self.template) else ""
        return part if isinstance(part, str) else ""

    def _candidates(self, least: int, most: int) -> Iterator[int]:
        """The places between these two at which what comes next may begin."""
        if self.index + 1 == len(self.template):
            if least <= len(self.text) <= most:
                yield len(self.text)
            return
        following = self._literal(self.index + 1)
        place = self.text.find(following, least, most + len(following))
        while place >= 0:
            yield place
            place = self.text.find(following, place + 1, most + len(following))

    def _written(self, part: Hole, start: int) -> Iterator[int]:
        """Where a number or a moment that begins here may end."""
        if part.kind == "number":
            if found := _NUMBER.match(self.text, start):
                for begin, end in filter(_is_there, map(found.span, (1, 2, 3))):
                    yield from range(begin + 1, end + 1)
        elif (shape := _moment(part.name)).match(self.text, start):
            for end in range(start + 1, min(len(self.text), start + _LONGEST_MOMENT) + 1):
                if shape.fullmatch(self.text, start, end):
                    yield end


def _is_there(span: tuple[int, int]) -> bool:
    return span[0] >= 0


@lru_cache(maxsize=256)
def _held(kind: Kind, beside: str) -> re.Pattern[str]:
    """What a placeholder may hold beside these signs."""
    parting = [re.escape(sign) for sign in beside if re.match(f"[{_SIGNS}]", sign)]
    return re.compile(rf"[^\s{''.join(parting)}]*" if parting else _HELD[kind], re.DOTALL)


@lru_cache(maxsize=64)
def _moment(form: str) -> re.Pattern[str]:
    return re.compile(FORMS.get(form, "|".join(f"(?:{FORMS[each]})" for each in WHOLE)))
