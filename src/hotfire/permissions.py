"""Permissions: who may do which step of a critical path besides its own actor, in `launch/permissions.toml`.

`hotfire permissions` writes it, a person reads it and signs its entries (`hotfire explain permissions` shows one).
`allowed` and `refused` name actors: of the same role (a peer, at what the step's actor made), of other roles, and
`nobody`, who has no credential. "broken credential" stands for one whose end was changed, "at other_author's body
/order" for the step's own actor, with the value that stands there in a peer's request. What nobody may do is allowed to
everybody, and is not told of each.

An entry counts once it is signed: from then on each deviation from it is a blocker. An entry with `reviewed = ""` is a
proposal, and the line is UNKNOWN as long as it allows anything. A step has several entries where actors were added
later. An entry that names a critical path or a step that is not there ends the run with exit code 4; one that names
somebody who was not there to try is UNKNOWN.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Never

from hotfire.errors import UsageError
from hotfire.toml import day, quoted, tables

FILE = "permissions.toml"
BROKEN = "broken credential"
Verb = Literal["allowed", "refused"]

_KEYS = ("path", "step", "allowed", "refused", "reviewed")
_BLOCK = "[[permission]]"
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
    found = tables(text, filename, "permission", hint="or remove the file, and run `hotfire permissions`")
    entries = tuple(_Block(place, table).permission() for place, table in found)
    _once_each(entries)
    return entries


def _once_each(entries: Iterable[Permission]) -> None:
    said: dict[tuple[str, str, str], Permission] = {}
    for entry in entries:
        for who in (*entry.allowed, *entry.refused):
            before = said.setdefault((entry.path, entry.step, who), entry)
            if before is not entry or (who in entry.allowed and who in entry.refused):
                there = f"; so does {before.place}" if before is not entry else " twice"
                problem = f"{entry.place} says what {who!r} may do at {entry.step}{there}"
                raise UsageError(problem, hint="leave one of the two, and sign it")


@dataclass(frozen=True, slots=True)
class _Block:
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


def updated(text: str, proposals: Sequence[Permission], fired: Iterable[str]) -> str:
    """The file's text with new proposals for these critical paths: what is signed stays as it stands.

    An entry that was not signed is written anew, or goes; those of other critical paths stay. A comment above an entry
    stays with it.
    """
    paths = set(fired)
    head, *blocks = _blocks(text or _HEAD)
    kept = [head]
    signed: list[Permission] = []
    comments: dict[tuple[str, str], str] = {}
    for block in blocks:
        (entry,) = parse(block)
        if entry.reviewed or entry.path not in paths:
            kept.append(block)
            signed.append(entry)
        else:
            comments[entry.path, entry.step] = block.partition(_BLOCK)[0]
    new = [
        f"{comments.get((each.path, each.step), '')}{block}\n"
        for each in proposals
        if (block := _unsigned(each, find(signed, each.path, each.step)))
    ]
    return "\n".join(["".join(kept).rstrip("\n") + "\n", *new])


def _blocks(text: str) -> list[str]:
    """What stands before the first entry, then each entry with the comment right above it."""
    blocks, comment = [""], ""
    for line in text.splitlines(keepends=True):
        if line.startswith("#"):
            comment += line
        elif line.startswith(_BLOCK):
            blocks.append(comment + line)
            comment = ""
        else:
            blocks[-1] += comment + line
            comment = ""
    blocks[-1] += comment
    return blocks


def _unsigned(proposal: Permission, signed: Sequence[Permission]) -> str:
    """What of a proposal no signed entry says already, as TOML; "" where that is nothing."""
    allowed, refused = (
        [who for who in names if not any(entry.says(who) for entry in signed)]
        for names in (proposal.allowed, proposal.refused)
    )
    if not allowed and not refused:
        return ""
    fields = {"path": proposal.path, "step": proposal.step.removesuffix(" #1")}
    return "\n".join(
        [
            _BLOCK,
            *(f"{key} = {quoted(value)}" for key, value in fields.items()),
            f"allowed = {_list(allowed)}",
            f"refused = {_list(refused)}",
            'reviewed = ""',
        ]
    )


def _list(names: Iterable[str]) -> str:
    return f"[{', '.join(map(quoted, names))}]"
