"""`hotfire permissions` as a user runs it: what it writes, what it keeps, and a table that cannot be meant."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotfire.permissions import parse
from tests.corpus.cases import cases
from tests.robust.project import HOTFIRE, PATIENCE, SOURCES, Ended

STALE = """\
# Nobody has signed this one.
[[permission]]
path = "close_ticket"
step = "asker GET /gone"
allowed = ["nobody"]
reviewed = ""
"""
TYPO = """\
[[permission]]
path = "close_ticket"
step = "admin GET /gone"
allowed = ["askr"]
reviewed = ""
"""


@pytest.fixture
def target() -> Iterator[Path]:
    """A project of three roles, with a table that somebody has signed."""
    good = next(case for case in cases() if case.name == "everyones_admin/good")
    with good.laid_out() as folder:
        yield folder


def run(folder: Path, *arguments: str) -> Ended:
    ours = {"PYTHONPATH": str(SOURCES), "NO_COLOR": "1", "COLUMNS": "100"}
    done = subprocess.run(
        [*HOTFIRE, *arguments],
        cwd=folder,
        env={**os.environ, **ours},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    return Ended(code=done.returncode, out=done.stdout, err=done.stderr)


def test_what_is_not_signed_is_written_anew_and_the_rest_is_kept(target: Path) -> None:
    table = target / "../launch/permissions.toml"
    signed = table.read_text()
    without = signed[: signed.rindex("[[permission]]")]  # asker GET /tickets/{ticket_id} has not been seen yet
    table.write_text(without + STALE + TYPO)
    shown = run(target, "permissions", "-j", "1", "--dry-run")
    assert shown.code == 0, shown
    assert '-step = "asker GET /gone"' in shown.out
    assert '+allowed = ["admin"]\n+refused = ["nobody", "other_asker"]\n' in shown.out
    assert table.read_text() == without + STALE + TYPO
    ended = run(target, "permissions", "-j", "1")
    assert (ended.code, ended.out) == (0, shown.out)
    assert table.read_text().startswith(without.rstrip())
    unsigned = [entry.step for entry in parse(table.read_text()) if not entry.reviewed]
    assert unsigned == ["asker GET /tickets/{ticket_id} #1"]
    assert "sign what is meant" in ended.err


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('path = "close_ticket"', 'path = "open_ticket"', "toml:4 names the critical path 'open_ticket'"),
        ('refused = ["asker", "nobody"]', 'refused = ["askr"]', "toml:11 names the actor 'askr', who is not declared"),
        ("2026-11-28 ann", "ann", "toml:4 has reviewed that is no day with a name"),
    ],
)
def test_a_table_that_cannot_be_meant_ends_it_before_anything_is_fired(
    target: Path, old: str, new: str, problem: str
) -> None:
    table = target / "../launch/permissions.toml"
    table.write_text(table.read_text().replace(old, new))
    ended = run(target, "check", "--line", "permissions")
    assert ended.code == 4
    assert problem in ended.err
    assert "hint: " in ended.err
    assert "prepar" not in ended.err


def test_a_table_that_cannot_be_written_anew_is_told_before_anything_is_fired(target: Path) -> None:
    table = target / "../launch/permissions.toml"
    table.write_text("permission = []")
    ended = run(target, "permissions")
    assert ended.code == 4, ended
    assert "launch/permissions.toml holds entries that cannot be told apart" in ended.err
    assert "hint: " in ended.err
    assert "prepar" not in ended.err
    assert table.read_text() == "permission = []"
