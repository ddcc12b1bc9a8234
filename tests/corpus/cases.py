"""The cases: a project folder each, and the findings that it must or must not show."""

import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

TESTS = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True, order=True)
class Expected:
    """A finding that counts: line, step and class, as the header declares them."""

    line: str
    step: str
    category: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One project. `expected` is empty for what is right: there, nothing may be found. `patch` makes a mutant."""

    name: str
    kind: str  # twin | mutant | correct
    folder: Path
    expected: tuple[Expected, ...] = ()
    patch: Path | None = None

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
        expected = tuple(Expected(each["line"], each["step"], each["class"]) for each in parsed["expect"])
        name = header.parent.name
        yield Case(name=f"{name}/bad", kind="twin", folder=header.parent / "bad", expected=expected)
        yield Case(name=f"{name}/good", kind="correct", folder=header.parent / "good")


def _correct() -> Iterator[Case]:
    for header in sorted((TESTS / "services").glob("*/service.toml")):
        yield Case(name=header.parent.name, kind="correct", folder=header.parent)


def _mutants() -> Iterator[Case]:
    for patch in sorted((TESTS / "mutants").glob("*.patch")):
        fields = [line.split(": ", 1) for line in patch.read_text().split("\n---", 1)[0].splitlines() if ": " in line]
        steps = [value.strip() for name, value in fields if name == "step"]
        classes = [value.strip() for name, value in fields if name == "class"]
        lines = [value.strip() for name, value in fields if name == "line"] * len(steps)
        service = next(value.strip() for name, value in fields if name == "service")
        expected = tuple(map(Expected, lines, steps, classes))
        yield Case(name=patch.stem, kind="mutant", folder=TESTS / service, expected=expected, patch=patch)
