"""The page: one file, everything escaped, and seen by a real browser without JavaScript."""

import re
import shutil
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from hotfire.model.history import LogLine, Undone
from hotfire.reports.archive import Record
from hotfire.reports.html import render
from hotfire.testing import inserted, reply
from tests.reports.sample import FINDING, TRIAL

VOID = {"meta", "br"}


class Balance(HTMLParser):
    """Closes what it opens, and remembers the tags."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self.seen.add(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_its_tags_are_balanced_and_none_runs_code(record: Record) -> None:
    balance = Balance()
    balance.feed(render(record))
    assert not balance.open
    assert balance.seen.isdisjoint({"script", "img", "link", "iframe", "b"})


def test_it_asks_for_nothing_from_anywhere(record: Record) -> None:
    page = render(record)
    assert "default-src 'none'" in page
    assert not re.search(r"(?:src|href)=|url\(|@import", page)


def test_what_the_service_wrote_is_escaped(record: Record) -> None:
    page = render(record)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "&lt;b&gt;Hello&lt;/b&gt; &amp; welcome" in page
    assert "&lt;OperationalError&gt;" in page


def test_a_finding_shows_its_evidence_fix_and_replay(record: Record) -> None:
    page = render(record)
    assert f"hotfire replay {TRIAL.id}" in page
    assert FINDING.fix.replace('"', "&#34;") in page
    assert "reply lost at" in page
    assert re.search(r'<tr class="pointed"><td class="mono">\+</td><td class="mono">notifications</td>', page)
    assert "audit_log" in page
    assert "What GO does not mean" in page


def test_a_run_without_its_trials_is_still_reported(record: Record) -> None:
    shutil.rmtree(record.folder / "trials")
    assert FINDING.title in render(record)


def test_a_browser_shows_it(record: Record, tmp_path: Path) -> None:
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if not browser:
        pytest.skip("no chromium on this machine")
    page = tmp_path / "report.html"
    page.write_text(render(record), encoding="utf-8")
    command = [
        browser,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={tmp_path}/profile",
        "--dump-dom",
    ]
    shown = subprocess.run([*command, page.as_uri()], capture_output=True, text=True, timeout=60, check=True).stdout
    assert "NO-GO" in shown
    assert "2 rows in notifications where one run leaves 1" in shown


def test_waivers_and_their_end_are_shown(record: Record) -> None:
    page = render(record)
    assert "waived until 2026-12-31 by Bob &lt;bob@example.org&gt;: the page is public" in page
    assert "the waiver of Ann &lt;ann@example.org&gt; expired on 2026-11-01, so it counts again" in page
    assert '<td class="waived" title="waived">w' in page
    assert "<pre>[[waiver]]\nline = &#34;retry&#34;" in page
    assert "not compared, as [tool.hotfire.state] ignore says: audit_log" in page


def test_a_finding_of_a_rollback_shows_what_the_undo_asked_and_left(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = record.trial(TRIAL.id)
    undone = Undone(
        state=(inserted("search_entries", article=7),),
        steps=("editor POST /posts/{id}/unpublish",),
        replies=(reply(204),),
        logs=(LogLine(process="web.0", text="unpublished <7>", at=0.5),),
    )
    judged = replace(stored.judged, history=replace(stored.judged.history, undone=undone))
    monkeypatch.setattr(Record, "trial", lambda _record, _id: replace(stored, judged=judged))
    page = render(record)
    assert "editor POST /posts/{id}/unpublish: the client got 204" in page
    assert "State after the undo" in page
    assert '<td class="mono">search_entries</td><td class="mono">article=7</td>' in page
    assert "unpublished &lt;7&gt;" in page
    monkeypatch.undo()
    assert "State after the undo" not in render(record)
