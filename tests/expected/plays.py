"""Undisturbed plays of a path of two steps, for the tests of what is learned from them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from hotfire.expected import Expected, learn
from hotfire.model.history import Reply
from hotfire.model.step import Step
from hotfire.testing import reply

NOW = datetime(2026, 11, 28, 6, 0, tzinfo=UTC)
JSON = {"content-type": "application/json"}
HTML = {"content-type": "text/html; charset=utf-8"}
POST = Step(actor="author", method="POST", route="/api/posts", target="/api/posts")
SHOW = Step(actor="nobody", method="GET", route="/posts/{id}", target="/posts/1000001")
RUNS = 6


def serial(run: int) -> int:
    """The number that a sequence gives in a run."""
    return 1_000_001 + 1009 * run


def unique(run: int) -> str:
    """What an actor makes up: new in each of the two beginnings."""
    return ("hello3f9c1a2b4d", "hello77aa01be9c")[run // 3]


def answered(body: object, headers: Mapping[str, str] = JSON, status: int = 200) -> Reply:
    return reply(status, body, headers=headers)


def learned(answer: Callable[[int], Reply]) -> Expected:
    """What one step is expected to answer."""
    (found,) = learn("publish", [POST], [[answer(run)] for run in range(RUNS)], {}, NOW)
    assert isinstance(found, Expected), found
    return found


def both(first: Callable[[int], Reply], second: Callable[[int], Reply]) -> Sequence[Expected]:
    """What two steps are expected to answer, the second asked with the number that the first gave."""
    runs = [[first(run), second(run)] for run in range(RUNS)]
    sent = {run: ["/api/posts", f"/posts/{serial(run)}"] for run in (0, 3)}
    return [each for each in learn("publish", [POST, SHOW], runs, sent, NOW) if isinstance(each, Expected)]
