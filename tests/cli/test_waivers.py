"""Waivers and reports on the command line: what is refused before anything is fired, and what a CI server gets."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.cli.test_commands import BAD, LOOSE, told
from tests.robust.project import CONFIGURATION, REST, Project, project

Snapshot = Callable[[str, str], None]

ENTRY = """\
[[waiver]]
line = "retry"
step = "author POST /posts"
class = "duplicate"
owner = "Ann <ann@example.org>"
reason = "two posts are better than none (SHOP-214)"
until = 9999-12-31
"""
UNMET = ENTRY.replace('"duplicate"', '"lost"').replace("SHOP-214", "SHOP-7")


@pytest.fixture(scope="module")
def target() -> Iterator[Project]:
    """A project with a bug, which is fired by some of these tests."""
    ignoring = CONFIGURATION + '[tool.hotfire.state]\nignore = ["audit_log"]\n' + REST
    with project(service=BAD, schema=LOOSE, configuration=ignoring) as made:
        yield made


def waive(target: Project, text: str) -> Path:
    file = target.folder / "launch" / "waivers.toml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("no_owner", ENTRY.replace('owner = "Ann <ann@example.org>"\n', "")),
        ("no_reason", ENTRY.replace("two posts are better than none (SHOP-214)", "")),
        ("wrong_day", ENTRY.replace("9999-12-31", '"31.12.2026"')),
        ("unknown_key", ENTRY.replace("reason", "because")),
        ("unknown_line", ENTRY.replace('"retry"', '"retri"')),
        ("no_toml", "[[waiver]\n"),
    ],
)
def test_a_bad_waiver_is_refused_before_anything_is_fired(
    target: Project, snapshot: Snapshot, name: str, text: str
) -> None:
    waive(target, text)
    ended = target.run("check", "-j", "1")
    assert ended.code == 4
    snapshot(f"waiver_{name}.txt", told(target, ended))


def test_a_waivers_toml_that_is_no_text(target: Project) -> None:
    waive(target, "").write_bytes(b"\xff\xfe")
    ended = target.run("check", "-j", "1")
    assert (ended.code, "launch/waivers.toml cannot be read" in ended.err) == (4, True)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("without_a_file", ["check", "--report", "junit"]),
        ("of_no_format", ["check", "--report", "pdf=report.pdf"]),
        ("into_a_folder", ["check", "--report", "junit=launch"]),
        ("below_a_file", ["check", "--report", "junit=service.py/report.xml"]),
        ("of_a_dry_run", ["check", "--dry-run", "--report", "junit=report.xml"]),
    ],
)
def test_a_report_that_cannot_be_written_is_refused_before_anything_is_fired(
    target: Project, snapshot: Snapshot, name: str, arguments: list[str]
) -> None:
    ended = target.run(*arguments)
    assert ended.code == 4
    snapshot(f"report_{name}.txt", told(target, ended))


def test_a_waived_blocker_is_go_and_every_report_shows_it(target: Project, snapshot: Snapshot) -> None:
    waive(target, f"{ENTRY}\n{UNMET}")
    reports = {name: f"reports/hotfire.{name}" for name in ("junit", "sarif", "markdown", "html", "json", "terminal")}
    options = [text for name, file in reports.items() for text in ("--report", f"{name}={file}")]
    ended = target.run("check", "-j", "1", *options)
    assert ended.code == 0, ended
    snapshot("waived.txt", told(target, ended))
    for name, file in reports.items():
        text = (target.folder / file).read_text(encoding="utf-8")
        said = text.replace("\\_", "_")  # as Markdown writes it
        assert "better than none (SHOP-214)" in said, name
        assert "audit_log" in said, name
        assert target.run("report", "--format", name).out.rstrip() == text.rstrip(), name


def test_the_exit_code_is_the_verdict_s_whatever_is_written(target: Project) -> None:
    waive(target, ENTRY.replace("9999-12-31", "2026-01-01"))
    ended = target.run("check", "-j", "1", "--report", "junit=report.xml", "--report", "sarif=hotfire.sarif")
    assert ended.code == 1, ended
    assert "expired on 2026-01-01, so it counts again" in ended.out
    root = ET.fromstring((target.folder / "report.xml").read_text(encoding="utf-8"))  # noqa: S314  # our own
    assert (root.get("failures"), root.get("errors")) == ("1", "0")
    (run,) = json.loads((target.folder / "hotfire.sarif").read_text(encoding="utf-8"))["runs"]
    (result,) = run["results"]
    place = result["locations"][0]["physicalLocation"]
    source = (target.folder / place["artifactLocation"]["uri"]).read_text(encoding="utf-8").splitlines()
    assert "author.post" in source[place["region"]["startLine"] - 1]


def test_an_offered_entry_is_written_to_a_file(target: Project) -> None:
    waive(target, "")
    assert target.run("check", "-j", "1").code == 1
    ended = target.run("report", "--format", "waivers", "-o", "launch/waivers.toml")
    assert (ended.code, ended.out) == (0, "")
    assert 'class = "duplicate"' in (target.folder / "launch/waivers.toml").read_text(encoding="utf-8")
    refused = target.run("check", "-j", "1")
    assert (refused.code, "no owner" in refused.err) == (4, True), "nobody accepted it yet"
