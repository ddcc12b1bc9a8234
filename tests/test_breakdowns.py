"""What broke behind an answer."""

from dataclasses import replace

from hotfire.breakdowns import Breakdown, breakdown_of
from hotfire.model.history import History, LogLine
from hotfire.testing.baselines import history
from hotfire.testing.rows import reply
from tests.loglines.test_frames import OF_THE_FRAMEWORK, OF_THE_SERVICE


def logged(text: str) -> History:
    lines = [LogLine(process="web.0", text=line, at=0.1) for line in text.splitlines()]
    return replace(history(replies=[reply(500)]), logs=tuple(lines))


def of(history: History) -> Breakdown:
    return breakdown_of(history, history.replies[0])


def test_the_log_tells_the_exception_and_whose_code_it_came_from() -> None:
    told = of(logged(OF_THE_SERVICE))
    assert (told.kind, told.place, told.by_library) == ("DataError", "orders.create DataError", False)


def test_a_framework_may_fail_by_itself() -> None:
    assert of(logged(OF_THE_FRAMEWORK)).by_library


def test_else_the_answer_shows_it() -> None:
    shown = of(history(replies=[reply(500, f"<pre>{OF_THE_SERVICE}</pre>")]))
    assert shown.exception.startswith("psycopg.DataError")
    assert shown.place == "orders.create DataError"


def test_nobody_told() -> None:
    told = of(history(replies=[reply(500)]))
    assert (told.told, told.by_library, told.place) == (False, False, "")
