"""A comment for a pull request: the verdict first, the grid, findings with fix and replay, details folded.

Never longer than a comment of GitHub may be (65,536); what does not fit is counted, and `hotfire report` tells the
rest. What the service said is escaped: it makes no markup and mentions nobody. The first line is a mark by which a
script finds its comment again.

    hotfire check --report markdown=hotfire.md
"""

import re

from hotfire.model.judgement import Finding, Unknown
from hotfire.model.run import PathResult, Run
from hotfire.reports.archive import Record
from hotfire.reports.phrases import (
    cell_of,
    count,
    duration,
    kind_word,
    mark_of,
    notices,
    path_line,
    step_name,
    verdict_reason,
    verdict_word,
    waiver_says,
)
from hotfire.reports.telling import Judgement, title_of
from hotfire.waivers import entry

SUFFIX = "md"
LIMIT = 65_000
"""Bytes of UTF-8, so that it fits however a host counts."""

_MARK = "<!-- hotfire -->"
_SIGNS = {"GO": "✅", "NO-GO": "❌"}
_ROWS, _POINTS, _TEXT = 50, 10, 1_000
_RESERVE = 400  # bytes, for the line that says what was left out


def render(record: Record) -> str:
    """Sections in the order of their weight, as many as fit."""
    run = record.run
    head = "\n\n".join(part for part in (_MARK, _verdict(run), _grid(run)) if part)
    return _fit(run, head, [part for part in (_notices(run), _ledgers(run), _footer(run)) if part])


def _fit(run: Run, head: str, tail: list[str]) -> str:
    """The head, then the entries that fit, then what fits of the tail; what is left out is counted."""
    kept, room = [head], LIMIT - _RESERVE - _size(head)
    entries = [*_mistaken(run), *_said(run)]
    for index, (result, judgement) in enumerate(entries):
        part = _judgement(run, result, judgement) if judgement else _mistake(result)
        if (room := room - _size(part) - 2) < 0:
            left = len(entries) - index
            return "\n\n".join([*kept, f"*and {left} more, for which there is no room here: `hotfire report`*"]) + "\n"
        kept.append(part)
    kept += [part for part in tail if (room := room - _size(part) - 2) >= 0]
    return "\n\n".join(kept) + "\n"


def _size(text: str) -> int:
    return len(text.encode("utf-8", "replace"))


def _verdict(run: Run) -> str:
    word = verdict_word(run)
    return f"## {_SIGNS.get(word, '❔')} {word}\n\n{_text(verdict_reason(run))}"


def _grid(run: Run) -> str:
    lines = (*run.lines, *run.not_asked)
    if not run.paths or not lines:
        return ""
    rows = [f"| critical path | {' | '.join(map(_cell, lines))} |", f"|---|{':---:|' * len(lines)}"]
    rows += [_row(run, result, lines) for result in run.paths[:_ROWS]]
    more = len(run.paths) - _ROWS
    rows += [f"\n*and {count(more, 'critical path')} more*"] if more > 0 else []
    return "\n".join(rows)


def _row(run: Run, result: PathResult, lines: tuple[str, ...]) -> str:
    cells = [f"{mark_of(run, result, line)} {cell_of(run, result, line)}" for line in lines]
    return f"| {_cell(result.path.name)} | {' | '.join(cells)} |"


def _cell(text: str) -> str:
    return _text(text, 100)


def _mistaken(run: Run) -> list[tuple[PathResult, None]]:
    return [(result, None) for result in run.paths if result.mistake]


def _mistake(result: PathResult) -> str:
    return f"**MISTAKE** {_text(result.path.name)} did not come to its end: {_text(result.mistake)}"


def _said(run: Run) -> list[tuple[PathResult, Judgement]]:
    """What counts first: blockers, unknowns, then what is waived, then notes; each cause once."""
    once: dict[str, tuple[PathResult, Judgement]] = {}
    for result in run.paths:
        for each in result.judgements:
            identity = each.fingerprint + ("" if isinstance(each, Finding) else each.missing)
            once.setdefault(identity, (result, each))
    order = ("BLOCKER", "UNKNOWN", "WAIVED", "NOTE")
    return sorted(once.values(), key=lambda pair: order.index(kind_word(run, pair[1])))


def _judgement(run: Run, result: PathResult, judgement: Judgement) -> str:
    word = kind_word(run, judgement)
    place = " · ".join(part for part in (judgement.line, result.path.name) if part)
    step = f" · {_code(step_name(judgement.step))}" if judgement.step else ""
    lines = [
        f"- {_text(place)}{step}",
        f"- owner: {_text(result.path.owner)}" if result.path.owner else "",
        f"- {_text(waiver_says(run, judgement))}" if waiver_says(run, judgement) else "",
        f"- fix: {_text(judgement.fix)}",
        f"- replay: `hotfire replay {judgement.trial}`" if judgement.trial else "",
    ]
    body = "\n".join(line for line in lines if line)
    return f"**{word}** {_text(title_of(judgement))}\n\n{body}{_details(word, judgement)}"


def _details(word: str, judgement: Finding | Unknown) -> str:
    points = judgement.points if isinstance(judgement, Finding) else ()
    said = [f"- {_text(point, 300)}" for point in points[:_POINTS]]
    said += [f"- and {count(len(points) - _POINTS, 'point')} more"] if len(points) > _POINTS else []
    folded = _folded(count(len(points), "point"), "\n".join(said)) if said else ""
    if word == "BLOCKER":
        snippet = f"Complete this entry of `launch/waivers.toml`:\n\n{_block(entry(judgement), 'toml')}"
        folded += _folded("accept this risk", snippet)
    return folded


def _folded(summary: str, body: str) -> str:
    return f"\n\n<details><summary>{summary}</summary>\n\n{body}\n\n</details>"


def _notices(run: Run) -> str:
    return "\n".join(f"- note: {_text(notice)}" for notice in notices(run)[:_ROWS])


def _ledgers(run: Run) -> str:
    rows = ["| critical path | line | tried | passed | failed | not judged | not reached |", f"|{'---|' * 7}"]
    for result in run.paths[:_ROWS]:
        for line, each in result.ledgers.items():
            numbers = (each.tried, each.passed, each.failed, each.unknown, len(each.not_reached))
            rows.append(f"| {_cell(result.path.name)} | {_cell(line)} | {' | '.join(map(str, numbers))} |")
    fired = "\n".join(f"- {_text('    '.join(path_line(result)))}" for result in run.paths[:_ROWS])
    return _folded("what was fired", f"{fired}\n\n" + "\n".join(rows)).strip() if len(rows) > 2 else ""


def _footer(run: Run) -> str:
    project = f"{_text(run.project)} · " if run.project else ""
    return f"<sub>hotfire · {project}run {_code(run.id)} · {duration(run.seconds)}</sub>"


def _text(text: str, limit: int = _TEXT) -> str:
    """One line of plain words: nothing in it is markup, mentions anybody or links an issue."""
    flat = " ".join(text.split())
    short = flat if len(flat) <= limit else f"{flat[: limit - 1]}…"
    escaped = short.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    escaped = re.sub(r"([\\`*_\[\]|~])", r"\\\1", escaped)
    escaped = re.sub(r"^(\d+(?=[.)])|(?=[-+#=]))", r"\1\\", escaped)  # would begin a list, a heading or a rule
    return re.sub(r"(?<![\w.])@(?=\w)|(?<=#)(?=\d)", lambda found: f"{found[0]}&#8203;", escaped)


def _code(text: str) -> str:
    """A code span (CommonMark 6.1): fenced by more backticks than stand in it."""
    flat = " ".join(text.split())[:_TEXT]
    fence = "`" * (_longest(flat) + 1)
    pad = " " if flat.startswith("`") or flat.endswith("`") else ""
    return f"{fence}{pad}{flat}{pad}{fence}"


def _block(text: str, language: str) -> str:
    fence = "`" * max(3, _longest(text) + 1)
    return f"{fence}{language}\n{text[: 4 * _TEXT].rstrip()}\n{fence}"


def _longest(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)
