"""The cases: a project folder each, and the findings that it must or must not show."""

import shutil
import subprocess
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from hotfire.model.judgement import Finding

TESTS = Path(__file__).parents[1]
DEFAULT_LINE = "retry"


@dataclass(frozen=True, slots=True, order=True)
class Expected:
    """A finding that counts: line, step and class, as the header declares them; a blocker where it does not say.

    Several `steps` or `classes` are alternatives: the bug may be told at any of them.
    """

    line: str
    steps: tuple[str, ...]
    classes: tuple[str, ...]
    severity: str = "blocker"

    def met_by(self, finding: Finding) -> bool:
        """Whether the finding is this one, as the blocker or the note that it is declared to be."""
        alike = (finding.line, finding.severity) == (self.line, self.severity)
        return alike and finding.step in self.steps and finding.category in self.classes

    @property
    def name(self) -> str:
        """Line and class: "retry · lost or partial state"."""
        return f"{self.line} · {' or '.join(sorted(self.classes))}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One project. `expected` is empty for what is right: there, nothing may be found. `patch` makes a mutant.

    Each of `expected` is a bug of its own, and must be found.
    `also` is true of the case, and may be told: that a GET counts its readers, say, or another sign of the same bug.
    `lines` are the lines of the checklist that are asked: those that its header names, else those of the findings that
    it, or its twin, declares.
    """

    name: str
    kind: str  # twin | mutant | correct
    folder: Path
    expected: tuple[Expected, ...] = ()
    also: tuple[Expected, ...] = ()
    patch: Path | None = None
    lines: tuple[str, ...] = (DEFAULT_LINE,)

    @property
    def by_silence(self) -> bool:
        """Whether its service is started by a command of its own, which cannot be asked whether it is at rest."""
        return "\ncommand = " in (self.folder / "pyproject.toml").read_text()

    @contextmanager
    def laid_out(self) -> Iterator[Path]:
        """The project in a folder of its own, with what it shares with its siblings, and the mutant's patch applied."""
        with TemporaryDirectory(prefix="hotfire-corpus-") as scratch:
            shared = self.folder.parent
            around = Path(scratch) / "project"
            if shared.name == "services":
                shutil.copytree(self.folder, around / self.folder.name, ignore=_IGNORED)
            else:
                shutil.copytree(shared, around, ignore=_IGNORED)
            project = around / self.folder.name
            if self.patch:
                command = ["git", "apply", "-p1", str(self.patch)]
                subprocess.run(command, cwd=project, check=True, capture_output=True)
            yield project


_IGNORED = shutil.ignore_patterns("__pycache__", ".hotfire")


def cases() -> list[Case]:
    """All of them, in a fixed order."""
    return [*_twins(), *_correct(), *_mutants()]


def _twins() -> Iterator[Case]:
    for header in sorted((TESTS / "twins").glob("*/twin.toml")):
        parsed = tomllib.loads(header.read_text())
        expected, also = _declared(parsed["expect"], "blocker"), _declared(parsed.get("also", ()), "blocker")
        name, lines = header.parent.name, tuple(parsed.get("lines", dict.fromkeys(each.line for each in expected)))
        bad = header.parent / "bad"
        yield Case(name=f"{name}/bad", kind="twin", folder=bad, expected=expected, also=also, lines=lines)
        yield Case(name=f"{name}/good", kind="correct", folder=header.parent / "good", lines=lines)


def _correct() -> Iterator[Case]:
    for header in sorted((TESTS / "services").glob("*/service.toml")):
        parsed = tomllib.loads(header.read_text())
        lines, also = tuple(parsed.get("lines", (DEFAULT_LINE,))), _declared(parsed.get("notes", ()), "note")
        yield Case(name=header.parent.name, kind="correct", folder=header.parent, lines=lines, also=also)


def _declared(findings: Iterable[Mapping[str, str | list[str]]], severity: str) -> tuple[Expected, ...]:
    """The findings that a header declares, of this severity where it does not say."""
    return tuple(
        Expected(str(f["line"]), _any_of(f["step"]), _any_of(f["class"]), str(f.get("severity", severity)))
        for f in findings
    )


def _any_of(declared: str | list[str]) -> tuple[str, ...]:
    """A step or a class, or a list of those of which any is right."""
    return (declared,) if isinstance(declared, str) else tuple(declared)


def _mutants() -> Iterator[Case]:
    for patch in sorted((TESTS / "mutants").glob("*.patch")):
        fields = [line.split(": ", 1) for line in patch.read_text().split("\n---", 1)[0].splitlines() if ": " in line]
        steps = [tuple(value.strip().split(" or ")) for name, value in fields if name == "step"]
        classes = [tuple(value.strip().split(" or ")) for name, value in fields if name == "class"]
        lines = [value.strip() for name, value in fields if name == "line"] * len(steps)
        service = next(value.strip() for name, value in fields if name == "service")
        expected = tuple(map(Expected, lines, steps, classes))
        asked = tuple(dict.fromkeys(lines))
        yield Case(name=patch.stem, kind="mutant", folder=TESTS / service, expected=expected, patch=patch, lines=asked)
