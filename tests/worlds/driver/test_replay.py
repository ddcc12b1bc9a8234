"""Fast-forward: what was asked before the trial's step must be the recorded, and is answered from the record."""

import asyncio
from types import SimpleNamespace
from typing import cast

import pytest

from hotfire.model.history import Reply
from hotfire.model.step import Step
from hotfire.worlds.driver.actor import Actor
from hotfire.worlds.driver.asked import Answer, Asked
from hotfire.worlds.driver.http import Answered
from hotfire.worlds.driver.play import Played, Theatre
from hotfire.worlds.driver.recording import Recorded, Seen, wire_request
from hotfire.worlds.rehearsal import Rehearsal
from hotfire.worlds.replay import Replay
from hotfire.worlds.stand import Stand
from hotfire.worlds.stores.smtp.letter import Letter

LETTER = Letter(sender="s@x.example", recipients=("ann@x.example",), subject="Hi", text="http://x.example/confirm/1")
FORM = '<form method="post" action="/posts"><input name="csrf" value="t1"><input name="title"></form>'


class Service:
    """Stands for the stand: answers live requests, and counts them."""

    def __init__(self) -> None:
        self.targets: list[str] = []

    async def ask(self, request: object, deadline: float) -> Answered:
        del deadline
        self.targets.append(getattr(request, "target", ""))
        return Answered(status=200, body=b"live")

    async def quiet(self, deadline: float) -> tuple[str, ...]:
        del deadline
        return ()

    async def letters(self, since: int) -> tuple[Letter, ...]:
        del since
        return (LETTER,)


class Recorder:
    """Plays once, and keeps what a rehearsal keeps."""

    def __init__(self) -> None:
        self.recorded: list[Recorded] = []
        self.looks: list[Seen | tuple[Letter, ...]] = []

    async def step(self, index: int, asked: Asked) -> Answer:
        step = Step(actor=asked.actor, method=asked.request.method, route=asked.request.url.path, occurrence=index + 1)
        answer = Answer(200, content=f"recorded {index}".encode())
        reply = Reply(send=0, attempt=1, actor=asked.actor, status=200)
        request = wire_request(asked.request)
        self.recorded.append(Recorded(step=step, asked=asked, request=request, answer=answer, reply=reply))
        return answer

    async def page(self, look: int, steps: int, asked: Asked) -> Answer:
        del look, steps
        seen = Seen(asked=asked, answer=Answer(200, html=FORM))
        self.looks.append(seen)
        return seen.answer

    async def letters(self, look: int, steps: int) -> tuple[Letter, ...]:
        del look, steps
        self.looks.append((LETTER,))
        return (LETTER,)


def path(said: list[str], luck: str = "") -> object:
    def function(author: Actor) -> None:
        page = author.page("/posts/new" + luck)
        said.append(author.submit(page, "form", title="x").text)
        said.append(author.get(author.mail().link("confirm")).text)
        said.append(author.page("/end").text)

    return function


def actors() -> dict[str, Actor]:
    return {"author": Actor("author", seed="s", caller=lambda: 1, port=8000)}


async def replayed(index: int, function: object) -> tuple[Service, Replay, Played]:
    theatre, recorder, service = Theatre("paths.py"), Recorder(), Service()
    await theatre.play(path([]), actors(), recorder)  # type: ignore[arg-type]  # a function by its behaviour
    rehearsal = SimpleNamespace(
        recorded=recorder.recorded, looks=recorder.looks, stand=cast("Stand", service), letters_before=0
    )
    last = Answered(status=200, body=b"the trial's own")
    replay = Replay(rehearsal=cast("Rehearsal", rehearsal), index=index, last=last)
    played = await theatre.play(function, actors(), replay)  # type: ignore[arg-type]  # likewise
    return service, replay, played


@pytest.mark.parametrize(
    ("index", "heard", "asked"),
    [
        (0, ["the trial's own", "live", "live"], ["/confirm/1", "/end"]),
        (1, ["recorded 0", "the trial's own", "live"], ["/end"]),
    ],
)
def test_before_the_step_the_record_answers_behind_it_the_service(
    index: int, heard: list[str], asked: list[str]
) -> None:
    said: list[str] = []
    service, replay, played = asyncio.run(replayed(index, path(said)))
    assert said == heard
    assert service.targets == asked
    assert len(replay.replies) == 1 - index  # pages are no steps
    assert played.error is None
    assert not replay.broken


def test_a_page_that_is_read_only_this_time_breaks_the_replay() -> None:
    service, replay, played = asyncio.run(replayed(1, path([], luck="?again")))
    assert played.stopped
    assert not service.targets
    assert replay.broken == ["the critical path is not deterministic: author reads /posts/new only this time"]
