from collections.abc import Sequence
from dataclasses import replace

import pytest

from hotfire.model.action import FORWARD, Delay, Signal
from hotfire.model.call import Effect, Point
from hotfire.model.history import Baseline
from hotfire.parallel import held_back, neighbours, settled
from hotfire.perturbations import script, variants
from hotfire.testing import baseline, effect, exchange, trial

SPANS = {"orders": (0.0, 1), "stock": (0.0005, 2), "mails": (0.0008, 3), "audit": (0.5, 1)}
"""Table → when its insert begins, and on which connection; each takes a millisecond."""


def undisturbed(*tables: str) -> Baseline:
    crossed = [
        exchange(effect(f"insert {table}").point, number=n, begun=SPANS[table][0], connection=SPANS[table][1])
        for n, table in enumerate(tables)
    ]
    effects = [effect(f"insert {table}", call=n) for n, table in enumerate(tables)]
    return baseline(lambda _: [], effects=effects, exchanges=crossed)


def names(effects: Sequence[Effect]) -> list[str]:
    return [each.writes[0].removeprefix("insert ") for each in effects]


def kills(of: Baseline, table: str, when: str = "after") -> list[str]:
    point = effect(f"insert {table}").point
    planned = trial(of, "retry", "kill", dependency="db", signature=point.signature, when=when)
    return [script(each).perturbation.says() for each in variants(planned, of)]


def test_two_on_two_connections_at_once_are_neighbours() -> None:
    of = undisturbed("orders", "stock", "audit")
    before, after = neighbours(of, of.effects[1].point)
    assert (names(before), names(after)) == (["orders"], [])
    before, after = neighbours(of, of.effects[0].point)
    assert (names(before), names(after)) == ([], ["stock"])


def test_what_comes_when_the_other_has_ended_is_in_order() -> None:
    of = undisturbed("orders", "stock", "audit")
    assert neighbours(of, of.effects[2].point) == ((), ())


def test_whichever_ends_first_the_order_is_the_same() -> None:
    one, other = undisturbed("orders", "stock").clean[0], undisturbed("stock", "orders").clean[0]
    assert names(settled(one.effects, one.exchanges)) == names(settled(other.effects, other.exchanges))


def test_what_is_in_order_stays_in_order() -> None:
    run = undisturbed("stock", "audit").clean[0]
    assert names(settled(run.effects, run.exchanges)) == ["stock", "audit"]


@pytest.mark.parametrize(
    ("sent", "order"), [(0.002, ["send mails", "insert orders"]), (0.0005, ["insert orders", "send mails"])]
)
def test_what_is_sent_between_two_calls_of_a_transaction_is_in_order(sent: float, order: list[str]) -> None:
    mail = effect("send mails", point=Point(dependency="mail", signature="mail"), call=1)
    orders = effect("insert orders", point=Point(dependency="db", signature="BEGIN; INSERT; COMMIT"), call=2)
    crossed = [
        exchange(Point(dependency="db", signature="BEGIN"), number=0),
        exchange(mail.point, number=1, begun=sent),
        exchange(orders.point, number=2, begun=0.004),
    ]
    assert [each.writes[0] for each in settled([mail, orders], crossed)] == order


def test_of_three_at_once_each_way_of_the_two_before() -> None:
    of = undisturbed("orders", "stock", "mails")
    before, _ = neighbours(of, of.effects[2].point)
    assert list(map(names, held_back(of, before))) == [["orders"], ["stock"], ["orders", "stock"]]


def test_a_kill_in_order_is_one_trial() -> None:
    of = undisturbed("orders", "audit")
    planned = trial(of, "retry", "kill", dependency="db", signature=of.effects[0].point.signature)
    assert list(variants(planned, of)) == [planned]


def test_a_kill_among_effects_at_once_is_tried_in_the_other_order_too() -> None:
    of = undisturbed("orders", "stock")
    assert kills(of, "orders") == ["killed after COMMIT of INSERT INTO orders"]
    assert kills(of, "stock") == [
        "killed after COMMIT of INSERT INTO stock",
        "killed after COMMIT of INSERT INTO stock and before COMMIT of INSERT INTO orders",
    ]


def test_a_kill_before_all_holds_the_others_back() -> None:
    of = undisturbed("orders", "stock")
    orders, stock = (each.call for each in of.clean[0].exchanges)
    planned = trial(of, "retry", "kill", dependency="db", signature=orders.point.signature, when="before")
    (only,) = variants(planned, of)
    assert script(only).on_call(orders) == Signal(name="SIGKILL", forward=False)
    assert script(only).on_call(stock) == Delay(seconds=1.0, aims=False)


def test_what_is_held_back_does_not_count_as_the_kill() -> None:
    of = undisturbed("orders", "stock")
    orders, stock = of.clean[0].exchanges
    planned = trial(of, "retry", "kill", dependency="db", signature=stock.call.point.signature)
    turned = script(list(variants(planned, of))[1])
    assert turned.on_call(orders.call) == Delay(seconds=1.0, aims=False)
    assert turned.on_call(stock.call) == FORWARD
    assert turned.on_reply(stock) == Signal(name="SIGKILL", forward=False)


def test_other_perturbations_have_no_variants() -> None:
    of = undisturbed("orders", "stock")
    planned = trial(of, "retry", "lost_reply", dependency="db", signature=of.effects[0].point.signature)
    assert list(variants(planned, of)) == [planned]


def test_the_same_request_again_on_one_connection_begins_anew() -> None:
    one, other = (Point(dependency="images", signature=f"POST images.example/{name}") for name in ("a", "ab"))
    calls = [(one, 1, 0.0), (other, 2, 0.01), (replace(one, occurrence=2), 1, 0.02)]
    effects = [
        Effect(point=point, first_write=point, call=number, writes=("insert images.requests",), answered=False)
        for number, (point, _, _) in enumerate(calls)
    ]
    crossed = [
        exchange(point, number=number, begun=begun, connection=connection)
        for number, (point, connection, begun) in enumerate(calls)
    ]
    of = baseline(lambda _: [], effects=effects, exchanges=crossed)
    assert [neighbours(of, each.point) for each in effects] == [((), ())] * 3
