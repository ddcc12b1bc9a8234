"""Permissions: who may do which step of a critical path besides its own actor, in `launch/permissions.toml`.

`hotfire permissions` writes it, a person reads it and signs its entries (`hotfire explain permissions` shows one).
`allowed` and `refused` name actors: of the same role (a peer, at what the step's actor made), of other roles, and
`nobody`, who has no credential. "broken credential" stands for one whose end was changed, "at other_author's body
/order" for the step's own actor, with the value that stands there in a peer's request. What nobody may do is allowed to
everybody, and is not told of each.

An entry counts once it is signed: from then on each deviation from it is a blocker. An entry with `reviewed = ""` is a
proposal, and the line is UNKNOWN as long as it allows anything. A step has several entries where actors were added
later. An entry that names a critical path, a step or an actor that is not there ends the run with exit code 4; one that
names somebody who does not try this step is UNKNOWN.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Never

from hotfire.errors import UsageError
from hotfire.model.check import Named
from hotfire.toml import begins, day, document, quoted, tables

FILE = "permissions.toml"
BROKEN = "broken credential"
AT = "at "
Verb = Literal["allowed", "refused"]

_KEYS = ("path", "step", "allowed", "refused", "reviewed")
_KEY = "permission"
_HEADER = f"[[{_KEY}]]"
_HEAD = """\
# Who may do which step besides its own actor: written by `hotfire permissions`, signed by a person.
# Read what is allowed; if it is meant, write reviewed = "YYYY-MM-DD name". If not, mend the service.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """One entry. `place` is its file and line, for messages; `reviewed` "" makes it a proposal."""

    path: str
    step: str
    allowed: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    reviewed: str = ""
    place: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Of whom it says something."""
        return (*self.allowed, *self.refused)

    @property
    def named(self) -> Named:
        """What must be there: neither a broken credential nor the step's own actor at what a peer made is an actor."""
        actors = tuple(who for who in self.names if who != BROKEN and not who.startswith(AT))
        hint = "mend the entry, or take it out"
        return Named(
            path=self.path, step=self.step, place=self.place, hint=hint, actors=actors, proposed=not self.reviewed
        )

    def says(self, who: str) -> Verb | None:
        """What it says of somebody, if anything."""
        if who in self.allowed:
            return "allowed"
        return "refused" if who in self.refused else None


def find(table: Iterable[Permission], path: str, step: str) -> list[Permission]:
    """The entries of a step."""
    return [entry for entry in table if (entry.path, entry.step) == (path, step)]


def parse(text: str, filename: str = f"launch/{FILE}") -> tuple[Permission, ...]:
    """The entries that the text of a permissions.toml holds, in its order.

    Raises:
        UsageError: it is no TOML, or an entry cannot be meant; names the file, the line and the field.
    """
    found = tables(text, filename, _KEY, hint="or remove the file, and run `hotfire permissions`")
    entries = tuple(_Table(place, table).permission() for place, table in found)
    _once_each(entries)
    return entries


def _once_each(entries: Iterable[Permission]) -> None:
    said: dict[tuple[str, str, str], Permission] = {}
    for entry in entries:
        for who in entry.names:
            before = said.setdefault((entry.path, entry.step, who), entry)
            if before is not entry or (who in entry.allowed and who in entry.refused):
                there = f"; so does {before.place}" if before is not entry else " twice"
                problem = f"{entry.place} says what {who!r} may do at {entry.step}{there}"
                raise UsageError(problem, hint="leave one of the two, and sign it")


@dataclass(frozen=True, slots=True)
class _Table:
    """One table, read field by field."""

    place: str
    table: Mapping[str, object]

    def permission(self) -> Permission:
        for key in self.table:
            if key not in _KEYS:
                self._fail(f"has the unknown key {key!r}", f"the keys are {', '.join(_KEYS)}")
        step = " ".join(self._text("step", 'step = "author POST /api/posts"').split())
        return Permission(
            path=self._text("path", 'path = "publish_article"'),
            step=step if re.search(r" #\d+$", step) else f"{step} #1",
            allowed=self._names("allowed"),
            refused=self._names("refused"),
            reviewed=self._reviewed(),
            place=self.place,
        )

    def _text(self, key: str, example: str) -> str:
        value = self.table.get(key, "")
        if not isinstance(value, str) or not value.strip():
            self._fail(f"has no {key}", f"write {example}")
        return value.strip()

    def _names(self, key: str) -> tuple[str, ...]:
        value = self.table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, str) and each.strip() for each in value):
            self._fail(f"has {key} that is no list of actors", f'write {key} = ["editor", "nobody"], or {key} = []')
        return tuple(map(str, value))

    def _reviewed(self) -> str:
        value = self.table.get("reviewed", "")
        example = 'write the day and who: reviewed = "2026-11-28 ann"; a proposal has reviewed = ""'
        if not isinstance(value, str):
            self._fail("has reviewed that is no text", example)
        when, *who = value.split(maxsplit=1) or [""]
        if when and not (day(when) and who):
            self._fail(f"has reviewed that is no day with a name: {value!r}", example)
        return value.strip()

    def _fail(self, problem: str, hint: str) -> Never:
        raise UsageError(f"{self.place} {problem}", hint=hint)


# writing it


def updated(text: str, proposals: Sequence[Permission], fired: Iterable[str], filename: str = f"launch/{FILE}") -> str:
    """The file's text with new proposals for these critical paths: what is signed stays as it stands.

    An entry that was not signed stays, is written anew in its place, or goes; those of other critical paths stay. A
    line that is a comment stays, but for one that stands in an entry that goes, or right above it.

    Raises:
        UsageError: the text cannot be meant, or its entries cannot be told apart by their lines.
    """
    paths = set(fired)
    head, blocks = _cut(text or _HEAD, filename)
    kept = [block.entry for block in blocks if block.entry.reviewed or block.entry.path not in paths]
    new = {(each.path, each.step): _unsaid(each, find(kept, each.path, each.step)) for each in proposals}
    written = head
    for block in blocks:
        written += (
            str(block) if block.entry in kept else block.anew(new.pop((block.entry.path, block.entry.step), None))
        )
    added = [_toml(entry) for entry in new.values() if entry.names]
    written = "\n".join([written.rstrip("\n") + "\n", *added])
    parse(written, f"what was to be written to {filename}")
    return written


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """An entry as it stands: the comment right above it, its lines, and the blank lines and comments behind them."""

    entry: Permission
    above: str
    lines: tuple[str, ...]
    behind: str

    def __str__(self) -> str:
        return self.above + "".join(self.lines) + self.behind

    def anew(self, entry: Permission | None) -> str:
        """The text with another entry of the same step in its place, or none."""
        if not entry or not entry.names:
            return self.behind.lstrip("\n") if self.behind.strip() else ""
        if (set(entry.allowed), set(entry.refused)) == (set(self.entry.allowed), set(self.entry.refused)):
            return str(self)
        comments = "".join(line for line in self.lines if _is_comment(line))
        return f"{self.above}{comments}{_toml(entry)}{self.behind}"


def _cut(text: str, filename: str) -> tuple[str, list[_Block]]:
    """What stands before the first entry, then the entries. Raises UsageError where lines are no way to cut them."""
    entries, lines = parse(text, filename), [f"{line}\n" for line in text.rstrip("\n").split("\n")]
    headers = [index for index, line in enumerate(lines) if begins(line, _KEY)]
    starts = [_comment_above(lines, header) for header in headers]
    ends = [*starts, len(lines)]
    pieces = ["".join(lines[header:end]) for header, end in zip(headers, ends[1:], strict=True)]
    head = "".join(lines[: ends[0]])
    if not _are(entries, head, pieces):
        hint = f"begin each entry with a line {_HEADER}, and let no text hold such a line"
        raise UsageError(f"{filename} holds entries that cannot be told apart by their lines", hint=hint)
    blocks = []
    for entry, start, header, end in zip(entries, starts, headers, ends[1:], strict=True):
        last = max(index for index in range(header, end) if lines[index].strip() and not _is_comment(lines[index])) + 1
        above, behind = "".join(lines[start:header]), "".join(lines[last:end])
        blocks.append(_Block(entry=entry, above=above, lines=tuple(lines[header:last]), behind=behind))
    return head, blocks


def _are(entries: Iterable[Permission], head: str, pieces: Iterable[str]) -> bool:
    """Whether pieces of text are these entries, each one by itself; and the head is none."""
    try:
        found = [[replace(entry, place="") for entry in parse(piece)] for piece in pieces]
        rest = document(head, "the head", hint="")
    except UsageError:
        return False
    return not rest and found == [[replace(entry, place="")] for entry in entries]


def _comment_above(lines: Sequence[str], index: int) -> int:
    """Where the comment begins that ends right above a line; the line itself where none does."""
    while index and _is_comment(lines[index - 1]):
        index -= 1
    return index


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")


def _unsaid(proposal: Permission, said: Sequence[Permission]) -> Permission:
    """What of a proposal no entry says already."""

    def left(names: Iterable[str]) -> tuple[str, ...]:
        return tuple(who for who in names if not any(entry.says(who) for entry in said))

    return replace(proposal, allowed=left(proposal.allowed), refused=left(proposal.refused))


def _toml(entry: Permission) -> str:
    """A proposal as it stands in the file."""
    fields = {"path": entry.path, "step": entry.step.removesuffix(" #1")}
    return "\n".join(
        [
            _HEADER,
            *(f"{key} = {quoted(value)}" for key, value in fields.items()),
            f"allowed = {_list(entry.allowed)}",
            f"refused = {_list(entry.refused)}",
            'reviewed = ""',
            "",
        ]
    )


def _list(names: Iterable[str]) -> str:
    return f"[{', '.join(map(quoted, names))}]"
