"""A path's undo is given what the path's function had at its end, and is ended at an answer that is no success."""

import asyncio
import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import cast

from hotfire.model.declaration import DeclaredPath, critical_path
from hotfire.model.history import Undone
from hotfire.testing import inserted
from hotfire.worlds.driver.actor import Actor
from hotfire.worlds.driver.http import Answered
from hotfire.worlds.driver.play import Theatre
from hotfire.worlds.driver.routes import Routes
from hotfire.worlds.journal import Journal
from hotfire.worlds.live import Live
from hotfire.worlds.rehearsal import Rehearsal
from hotfire.worlds.stand import Stand
from hotfire.worlds.undoing import undo

LEFT = (inserted("orders", state="cancelled"),)


class Service:
    """Stands for the stand: a cancellation is answered with `status`."""

    def __init__(self, status: int = 200) -> None:
        self.status = status
        self.heard: list[tuple[str, str]] = []
        self.journal = Journal()

    async def ask(self, request: object, deadline: float) -> Answered:
        del deadline
        target, headers = getattr(request, "target", ""), dict(getattr(request, "headers", ()))
        self.journal.hear("web.0", f"INFO {target}", 0.5)
        self.heard.append((target, headers.get(b"authorization", b"").decode()))
        return Answered(status=self.status if target.endswith("/cancel") else 201, body=b'{"number": 7}')

    async def quiet(self, deadline: float) -> tuple[str, ...]:
        del deadline
        return ("task later",)

    async def changes(self, checkpoint: int) -> object:
        assert checkpoint == 3
        return SimpleNamespace(rows=LEFT)


def order(buyer: Actor) -> int:
    buyer.become({"Authorization": "Bearer earned"})
    number: int = buyer.post("/orders").json()["number"]
    return number


def actor(name: str) -> Actor:
    return Actor(name, seed="s", caller=lambda: 1, port=8000)


def declared(cancel: Callable[..., None], path: Callable[..., object] = order) -> DeclaredPath:
    made = critical_path(owner="shop", expected="An order.", rollback="Cancel it.")(path)
    made.undo(keeps=["orders"])(cancel)
    return made


def undone(of: DeclaredPath, service: Service, patience: float = 60.0) -> Undone:
    """Play the path against the service, then its undo."""

    async def play() -> Undone | None:
        theatre = Theatre(__file__, patience)
        rehearsal = SimpleNamespace(
            declared=of, stand=service, theatre=theatre, letters_before=0, actor=actor, routes=Routes.of_document(b"")
        )
        live = Live(stand=cast("Stand", service), letters_before=0, hear=lambda _asked, _answered: True)
        bound: dict[str, object] = {}
        await theatre.play(of.function, {"buyer": actor("buyer")}, live, bound)
        return await undo(cast("Rehearsal", rehearsal), bound, checkpoint=3)

    seen = asyncio.run(play())
    assert seen
    return seen


def test_it_is_given_values_and_actors_as_they_are_at_the_end() -> None:
    def cancel(clerk: Actor, buyer: Actor, number: int) -> None:
        buyer.post(f"/orders/{number}/cancel")
        clerk.post("/stock")

    service = Service()
    seen = undone(declared(cancel), service)
    assert service.heard[1:] == [("/orders/7/cancel", "Bearer earned"), ("/stock", "")]
    assert seen.steps == ("buyer POST /orders/{id}/cancel", "clerk POST /stock")
    assert [reply.status for reply in seen.replies] == [200, 201]
    assert [line.text for line in seen.logs] == ["INFO /orders/7/cancel", "INFO /stock"]
    assert (seen.state, seen.failed, seen.mistake, seen.unquiet) == (LEFT, False, "", ("task later",))


def test_it_is_ended_at_an_answer_that_is_no_success() -> None:
    def cancel(buyer: Actor, number: int) -> None:
        buyer.post(f"/orders/{number}/cancel")
        buyer.post("/never")

    service = Service(409)
    seen = undone(declared(cancel), service)
    assert seen.failed
    assert [target for target, _ in service.heard] == ["/orders", "/orders/7/cancel"]


def test_an_answer_that_is_expected_goes_on() -> None:
    def cancel(buyer: Actor, number: int) -> None:
        buyer.post(f"/orders/{number}/cancel", expect=410)
        buyer.post("/stock")

    seen = undone(declared(cancel), Service(410))
    assert not seen.failed
    assert len(seen.replies) == 2


def test_what_it_raises_is_told_by_its_line() -> None:
    def cancel(buyer: Actor, number: int) -> None:
        raise KeyError(buyer.name, number)

    told = undone(declared(cancel), Service()).mistake
    line = cancel.__code__.co_firstlineno + 1
    assert told == f"{__file__}:{line}: cancel: raise KeyError(buyer.name, number): KeyError: ('buyer', 7)"


def test_what_is_raised_before_its_first_line_is_told_by_its_own() -> None:
    def cancel(buyer: Actor, /) -> None:
        raise AssertionError(buyer)

    line = cancel.__code__.co_firstlineno
    assert undone(declared(cancel), Service()).mistake.startswith(f"{__file__}:{line}: cancel: TypeError: ")


def test_one_that_goes_on_and_asks_for_nothing_is_told_by_its_line() -> None:
    never = threading.Event()

    def cancel() -> None:
        never.wait()

    told = undone(declared(cancel), Service(), patience=0.01).mistake
    line = cancel.__code__.co_firstlineno + 1
    assert told.startswith(f"{__file__}:{line}: cancel: is at work for 0.01 s, and asks for nothing; ")
    assert "author.poll" in told
    never.set()


def test_a_url_that_is_not_relative_is_told_with_what_to_write() -> None:
    def cancel(buyer: Actor) -> None:
        buyer.post("https://shop.example/orders")

    assert "only relative URLs reach the service under test; begin the URL with a slash" in (
        undone(declared(cancel), Service()).mistake
    )


def test_a_variable_without_a_value_at_the_end() -> None:
    def unlucky(buyer: Actor) -> None:
        if buyer.name == "eve":
            number = 7
            del number

    def cancel(number: int) -> None:
        raise AssertionError(number)

    seen = undone(declared(cancel, unlucky), Service())
    line = cancel.__code__.co_firstlineno
    assert seen.mistake.startswith(f"{__file__}:{line}: cancel: unlucky ends without a value of number: ")


def test_a_path_without_an_undo_has_none_to_play() -> None:
    made = critical_path(owner="shop", expected="An order.", rollback="Cancel it.")(order)
    rehearsal = cast("Rehearsal", SimpleNamespace(declared=made))

    assert asyncio.run(undo(rehearsal, {}, checkpoint=0)) is None
