"""An entry of launch/waivers.toml for all that stands in a run, for a person to complete or to leave out.

Owner, reason and end date are left empty, and an entry is refused until they are written (`hotfire explain waivers`).
"""

from collections.abc import Iterator

from hotfire.model.judgement import Finding, Unknown
from hotfire.model.run import Run
from hotfire.reports.archive import Record
from hotfire.reports.telling import title_of
from hotfire.waivers import entry

SUFFIX = "toml"

_HEAD = "# Accepted risks. Keep an entry only with who accepts it, why, and until when: hotfire explain waivers\n"
_NOTHING = "# nothing stands that a waiver could cover\n"


def render(record: Record) -> str:
    """TOML with a comment above each entry that says what it would accept."""
    entries = dict.fromkeys(f"# {_remark(title_of(each))}\n{entry(each)}" for each in _standing(record.run))
    return "\n".join([_HEAD, *entries]) if entries else _NOTHING


def _standing(run: Run) -> Iterator[Finding | Unknown]:
    """Blockers and unknowns that count; one entry covers all unknowns of a line and step."""
    told: set[str] = set()
    for result in run.paths:
        for each in result.judgements:
            counts = each.severity == "blocker" if isinstance(each, Finding) else not each.ours
            if counts and not run.waiver_of(each) and each.fingerprint not in told:
                told.add(each.fingerprint)
                yield each


def _remark(text: str) -> str:
    return " ".join(text.split())
