"""How moments are written: which form a text has, and whether it is of the recording."""

from datetime import UTC, datetime

import pytest

from hotfire.expected.moments import form_of, is_near

NOW = datetime(2026, 11, 28, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("2026-11-28T05:56:23Z", "zone"),
        ("2026-11-28", "date"),
        ("1795845383", "epoch"),
        ("20261128", "compact"),
        ("20261128T055623Z", "compact"),
        ("28/Nov/2026:05:56:23 +0000", "words"),
        ("Saturday, November 28th, 2026 at 5 pm", "words"),
        ("28.11.26", "figures"),
        ("28.11.2026, 05:56", "figures"),
        ("5 a.m.", "clock"),
        ("11/2026", "month"),
        ("Nov.", "month"),
        ("Sat", "weekday"),
        ("2026", "year"),
        ("yesterday", ""),
        ("24:00", ""),
        ("20261328", ""),
        ("28|11|2026", ""),
    ],
)
def test_the_form_of_a_moment(text: str, form: str) -> None:
    assert form_of(text) == form


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("2026-11-27", True),
        ("20261129", True),
        ("20261228", False),
        ("Nov. 28", True),
        ("28 novembre 2026", True),
        ("Dec. 28, 2026", False),
        ("11/28/2026", True),
        ("28/11/2026", True),
        ("28/11/2025", False),
        ("05:45", True),
        ("5:45 p.m.", False),
        ("06:30", False),
        ("2026", False),  # the year of many things
        ("Saturday", False),
        ("yesterday", False),
    ],
)
def test_a_moment_near_the_recording(text: str, *, near: bool) -> None:
    assert is_near(text, NOW) is near


def test_the_first_minutes_of_a_day() -> None:
    assert is_near("23:55", datetime(2026, 11, 28, 0, 5, tzinfo=UTC))
    assert not is_near("00:05", datetime(2026, 11, 28, 23, 55, tzinfo=UTC))
