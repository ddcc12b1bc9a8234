"""What a refused request left: an effect of its own, or what the service keeps of each request."""

from dataclasses import replace

from hotfire.model.history import RowChange
from hotfire.refusals import Left, left_by
from hotfire.testing.baselines import STEP, baseline, history, serial
from hotfire.testing.rows import deleted, inserted, reply, updated


def undisturbed(run: int) -> list[RowChange]:
    """An order with its debit, an audit line, and the moment at which the buyer was last seen."""
    return [
        inserted("orders", id=serial(run), title="lamp", copies="3"),
        updated("accounts", {"id": "1", "credits": "100"}, credits="85"),
        inserted("audit", id=serial(run, 2), event="order", result="done"),
        updated("users", {"id": "1", "seen": None}, seen=f"2026-01-01 10:00:0{run}"),
    ]


BASELINE = baseline(undisturbed, answer=lambda _: reply(201))
ORDER = inserted("orders", id="77", title="lamp", copies="2147483648")
DEBIT = updated("accounts", {"id": "1", "credits": "100"}, credits="85")


def left(
    *rows: RowChange, unread: tuple[RowChange, ...] = (), status: int = 400, sent: tuple[str, ...] = ("2147483648",)
) -> Left:
    unreadable = [history(rows=unread, replies=[reply(status)])] if unread else []
    return left_by(BASELINE, history(rows=rows, replies=[reply(402)]), unreadable, sent)


def test_the_row_that_was_asked_for_is_an_effect() -> None:
    assert left(ORDER) == Left(effects=(ORDER,))


def test_the_row_that_was_asked_for_may_hold_what_was_filled_in() -> None:
    filled_in = inserted("orders", id="77", title="gift", copies="2147483648")
    assert left(filled_in) == Left(records=(filled_in,))
    assert left(filled_in, sent=("2147483648", '"gift"')) == Left(effects=(filled_in,))


def test_the_row_that_was_asked_for_holds_what_was_sent_as_its_column_writes_it() -> None:
    kept = inserted("orders", id="77", title="lamp", copies="2147483648.00")
    assert left(kept) == Left(effects=(kept,))


def test_a_debit_is_an_effect_whatever_was_wrong() -> None:
    assert left(DEBIT) == Left(effects=(DEBIT,))


def test_another_row_is_a_record_of_the_refusal() -> None:
    refused = inserted("audit", id="9", event="order", result="refused")
    unknown = inserted("refusals", id="9", reason="too many")
    assert left(refused, unknown) == Left(records=(refused, unknown))


def test_columns_that_no_undisturbed_request_changes_are_a_record_of_the_refusal() -> None:
    person = {"id": "1", "failed": "0", "seen": None, "credits": "100"}
    failed = updated("accounts", person, failed="1")
    assert left(failed) == Left(records=(failed,))
    renewed = updated("users", person, failed="1", seen="2026-01-01 11:00:00")
    assert left(renewed) == Left(records=(renewed,)), "the other one is set anew each time"
    partly = updated("accounts", person, failed="1", credits="85")
    assert left(partly) == Left(effects=(partly,))
    other = updated("others", person, credits="85")
    assert left(other) == Left(records=(other,)), "of another table"


def test_what_is_gone_is_an_effect() -> None:
    gone = deleted("sessions", id="1")
    assert left(gone) == Left(effects=(gone,))


def test_what_is_set_anew_each_time_says_nothing() -> None:
    assert left(updated("users", {"id": "1", "seen": None}, seen="2026-01-01 11:00:00")) == Left()


def test_what_an_unreadable_request_leaves_too_is_bookkeeping() -> None:
    counted = updated("accounts", {"id": "1", "credits": "100"}, credits="99")
    assert left(counted).effects == (counted,)
    assert left(counted, unread=(counted,)) == Left()
    assert left(counted, unread=(counted,), status=201).effects == (counted,), "it was not refused: it was read"


def test_what_a_safe_request_leaves_undisturbed_is_bookkeeping() -> None:
    counted = updated("pages", {"id": "1", "views": "4"}, views="5")
    reading = baseline(lambda _: [counted], step=replace(STEP, method="GET"))
    assert left_by(reading, history(rows=[counted], replies=[reply(404)]), [], ["x"]) == Left()


def test_what_the_team_ignores() -> None:
    ignoring = replace(BASELINE, ignore=("accounts.credits", "orders"))
    assert left_by(ignoring, history(rows=[ORDER, DEBIT], replies=[reply(402)]), [], ["2147483648"]) == Left()
