import pytest

from hotfire.category import category_of, fix_of
from hotfire.model.history import RowChange
from hotfire.testing import inserted, reply, updated

OK, REFUSED = reply(200), reply(409)


def taken(to: int) -> list[RowChange]:
    return [updated("goods", {"left": 5}, left=to)]


@pytest.mark.parametrize(("once", "left", "category"), [(4, 3, "duplicate"), (6, 7, "duplicate"), (3, 4, "lost")])
def test_a_number_that_moves_further_is_a_change_made_twice_up_or_down(once: int, left: int, category: str) -> None:
    assert category_of(OK, taken(left), taken(once)) == category


def test_a_row_too_many_and_a_row_too_few() -> None:
    row = [inserted("orders", id="1")]
    assert category_of(OK, row * 2, row) == "duplicate"
    assert category_of(REFUSED, row * 2, row) == "effect on a refused request"
    assert category_of(OK, [], row) == "lost"


def test_nobody_puts_a_unique_key_on_what_a_partner_was_asked() -> None:
    asked = ("body:amount", "host", "method", "path")
    assert fix_of("duplicate", "stripe.requests", asked, "once").startswith(
        "send an idempotency key that the retry has"
    )
    assert "UNIQUE" not in fix_of("race", "stripe.requests", asked, "once")
    assert "UNIQUE (number) on orders" in fix_of("duplicate", "orders", ("number",), "once")
