"""A history in its order."""

from hotfire.reports.timeline import changed, timeline
from tests.reports.sample import HISTORY, POST


def test_moments_stand_in_their_order() -> None:
    kinds = [moment.kind for moment in timeline(HISTORY)]
    assert kinds == [
        *("request", "call", "call", "cut", "effect", "log", "answer"),
        *("request", "call", "call", "answer", "exit"),
    ]


def test_an_update_says_only_what_differs() -> None:
    row = changed(POST)
    assert (row.sign, row.cells) == ("~", ("status: draft → published", "published_at: NULL → 2026-11-24 09:00:00+00"))
