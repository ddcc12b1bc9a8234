"""The story of one trial, for `hotfire show ID`: request, effects, the cut, retry, answer, state, log lines."""

from collections.abc import Iterator, Sequence

from hotfire.model.history import Baseline, LogLine, Reply, RowChange
from hotfire.reports.archive import StoredTrial
from hotfire.reports.phrases import duration, perturbation_says, step_name
from hotfire.reports.timeline import Moment, answer, asked, changed, timeline

_SIGNS = {"request": "→", "call": " ", "cut": "✂", "effect": "*", "answer": "←", "log": "|", "exit": "†"}
_BODY = 600


def tell(stored: StoredTrial, baseline: Baseline | None = None) -> str:
    """The whole story, as text that is understood without colour."""
    sections = [
        _title(stored),
        _section("what happened", _moments(stored)),
        _section("answers", _answers(stored.judged.history.replies)),
        _section("state when the fault was gone", _rows(stored.judged.history.meanwhile or ())),
        _section("state after it was quiet", _rows(stored.judged.history.state)),
        _section("state that one undisturbed run leaves", _rows(baseline.clean[-1].state)) if baseline else "",
        _section("the rest of the path, played to its end", _rest(stored)),
        _section("its undo, played behind that, and what it left", _undone(stored)),
        _section("log from the start to the step", _lines(stored.judged.history.opening)),
        _section("log", _lines(stored.judged.history.logs)),
        _section("what was said of it", _judgements(stored)),
        f"replay: hotfire replay {stored.judged.trial.id}",
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _title(stored: StoredTrial) -> str:
    trial, history = stored.judged.trial, stored.judged.history
    lines = [
        f"trial {trial.id} of {trial.path} · {trial.check or 'null trial'}",
        f"  step: {step_name(trial.step)}",
        f"  perturbation: {perturbation_says(trial)}",
        f"  world: {history.world}, {history.generation or 'clean'} generation, {duration(history.seconds)}",
        "" if history.reached else "  the point was not reached: this trial proves nothing",
        "  the service itself put the two requests in order" if history.serialised else "",
        f"  still at work at the deadline: {', '.join(history.unquiet)}" if history.unquiet else "",
        f"  trouble: {history.trouble}" if history.trouble else "",
    ]
    return "\n".join(line for line in lines if line)


def _section(title: str, lines: Iterator[str]) -> str:
    body = [f"  {line}" for line in lines]
    return "\n".join([f"{title}:", *body]) if body else ""


def _lines(lines: Sequence[LogLine]) -> Iterator[str]:
    return (f"{_clock(line.at)}  {line.process}: {line.text}" for line in lines)


def _moments(stored: StoredTrial) -> Iterator[str]:
    moments = timeline(stored.judged.history, step_name(stored.judged.trial.step))
    return (f"{_clock(moment.at)} {_SIGNS[moment.kind]} {moment.text}" for moment in _told(moments))


def _told(moments: Sequence[Moment]) -> Iterator[Moment]:
    """All but the log, which has a section of its own."""
    return (moment for moment in moments if moment.kind != "log")


def _clock(seconds: float) -> str:
    return f"{seconds * 1000:7.1f} ms"


def _answers(replies: Sequence[Reply]) -> Iterator[str]:
    for reply in replies:
        yield f"sending {reply.send + 1}, attempt {reply.attempt}, {reply.actor}: {answer(reply)}"
        body = reply.body if len(reply.body) <= _BODY else f"{reply.body[:_BODY]}… ({len(reply.body)} characters)"
        yield from (f"  {line}" for line in body.splitlines())


def _rows(rows: Sequence[RowChange]) -> Iterator[str]:
    for each in map(changed, rows):
        yield f"{each.sign} {each.table}  {', '.join(each.cells)}"


def _rest(stored: StoredTrial) -> Iterator[str]:
    history = stored.judged.history
    for reply in history.final_replies:
        yield f"{reply.actor}: {answer(reply)}"
    if history.mistake:
        yield f"the critical path's own function failed: {history.mistake}"
    yield from _rows(history.final or ())


def _undone(stored: StoredTrial) -> Iterator[str]:
    undone = stored.judged.history.undone
    if undone:
        yield from asked(undone)
        yield from _rows(undone.state)
        yield from _lines(undone.logs)


def _judgements(stored: StoredTrial) -> Iterator[str]:
    for finding in stored.judged.findings:
        yield f"{finding.severity.upper()}  {finding.title}  [{finding.line} · {finding.category}]"
        yield from (f"  {line}" for line in f"fix: {finding.fix}".splitlines())
        yield from (f"  evidence: {each.pointer} of trial {each.trial}" for each in finding.evidence)
    for unknown in stored.judged.unknowns:
        yield f"UNKNOWN  {unknown.missing}"
        yield f"  fix: {unknown.fix}"
    yield from (f"passed with a note: {remark.text}" for remark in stored.judged.remarks)
