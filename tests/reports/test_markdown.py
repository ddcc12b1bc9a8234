"""The comment: verdict first, bounded, and nothing of the service's words is markup."""

import dataclasses
import re
from collections.abc import Callable, Iterator

import pytest

from hotfire.model.run import PathResult
from hotfire.reports.archive import Record
from hotfire.reports.markdown import LIMIT, _code, _text, render
from tests.reports.sample import FINDING, PUBLISH, PUBLISH_RESULT, RUN, UNKNOWN

Snapshot = Callable[[str, str], None]
GITHUB = 65_536


def shown(record: Record, **changes: object) -> str:
    return render(Record(run=dataclasses.replace(record.run, **changes), folder=record.folder))


def test_a_run(record: Record, snapshot: Snapshot) -> None:
    snapshot("markdown.txt", render(record))


def test_the_verdict_comes_first(record: Record) -> None:
    assert render(record).splitlines()[:3] == ["<!-- hotfire -->", "", "## ❌ NO-GO"]
    assert "## ✅ GO" in shown(record, verdict="GO", paths=())
    assert "## ❔ UNKNOWN" in shown(record, verdict="UNKNOWN", paths=())


def test_what_counts_comes_before_what_is_waived(record: Record) -> None:
    words = re.findall(r"^\*\*([A-Z]+)\*\*", render(record), re.MULTILINE)
    assert words == ["MISTAKE", "BLOCKER", "UNKNOWN", "WAIVED", "NOTE"]


def test_details_are_opened_and_closed(record: Record) -> None:
    text = render(record)
    assert text.count("<details>") == text.count("</details>") == 3


def many(number: int, text: str) -> Iterator[PathResult]:
    """As many critical paths, each with a finding and an unknown of its own that say as much."""
    for index in range(number):
        path = dataclasses.replace(PUBLISH, name=f"path_{index}_{text}", owner=text)
        finding = dataclasses.replace(
            FINDING, path=path.name, columns=(str(index),), title=text, fix=text, points=(text,) * 100
        )
        unknown = dataclasses.replace(UNKNOWN, path=path.name, missing=text, fix=text)
        yield dataclasses.replace(PUBLISH_RESULT, path=path, findings=(finding,), unknowns=(unknown,), mistake=text)


@pytest.mark.parametrize("number", [1, 40, 500])
@pytest.mark.parametrize("text", ["short", "ü" * 5000, "🚀|*" * 3000, "`" * 9000, "@x #1 " * 2000, "a\n\n" * 4000])
def test_it_fits_into_a_comment_however_a_host_counts(record: Record, number: int, text: str) -> None:
    comment = shown(record, paths=tuple(many(number, text)), notices=(text,) * 300, project=text)
    assert len(comment.encode()) <= LIMIT < GITHUB
    assert comment.count("<details>") == comment.count("</details>")
    assert comment.count("```") % 2 == 0


def test_what_has_no_room_is_counted(record: Record) -> None:
    comment = shown(record, paths=tuple(many(500, "word " * 100)))
    shown_ones = len(re.findall(r"^\*\*(?:MISTAKE|BLOCKER|UNKNOWN)\*\*", comment, re.MULTILINE))
    assert f"*and {1500 - shown_ones} more, for which there is no room here: `hotfire report`*" in comment


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("<script>&amp;", "&lt;script&gt;&amp;amp;"),
        ("a_b *c* [d](e) `f` ~g~ h|i", r"a\_b \*c\* \[d\](e) \`f\` \~g\~ h\|i"),
        ("back\\slash", r"back\\slash"),
        ("@team and ann@example.org, (@x)", "@&#8203;team and ann@example.org, (@&#8203;x)"),
        ("see #12", "see #&#8203;12"),
        ("- a list", r"\- a list"),
        ("# a heading", r"\# a heading"),
        ("1. a number", r"1\. a number"),
        ("two\n\n  lines", "two lines"),
        ("2026-11-24", "2026-11-24"),
    ],
)
def test_words_are_words(text: str, escaped: str) -> None:
    assert _text(text) == escaped


@pytest.mark.parametrize(
    ("text", "span"), [("GET /a", "`GET /a`"), ("a`b", "``a`b``"), ("`a``", "``` `a`` ```"), ("a\nb", "`a b`")]
)
def test_code_is_code(text: str, span: str) -> None:
    assert _code(text) == span


def test_a_pipe_in_a_name_keeps_the_table_whole(record: Record) -> None:
    path = dataclasses.replace(PUBLISH, name="a|b")
    text = shown(record, paths=(dataclasses.replace(PUBLISH_RESULT, path=path),))
    (row,) = [line for line in text.splitlines() if line.startswith(r"| a\|b | ✓")]
    assert len(re.findall(r"(?<!\\)\|", row)) == len(RUN.lines) + len(RUN.not_asked) + 2
