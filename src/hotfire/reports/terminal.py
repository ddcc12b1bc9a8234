"""The terminal: findings as they are confirmed, one line per critical path, the grid, the verdict last (DESIGN §9)."""

import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TextIO

from hotfire.model.event import (
    Event,
    FindingConfirmed,
    PathEnded,
    PathFailed,
    PathSurveyed,
    RunEnded,
    RunStarted,
    TrialEnded,
    TrialsPlanned,
    UnknownMet,
)
from hotfire.model.judgement import Finding, Unknown
from hotfire.model.run import PathResult, Run
from hotfire.model.world import Mistake
from hotfire.reports.archive import Record
from hotfire.reports.phrases import (
    count,
    kind_word,
    mark_of,
    notices,
    path_line,
    points,
    step_name,
    verdict_reason,
    verdict_word,
    waiver_says,
)

SUFFIX = "txt"
WIDTH = 120
_PROGRESS = 79  # a line that wraps cannot be taken back

_COLOURS = {"BLOCKER": "31;1", "NOTE": "33", "WAIVED": "36", "UNKNOWN": "33;1", "MISTAKE": "31;1"}
_COLOURS |= {"GO": "32;1", "NO-GO": "31;1"}


def render(record: Record) -> str:
    """A stored run as the terminal told it, each path's findings after its line."""
    owners = {result.path.name: result.path.owner for result in record.run.paths}
    run = record.run
    blocks = ["\n".join(_notices(notices(run)))]
    for result in run.paths:
        blocks.append(_path(result))
        blocks += [_finding(run, finding, owners) for finding in result.findings]
        blocks += [_unknown(run, unknown) for unknown in dict.fromkeys(result.unknowns)]
    report = record.folder / "report.html"
    where = f".hotfire/{run.id}/report.html" if report.exists() else ""
    blocks += [_grid(run), _verdict(run, where)]
    return "\n\n".join(block for block in blocks if block) + "\n"


def wants_colour(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Whether to colour: only on a terminal, never under NO_COLOR (https://no-color.org) or TERM=dumb."""
    return stream.isatty() and not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"


@dataclass(slots=True, kw_only=True)
class Terminal:
    """Tells a run as it happens. `progress` is a terminal for the one line that changes, or None; `report` is shown."""

    out: TextIO
    progress: TextIO | None = None
    colour: bool = False
    report: str = ""
    _run: Run = field(default_factory=lambda: Run(id="", project="", started="", lines=()))
    _owners: dict[str, str] = field(default_factory=dict)
    _said: set[str] = field(default_factory=set)
    _path: str = ""
    _planned: int = 0
    _ended: int = 0
    _seen: str = ""

    def on(self, event: Event) -> None:
        """Print what the event brings."""
        match event:
            case RunStarted():
                self._run = event.run
                self._say_once(_notices(notices(event.run)))
            case PathSurveyed():
                self._begin(event.survey.path.name, event.survey.path.owner)
                self._say_once(_notices(event.survey.notices))
            case TrialsPlanned():
                self._planned += len(event.trials)
                self._show_progress()
            case TrialEnded():
                self._ended += 1
                self._seen = next(
                    (each.title for each in event.judged.findings if each.severity == "blocker"), self._seen
                )
                self._show_progress()
            case FindingConfirmed():
                self._seen = ""
                self._print(_finding(self._run, event.finding, self._owners, self._paint))
            case UnknownMet():
                self._say_once([_unknown(self._run, event.unknown, self._paint)])
            case PathFailed():
                self._print(_mistake(event.path, event.mistake, self._paint))
            case PathEnded():
                self._print(_path(event.result))
            case RunEnded():
                self._end(event.run)
            case _:
                pass

    def _begin(self, path: str, owner: str) -> None:
        self._owners[path] = owner
        self._path, self._planned, self._ended = path, 0, 0
        self._show_progress()

    def _end(self, run: Run) -> None:
        self._say_once(_notices(notices(run)))
        self._print(_grid(run))
        self._print(_verdict(run, self.report, self._paint), after="")

    def _say_once(self, blocks: list[str]) -> None:
        for block in blocks:
            if block not in self._said:
                self._said.add(block)
                self._print(block)

    def _print(self, block: str, after: str = "\n") -> None:
        if block:
            self._clear()
            print(block, end=f"\n{after}", file=self.out, flush=True)
            if after:
                self._show_progress()

    def _show_progress(self) -> None:
        if self.progress and self._path:
            planned = f"{self._ended} of {count(self._planned, 'trial')}" if self._planned else "played undisturbed"
            seen = f"  seen, to be seen again: {self._seen}" if self._seen else ""
            line = _short(f"{self._path}  {planned}{seen}", _PROGRESS)
            print(f"\r\x1b[K{line}", end="", file=self.progress, flush=True)

    def _clear(self) -> None:
        if self.progress:
            print("\r\x1b[K", end="", file=self.progress, flush=True)

    def _paint(self, word: str) -> str:
        return f"\x1b[{_COLOURS[word]}m{word}\x1b[0m" if self.colour and word in _COLOURS else word


_Paint = Callable[[str], str]


def _plain(word: str) -> str:
    return word


def _fill(text: str, first: str = "", rest: str = "") -> str:
    """Fold at blanks only: a URL, a column or a command stays whole."""
    return textwrap.fill(
        text, WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )


def _notices(said: tuple[str, ...]) -> list[str]:
    return [_fill(f"note: {notice}", rest="      ") for notice in said]


def _path(result: PathResult) -> str:
    name, outcome = path_line(result)
    return f"{name}    {outcome}"


def _heading(word: str, title: str, place: str, paint: _Paint) -> str:
    """The kind and the difference on the left, the place on the right; on a line of its own where both are long."""
    left, right = f"{word}  {title}", f"[{place}]"
    if len(left) + len(right) + 2 <= WIDTH:
        line = left + right.rjust(WIDTH - len(left))
    else:
        line = f"{_fill(left, rest='  ')}\n  {right}"
    return line.replace(word, paint(word), 1)


def _field(name: str, text: str) -> str:
    lines = text.splitlines() or [""]
    first = _fill(f"{name}: {lines[0]}", "  ", "    ")
    return "\n".join([first, *(f"    {line}" for line in lines[1:])])


def _finding(run: Run, finding: Finding, owners: Mapping[str, str], paint: _Paint = _plain) -> str:
    lines = [
        _heading(kind_word(run, finding), finding.title, f"{finding.line} · {step_name(finding.step)}", paint),
        _fill(points(finding), "  ", "  ") if finding.points else "",
        _field("owner", owners.get(finding.path, "")) if owners.get(finding.path) else "",
        _waiver(run, finding),
        _field("fix", finding.fix),
        f"  replay: hotfire replay {finding.trial}" if finding.trial else "",
    ]
    return "\n".join(line for line in lines if line)


def _waiver(run: Run, judgement: Finding | Unknown) -> str:
    said = waiver_says(run, judgement)
    return _fill(said, "  ", "    ") if said else ""


def _unknown(run: Run, unknown: Unknown, paint: _Paint = _plain) -> str:
    place = " · ".join(part for part in (unknown.line, unknown.path, step_name(unknown.step)) if part)
    lines = [
        _heading(kind_word(run, unknown), unknown.missing, place, paint),
        _waiver(run, unknown),
        _field("fix", unknown.fix),
        f"  replay: hotfire replay {unknown.trial}" if unknown.trial else "",
    ]
    return "\n".join(line for line in lines if line)


def _mistake(path: str, mistake: Mistake, paint: _Paint = _plain) -> str:
    place = " · ".join(part for part in (path, step_name(mistake.step)) if part)
    return "\n".join(
        [_heading("MISTAKE", mistake.problem, place, paint), *_evidence(mistake), f"  hint: {mistake.hint}"]
    )


def _evidence(mistake: Mistake) -> Iterator[str]:
    reply = mistake.reply
    if reply:
        yield f"  response: {reply.status if reply.status is not None else reply.cut or 'none'}"
        yield from (f"    {line[: WIDTH - 4]}" for line in reply.body.splitlines()[:10])
    if mistake.logs:
        yield "  log:"
        yield from (f"    {line.process}: {line.text}" for line in mistake.logs[-10:])


def _grid(run: Run) -> str:
    lines = (*run.lines, *run.not_asked)
    if not run.paths or not lines:
        return ""
    names = [_short(result.path.name, 24) for result in run.paths]
    margin = max(11, *(len(name) for name in names))
    head = " " * margin + "".join(f"  {line}" for line in lines)
    rows = [
        name.ljust(margin) + "".join("  " + mark_of(run, result, line).center(len(line)) for line in lines).rstrip()
        for name, result in zip(names, run.paths, strict=True)
    ]
    return "\n".join([head, *rows])


def _short(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"


def _verdict(run: Run, report: str, paint: _Paint = _plain) -> str:
    word, reason = verdict_word(run), verdict_reason(run)
    gap = " " if word == "GO" else "  "
    where = f" · report: {report}" if report else ""
    return f"{paint(word)}{gap}{reason}{where}"
