"""A waiver: a risk that a person accepted, with owner, reason and end date; it is always shown (DESIGN §3)."""

from dataclasses import dataclass
from datetime import date

from hotfire.model.judgement import Finding, Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """One entry of `launch/waivers.toml`; every field that is written must hold of what it covers.

    `until` is the last day (UTC) on which it counts. With a class (`category`) or a finding's fingerprint it names a
    finding, else whatever could not be judged at its line and step. `tables` are tables, or columns ("posts.status").
    `place` is where it stands, for messages.
    """

    owner: str
    reason: str
    until: date
    fingerprint: str = ""
    line: str = ""
    path: str = ""
    step: str = ""
    category: str = ""
    tables: tuple[str, ...] = ()
    place: str = ""

    @property
    def names(self) -> str:
        """What it names, in a person's words: `retry · author POST /api/posts · duplicate`."""
        parts = (self.line, self.path, self.step, self.category, ", ".join(self.tables), self.fingerprint)
        return " · ".join(part for part in parts if part)

    def in_force(self, day: date) -> bool:
        """Whether it still counts on this day."""
        return day <= self.until

    def covers(self, judgement: Finding | Unknown) -> bool:
        """Whether this is the risk that was accepted; a fault of hotfire's own is never one."""
        match judgement:
            case Finding():
                named = bool(self.fingerprint or self.category) and self.category in {"", judgement.category}
                return named and self._meets(judgement) and self._in_tables(judgement)
            case Unknown():
                finding = bool(self.category or self.tables)
                return not finding and not judgement.ours and self._meets(judgement)

    def _meets(self, judgement: Finding | Unknown) -> bool:
        written = (
            (self.fingerprint, judgement.fingerprint),
            (self.line, judgement.line),
            (self.path, judgement.path),
            (self.step.removesuffix(" #1"), judgement.step.removesuffix(" #1")),
        )
        return all(mine in {"", theirs} for mine, theirs in written)

    def _in_tables(self, finding: Finding) -> bool:
        """What it accepts of some tables, it does not accept of others."""
        if not self.tables:
            return True
        known = set(self.tables)
        return bool(finding.columns) and all({column, column.split(".")[0]} & known for column in finding.columns)
