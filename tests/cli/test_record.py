"""`hotfire record` as a user meets it: recorded, reviewed, held to it, recorded again; and what cannot be meant."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from hotfire.cli.record import Wanted, _Change, _changes, _Plays, _write
from hotfire.config import parse as parse_config
from hotfire.expected import Expected, parse
from hotfire.model.history import Reply
from hotfire.model.step import Step
from hotfire.testing import reply
from hotfire.worlds.launchpad import Site
from tests.robust.project import CONFIGURATION, REST, SERVICE, Project, project
from tests.robust.remains import nothing_left

Snapshot = Callable[[str, str], None]

ASKED = CONFIGURATION.replace('["retry"]', '["response"]') + REST
RENAMED = SERVICE.replace('return {"title": found[0]}', 'return {"name": found[0]}')
FILE = "launch/expected/publish/author-GET-posts-title-1.txt"


def told(target: Project, *arguments: str, given: str = "") -> str:
    """A command with its streams and its exit code."""
    ended = target.run(*arguments, given=given)
    shown = (
        f"$ hotfire {' '.join(arguments)}\n{ended.out}--- to standard error\n{ended.err}--- exit code {ended.code}\n"
    )
    return target.plain(shown)


def kept(target: Project) -> str:
    """The file of the second step, without the day of the recording."""
    text = (target.folder / FILE).read_text(encoding="utf-8")
    return re.sub(r'(?m)^(recorded|reviewed) = "\d{4}-\d\d-\d\d', r'\1 = "DAY', text)


def review(folder: Path) -> None:
    """What a person does with an editor."""
    for file in folder.glob("launch/expected/*/*.txt"):
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace('reviewed = ""', 'reviewed = "2026-11-28 ann"'), encoding="utf-8")


def test_recorded_reviewed_and_recorded_again(snapshot: Snapshot) -> None:
    with project(configuration=ASKED) as target:
        parts = [told(target, "record")]
        parts.append(kept(target))
        review(target.folder)
        target.write(service=RENAMED)
        parts.append(told(target, "check", "-j", "1"))
        parts.append(told(target, "record", "--interactive", "--by", "eve", given="y\n"))
        parts.append(kept(target))
        nothing_left(target)
    snapshot("record.txt", "\n".join(parts))


def test_what_cannot_be_meant(snapshot: Snapshot) -> None:
    with project(configuration=ASKED) as target:
        file = target.folder / FILE
        file.parent.mkdir(parents=True)
        head = 'step = "author GET /posts/{title} #1"\nrecorded = "2026-11-28"\nreviewed = ""\nbody = "json"\n'
        file.write_text(f"{head}---\nGET /posts/a\n---\n200\n---\n{{", encoding="utf-8")
        parts = [told(target, "check"), told(target, "record", "--by", "eve"), told(target, "record", "-p", "publsh")]
        file.write_text(f"{head}---\nGET /posts/a\n---\n200\n---\n{{}}", encoding="utf-8")
        file.parent.rename(file.parent.parent / "publsh")
        parts.append(told(target, "check"))
    snapshot("record_mistakes.txt", "\n".join(parts))


# what recording comes to, by value

STEP = "author GET /posts/{title} #1"
HEAD = f'step = "{STEP}"\nrecorded = "2026-11-28"\nreviewed = "2026-11-28 ann"\nbody = "text"\n'
TEXT = f"{HEAD}---\nGET /posts/a\n---\n200\n---\nversion 1.2"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(project=tmp_path, config=parse_config('[tool.hotfire.service]\napp = "a:b"\n', "pyproject.toml"))


def old(step: str = STEP, reviewed: str = "2026-11-28 ann") -> Expected:
    return replace(parse(TEXT, FILE), step=step, reviewed=reviewed, place=FILE)


def changes(site: Site, known: Expected | None, *answers: Reply, wanted: Wanted | None = None) -> list[_Change]:
    """What recording one step comes to, played six times with these answers in turn."""
    step = Step(actor="author", method="GET", route="/posts/{title}", target="/posts/a")
    runs: list[Sequence[Reply]] = [(answer,) for answer in answers * (6 // len(answers))]
    plays = _Plays(path="publish", steps=(step,), runs=runs, sent={0: ["/posts/a"]})
    before = {("publish", known.step): known} if known else {}
    return list(_changes(site, before, plays, wanted or Wanted()))


def test_what_is_the_same_keeps_its_review(site: Site) -> None:
    (same,) = changes(site, old(), reply(200, "version 1.2"))
    assert (same.says, same.file.name) == ("unchanged", "author-GET-posts-title-1.txt")


def test_what_a_person_has_widened_stays(site: Site) -> None:
    (same,) = changes(site, replace(old(), body="version <any>"), reply(200, "version 2.0"))
    assert same.says == "unchanged"


def test_what_is_another_loses_its_review(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    found = changes(site, old(), reply(200, "version 2.0"))
    assert _write(found, Wanted()) == 0
    assert 'reviewed = ""' in found[0].file.read_text()
    assert "1 to review" in capsys.readouterr().err


def test_a_step_that_is_gone_takes_its_file_along_when_the_whole_path_is_recorded(site: Site) -> None:
    gone = old("author GET /gone #1")
    assert [each.says for each in changes(site, gone, reply())] == [
        "recorded",
        "removed: the critical path has no such step",
    ]
    assert [each.says for each in changes(site, gone, reply(), wanted=Wanted(steps=(STEP,)))] == ["recorded"]


def test_answers_that_are_not_steady_are_not_recorded(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    assert _write(changes(site, None, reply(200), reply(201)), Wanted()) == 5
    said = capsys.readouterr()
    assert "not recorded: undisturbed runs do not agree in the status: 200 or 201" in said.out
    assert "to review" not in said.err


def test_what_is_not_compared_is_told(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    json = {"content-type": "application/json"}
    answers = [reply(200, {"items": [1] * run, "a": None if run else 1}, headers=json) for run in (0, 1)]
    found = changes(site, None, *answers)
    _write(found, Wanted())
    said = "not compared, since undisturbed runs do not agree there: body.items[], body.a\n"
    assert said in capsys.readouterr().out
    pages = [reply(200, "<ul>" + "<li>a" * run, headers={"content-type": "text/html"}) for run in (1, 2)]
    _write(changes(site, None, *pages), Wanted())
    assert "do not agree there: page behind <ul>\n" in capsys.readouterr().out
    _write(changes(site, replace(old(), body="version <any>\n<any>"), reply(200, "version 1.2")), Wanted())
    assert "not compared" not in capsys.readouterr().out  # a person wrote it
