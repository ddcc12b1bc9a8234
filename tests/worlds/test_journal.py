"""What processes say, kept by the time at which a step was armed."""

from hotfire.model.history import LogLine
from hotfire.worlds.journal import Journal


def test_what_is_said_before_the_first_step_is_its_opening_and_no_other_ones():
    journal = Journal()
    journal.hear("web.0", "started", 100.0)
    first = journal.armed(102.0, ["imported"])
    first.hear("web.0", "POST /orders", 102.5)
    assert first.opening == [
        LogLine(process="import", text="imported", at=0.0),
        LogLine(process="web.0", text="started", at=-2.0),
    ]
    assert first.logs == [LogLine(process="web.0", text="POST /orders", at=0.5)]
    second = first.armed(104.0, ["imported"])
    assert (second.opening, second.logs) == ([], [])
