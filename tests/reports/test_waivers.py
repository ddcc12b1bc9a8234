"""The entries that are offered: what a person completes is read again."""

import dataclasses
from collections.abc import Callable

from hotfire.reports.archive import Record
from hotfire.reports.waivers import render
from hotfire.waivers import parse
from tests.reports.sample import FINDING, PUBLISH_RESULT, READ_RESULT, UNKNOWN

Snapshot = Callable[[str, str], None]


def test_what_stands_and_is_not_waived(record: Record, snapshot: Snapshot) -> None:
    snapshot("waivers.txt", render(record))


def test_completed_it_is_read_and_covers_what_stood(record: Record) -> None:
    text = render(record)
    for key, value in (("owner", "Ann"), ("reason", "why"), ("until", "2026-12-31")):
        text = text.replace(f'{key} = ""', f'{key} = "{value}"')
    assert [[waiver.covers(each) for each in (FINDING, UNKNOWN)] for waiver in parse(text)] == [
        [True, False],
        [False, True],
    ]


def test_nothing_stands(record: Record) -> None:
    clean = dataclasses.replace(record.run, paths=(READ_RESULT,))
    assert render(Record(run=clean, folder=record.folder)).startswith("# nothing stands")


def test_a_fault_of_ours_is_not_offered(record: Record) -> None:
    ours = dataclasses.replace(PUBLISH_RESULT, findings=(), unknowns=(dataclasses.replace(UNKNOWN, ours=True),))
    run = dataclasses.replace(record.run, paths=(ours,))
    assert "[[waiver]]" not in render(Record(run=run, folder=record.folder))
