"""The border in front of the mail server: all that it can do with a mail, as a client sees it."""

import asyncio
import smtplib
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from hotfire.model.action import FORWARD, Action, Answer, Delay, Drop, Hold, Reset, Signal
from hotfire.model.call import Call, Exchange
from hotfire.model.perturbation import Script
from hotfire.perturbations.kill import Kill
from hotfire.perturbations.lost_call import LostCall
from hotfire.perturbations.lost_reply import LostReply
from hotfire.perturbations.none import Undisturbed
from hotfire.worlds.evidence import effects
from hotfire.worlds.proxy.border import Border, Window
from tests.worlds.stores.test_catcher import catching, send

POINT = 'mail "Hello" to 1 recipient'


def at(kind: Callable[..., object], **more: object) -> Script:
    return Script.of(kind(dependency="mail", signature=POINT, **more))  # type: ignore[arg-type]


def doing(call: Action, reply: Action = FORWARD) -> Script:
    """A script that does the same with every mail."""

    def on_call(_: Call) -> Action:
        return call

    def on_reply(_: Exchange) -> Action:
        return reply

    quiet = Undisturbed()
    return Script(
        perturbation=quiet,
        requests=Script.of(quiet).requests,
        on_call=on_call,
        on_reply=on_reply,
        aims=True,
        gates_calls=True,
        gates_replies=True,
    )


@dataclass
class Seen:
    """What a client saw, and what the border and the store have."""

    client: str
    mails: int
    outcome: str
    effects: list[tuple[str, ...]]


async def sent(port: int) -> str:
    """Send one mail; how that went."""
    try:
        await asyncio.to_thread(send, port, "Hello")
    except smtplib.SMTPDataError as refused:
        return f"{refused.smtp_code} {refused.smtp_error.decode()}"
    except (smtplib.SMTPServerDisconnected, ConnectionError):
        return "cut"
    return "ok"


async def story(script: Script) -> Seen:
    """One mail under a script; whatever is held is let go once it is held."""
    async with catching() as (catcher, port, border), asyncio.TaskGroup() as tasks:
        window = border.arm(script, asyncio.get_running_loop().time())
        releasing = tasks.create_task(_release(window, border))
        client = await sent(port)
        releasing.cancel()
        assert not await border.rested(5.0)
        assert await border.drained(5.0)
        (crossing,) = window.crossings
        found = effects(window.crossings, window.writes.get("mail", ()), 1e9)
        mails = len(await catcher.letters(0))
        return Seen(client, mails, crossing.outcome, [each.writes for each in found])


async def _release(window: Window, border: Border) -> None:
    await window.held.wait()
    assert next(border.busy(), None) is not None
    border.release()


SENT = [("send mail.messages",)]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (Script.of(Undisturbed()), Seen("ok", 1, "ok", SENT)),
        (at(LostCall), Seen("cut", 0, "unknown", [])),
        (at(LostReply), Seen("cut", 1, "unknown", SENT)),
        (at(Kill, when="before"), Seen("cut", 0, "unknown", [])),
        (at(Kill, when="after"), Seen("cut", 1, "ok", SENT)),
        (doing(Answer(code="451", message="try again")), Seen("451 try again", 0, "error", [])),
        (doing(Hold()), Seen("ok", 1, "ok", SENT)),
        (doing(FORWARD, Hold()), Seen("ok", 1, "ok", SENT)),
        (doing(Delay(seconds=0.01), Delay(seconds=0.01)), Seen("ok", 1, "ok", SENT)),
        (doing(Signal(name="SIGTERM", forward=True)), Seen("ok", 1, "ok", SENT)),
        (doing(FORWARD, Reset()), Seen("cut", 1, "unknown", SENT)),
    ],
)
def test_what_a_border_does_with_a_mail(script: Script, expected: Seen) -> None:
    assert asyncio.run(story(script)) == expected


@pytest.mark.parametrize(("script", "mails"), [(doing(Drop()), 0), (doing(FORWARD, Drop()), 1)])
def test_a_stalled_mail_is_never_answered_and_nobody_waits_for_it(script: Script, mails: int) -> None:
    async def play() -> None:
        async with catching() as (catcher, port, border):
            border.arm(script, asyncio.get_running_loop().time())
            client = await asyncio.to_thread(smtplib.SMTP, "127.0.0.1", port, timeout=0.2)
            with pytest.raises((smtplib.SMTPServerDisconnected, TimeoutError)):
                await asyncio.to_thread(client.sendmail, "a@x.example", ["b@x.example"], "Subject: Hello\r\n\r\n")
            assert not await border.rested(1.0)
            client.close()
            assert await border.drained(5.0)
            assert len(await catcher.letters(0)) == mails

    asyncio.run(play())


@dataclass(frozen=True)
class Closed:
    """Connections that begin are reset, or never greeted."""

    action: Action
    met: asyncio.Event = field(default_factory=asyncio.Event)

    def on_open(self, dependency: str) -> Action:
        assert dependency == "mail"
        self.met.set()
        return self.action


@pytest.mark.parametrize("action", [Reset(), Drop()])
def test_a_server_that_is_down_and_comes_back(action: Action) -> None:
    async def play() -> None:
        async with catching() as (catcher, port, border), asyncio.TaskGroup() as tasks:
            closed = Closed(action)
            border.arm(Script.of(closed), asyncio.get_running_loop().time())  # type: ignore[arg-type]
            task = tasks.create_task(sent(port))
            await closed.met.wait()
            border.calm()
            assert await task == "cut"
            assert await sent(port) == "ok"
            assert len(await catcher.letters(0)) == 1

    asyncio.run(play())


def test_what_was_held_back_is_not_sent_when_the_service_dies() -> None:
    async def play() -> None:
        async with catching() as (catcher, port, border), asyncio.TaskGroup() as tasks:
            window = border.arm(doing(Hold()), asyncio.get_running_loop().time())
            task = tasks.create_task(sent(port))
            await window.held.wait()
            border.cut_all()
            assert await task == "cut"
            assert await border.drained(5.0)
            assert not await catcher.letters(0)

    asyncio.run(play())
