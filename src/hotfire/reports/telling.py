"""A finding or an unknown in plain lines, and where it stands in the repository: what JUnit and SARIF both carry."""

from collections.abc import Iterator
from pathlib import Path

from hotfire.model.judgement import Finding, Unknown
from hotfire.model.run import PathResult, Run
from hotfire.model.step import CriticalPath
from hotfire.reports.archive import Record
from hotfire.reports.phrases import step_name, waiver_says

Judgement = Finding | Unknown
POINTS = 10
_FILE = "launch/critical_paths.py"


def title_of(judgement: Judgement) -> str:
    """The difference, or what is missing."""
    return judgement.title if isinstance(judgement, Finding) else judgement.missing


def lines_of(run: Run, result: PathResult, judgement: Judgement) -> Iterator[str]:
    """Title, place, points, owner, waiver, fix and replay, each on lines of its own."""
    yield title_of(judgement)
    yield " · ".join(part for part in (judgement.line, result.path.name, step_name(judgement.step)) if part)
    if isinstance(judgement, Finding):
        yield from (f"  {point}" for point in judgement.points[:POINTS])
        if len(judgement.points) > POINTS:
            yield f"  and {len(judgement.points) - POINTS} points more"
    yield from (f"owner: {result.path.owner}",) if result.path.owner else ()
    yield from (said,) if (said := waiver_says(run, judgement)) else ()
    yield f"fix: {judgement.fix}"
    if judgement.trial:
        yield f"replay: hotfire replay {judgement.trial}"


def source_line(result: PathResult, step: str) -> int:
    """The line of critical_paths.py that sends the step, else the one that declares the critical path; from 1."""
    return next((each.line for each in result.steps if each.key == step and each.line), result.path.line or 1)


def project_of(record: Record) -> Path:
    """The project's folder: the run lies in its .hotfire."""
    return record.folder.parents[1]


def repository_of(record: Record) -> Path:
    """The root of the repository around the project, where there is one: code hosts name files from there."""
    project = project_of(record)
    return next((folder for folder in (project, *project.parents) if (folder / ".git").exists()), project)


def source_of(path: CriticalPath, root: Path, project: Path) -> str:
    """The critical path's file as seen from `root`; where the run was made elsewhere, where it lies by custom."""
    file = Path(path.file)
    if not path.file or not file.is_relative_to(root):
        file = project / (f"{file.parent.name}/{file.name}" if path.file else _FILE)
    return file.relative_to(root).as_posix()
