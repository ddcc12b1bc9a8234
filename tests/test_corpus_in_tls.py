"""Twins that insist on TLS, or on their password: the trials, verdicts and findings are those of a clear line."""

import asyncio
import shutil
from pathlib import Path

import pytest

from hotfire.worlds.nursery import Nursery
from tests.corpus.cases import TESTS, Case
from tests.corpus.firing import Outcome, fire_case

CLEAR = 'DATABASE_URL = "{db.url}"'


def fired(folder: Path, name: str, environment: str, code: tuple[str, str] = ("", "")) -> Outcome:
    """A twin with this in place of its environment, and one text of its service replaced."""
    project = folder / name
    shutil.copytree(TESTS / "twins" / name, project, ignore=shutil.ignore_patterns("__pycache__", ".hotfire"))
    for file, old, new in (("pyproject.toml", CLEAR, environment), ("service.py", *code)):
        text = (project / "bad" / file).read_text()
        assert old in text
        (project / "bad" / file).write_text(text.replace(old, new, 1))
    with Nursery() as nursery:
        return asyncio.run(fire_case(Case(name=name, kind="twin", folder=project / "bad"), nursery))


@pytest.mark.parametrize(
    ("twin", "query"),
    [
        ("last_ticket", "sslmode=verify-full&sslrootcert={db.ca}"),  # asyncpg
        ("stale_connection", "sslmode=require&channel_binding=require"),  # psycopg
    ],
)
def test_tls_changes_nothing(twin: str, query: str, tmp_path: Path) -> None:
    encrypted = fired(tmp_path / "encrypted", twin, f'DATABASE_URL = "{{db.url}}?{query}"')
    assert not encrypted.mistakes
    assert encrypted.findings
    assert encrypted.print == fired(tmp_path / "clear", twin, CLEAR).print


INSISTS = ('"postgresql+psycopg://", 1)', '"postgresql+psycopg://", 1), connect_args={"sslmode": "require"}')


def test_what_the_border_refused_is_no_finding(tmp_path: Path) -> None:
    """The service insists in its code, and is answered 500 for our sake: its line to the database was refused."""
    outcome = fired(tmp_path, "taken_name", CLEAR, INSISTS)
    assert outcome.mistakes == ["visitor POST /users #1: answered 500"]
    assert not outcome.findings
    assert outcome.run
    assert outcome.run.verdict == "UNKNOWN"


def test_who_insists_in_code_names_the_authority(tmp_path: Path) -> None:
    outcome = fired(tmp_path, "taken_name", CLEAR + '\nPGSSLROOTCERT = "{db.ca}"', INSISTS)
    assert not outcome.mistakes
    assert [finding.category for finding in outcome.findings] == ["race"]
