"""The border in front of what a hook holds: what it asks, what it is answered, what is recorded."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field

from hotfire.model.action import Action, Answer, Delay, Drop, Forward, Hold, Reset, Signal
from hotfire.model.call import Call, Exchange
from hotfire.model.perturbation import Script
from hotfire.perturbations.at_once import AtOnce
from hotfire.perturbations.client_gone import ClientGone
from hotfire.perturbations.kill import Kill
from hotfire.perturbations.none import Undisturbed
from hotfire.perturbations.terminated import Terminated
from hotfire.wire.sqlite import Dialogue
from hotfire.worlds.proxy.border import Border
from hotfire.worlds.proxy.hooked import HookedSession

COMMIT = "INSERT INTO a VALUES (…); COMMIT"
INSERT = "INSERT INTO a VALUES (…)"


@dataclass
class Line:
    """A transport that keeps what the hook is answered."""

    answers: list[dict[str, object]] = field(default_factory=list)
    aborted: bool = False

    def write(self, data: bytes) -> None:
        self.answers += [json.loads(line) for line in data.splitlines()]

    def abort(self) -> None:
        self.aborted = True


class Hook:
    """Says what the service's library does, and takes the answers."""

    def __init__(self, border: Border) -> None:
        self.line = Line()
        self.session = HookedSession(border, Dialogue(), "disk I/O error")
        self.session.connection_made(self.line)  # type: ignore[arg-type]  # all of a transport that is used

    def call(self, text: str, *, open_: bool = False) -> list[dict[str, object]]:
        return self._say({"say": "call", "text": text, "open": open_})

    def stray(self, path: str) -> list[dict[str, object]]:
        return self._say({"say": "stray", "path": path})

    def done(self, *, open_: bool = False, wrote: bool = False, error: str = "") -> list[dict[str, object]]:
        outcome = {"outcome": "error" if error else "ok", "detail": error, "changed": int(wrote)}
        return self._say({"say": "done", "open": open_, "writes": [["insert", "a"]] if wrote else [], **outcome})

    def _say(self, said: dict[str, object]) -> list[dict[str, object]]:
        before = len(self.line.answers)
        self.session.data_received(json.dumps(said).encode() + b"\n")
        return self.line.answers[before:]


def play(script: Script, story: Callable[[Hook, Border], None]) -> tuple[Border, list[str]]:
    """Play a story under a script; what was signalled."""
    signals: list[str] = []
    border = Border("db", signals.append)

    async def scene() -> None:
        border.arm(script, asyncio.get_running_loop().time())
        story(Hook(border), border)

    asyncio.run(scene())
    return border, signals


def transaction(hook: Hook, _: Border) -> None:
    hook.call("INSERT INTO a VALUES (1)")
    hook.done(open_=True, wrote=True)
    hook.call("COMMIT", open_=True)
    hook.done()


def at(kind: type, **more: object) -> Script:
    return Script.of(kind(dependency="db", signature=COMMIT, **more))


def doing(call: Action, reply: Action | None = None) -> Script:
    """A script that does the same with everything."""

    def on_call(_: Call) -> Action:
        return call

    def on_reply(_: Exchange) -> Action:
        return reply or Forward()

    return Script(
        perturbation=Undisturbed(),
        requests=Undisturbed().requests,
        on_call=on_call,
        on_reply=on_reply,
        aims=True,
        gates_calls=True,
        gates_replies=reply is not None,
    )


def test_undisturbed_everything_is_let_go_and_its_writes_are_kept() -> None:
    def story(hook: Hook, border: Border) -> None:
        assert hook.call("INSERT INTO a VALUES (1)") == [{"wait": False}]
        assert hook.session.busy
        assert hook.done(open_=True, wrote=True) == []
        assert hook.session.busy
        assert hook.session.open
        hook.call("COMMIT", open_=True)
        hook.done()
        assert not hook.session.busy
        assert border.window is not None
        assert [(each.connection, each.operation, each.table) for each in border.window.writes["db"]] == [
            (1, "insert", "a")
        ]

    border, _ = play(Script.of(Undisturbed()), story)
    assert border.window is not None
    assert [(each.call.point.signature, each.durable) for each in border.window.crossings] == [
        (INSERT, False),
        (COMMIT, True),
    ]


def test_what_is_rolled_back_leaves_no_write() -> None:
    def story(hook: Hook, border: Border) -> None:
        hook.call("INSERT INTO a VALUES (1)")
        hook.done(open_=True, wrote=True)
        hook.call("ROLLBACK", open_=True)
        hook.done()
        hook.call("INSERT INTO a VALUES (1)")
        hook.done(wrote=True)
        assert border.window is not None
        assert len(border.window.writes["db"]) == 1

    play(Script.of(Undisturbed()), story)


def test_killed_before_the_commit_it_is_never_answered() -> None:
    def story(hook: Hook, _: Border) -> None:
        hook.call("INSERT INTO a VALUES (1)")
        hook.done(open_=True, wrote=True)
        assert hook.call("COMMIT", open_=True) == []

    border, signals = play(at(Kill, when="before"), story)
    assert signals == ["SIGKILL"]
    assert border.window is not None
    assert border.window.crossings[-1].outcome == "unknown"


def test_killed_after_it_the_hook_was_told_to_wait() -> None:
    def story(hook: Hook, _: Border) -> None:
        assert hook.call("INSERT INTO a VALUES (1)") == [{"wait": True}]
        assert hook.done(open_=True, wrote=True) != []
        hook.call("COMMIT", open_=True)
        assert hook.done() == []

    border, signals = play(at(Kill, when="after"), story)
    assert signals == ["SIGKILL"]
    assert border.window is not None
    assert border.window.crossings[-1].durable


def test_told_to_end_it_may_go_on() -> None:
    def story(hook: Hook, _: Border) -> None:
        hook.call("INSERT INTO a VALUES (1)")
        hook.done(open_=True, wrote=True)
        hook.call("COMMIT", open_=True)
        assert len(hook.done()) == 1

    assert play(at(Terminated), story)[1] == ["SIGTERM"]


def test_a_held_reply_waits_for_its_release() -> None:
    def story(hook: Hook, border: Border) -> None:
        hook.call("INSERT INTO a VALUES (1)")
        hook.done(open_=True, wrote=True)
        hook.call("COMMIT", open_=True)
        assert hook.done() == []
        assert border.window is not None
        assert border.window.held.is_set()
        border.release()
        assert hook.line.answers[-1] == {"wait": False}

    play(at(ClientGone), story)


def test_one_that_goes_on_by_one_call_is_held_again_at_the_reply_and_others_are_not() -> None:
    def story(hook: Hook, border: Border) -> None:
        hook.call("INSERT INTO a VALUES (1)")
        hook.done(open_=True, wrote=True)
        assert hook.call("COMMIT", open_=True) == []
        window = border.window
        assert window is not None
        border.step()
        assert hook.line.answers[-1] == {"wait": True}
        assert (window.holding, window.held.is_set()) == (None, False)
        assert hook.done() == []
        assert (window.holding, window.held.is_set()) == (hook.session, True)
        other = Hook(border)
        other.call("INSERT INTO a VALUES (2)")
        assert other.done(wrote=True) == [{"wait": False}]
        border.release()
        assert hook.line.answers[-1] == {"wait": False}

    play(at(AtOnce), story)


def test_a_held_call_waits_and_another_connection_goes_by() -> None:
    def story(hook: Hook, border: Border) -> None:
        assert hook.call("INSERT INTO a VALUES (1)") == []
        other = Hook(border)
        assert other.session.process_id != hook.session.process_id
        border.release()
        assert hook.line.answers == [{"wait": False}]

    play(doing(Hold()), story)


def test_what_cannot_happen_to_a_file_is_an_error_of_the_disk() -> None:
    def story(hook: Hook, _: Border) -> None:
        assert hook.call("INSERT INTO a VALUES (1)") == [{"fail": "disk I/O error"}]
        assert not hook.session.busy

    play(doing(Reset()), story)


def test_an_error_is_given_in_the_words_that_were_wanted() -> None:
    def story(hook: Hook, _: Border) -> None:
        assert hook.call("SELECT 1") == [{"fail": "database is locked", "code": "SQLITE_BUSY"}]

    play(doing(Answer(code="SQLITE_BUSY", message="database is locked")), story)


def test_from_a_reply_it_is_raised_behind_what_was_done() -> None:
    def story(hook: Hook, _: Border) -> None:
        assert hook.call("INSERT INTO a VALUES (1)") == [{"wait": True}]
        assert hook.done(wrote=True) == [{"fail": "disk I/O error"}]

    border, _ = play(doing(Forward(), Reset()), story)
    assert border.window is not None
    assert border.window.crossings[0].durable


def test_who_would_change_what_is_the_projects_own_is_told_where_the_copy_lies() -> None:
    def story(hook: Hook, border: Border) -> None:
        assert hook.stray("/shop/media/a.png") == [{"wait": False}]
        assert not hook.session.busy
        assert "writes to /shop/media/a.png itself" in border.unmet
        assert "{db.path}" in border.unmet

    play(doing(Hold()), story)


def test_a_stall_is_never_answered_and_a_signal_may_let_it_go() -> None:
    def stalled(hook: Hook, _: Border) -> None:
        assert hook.call("SELECT 1") == []

    def signalled(hook: Hook, _: Border) -> None:
        assert hook.call("SELECT 1") == [{"wait": False}]

    play(doing(Drop()), stalled)
    assert play(doing(Signal(name="SIGTERM", forward=True)), signalled)[1] == ["SIGTERM"]


def test_a_delay_ends() -> None:
    async def scene() -> None:
        border = Border("db", lambda _: None)
        border.arm(doing(Delay(seconds=0.0)), 0.0)
        hook = Hook(border)
        assert hook.call("SELECT 1") == []
        turned = asyncio.Event()
        asyncio.get_running_loop().call_later(0.0, turned.set)
        await turned.wait()
        assert hook.line.answers == [{"wait": False}]

    asyncio.run(scene())


def test_outside_of_a_step_nothing_is_recorded_and_nothing_waits() -> None:
    async def scene() -> None:
        border = Border("db", lambda _: None)
        hook = Hook(border)
        transaction(hook, border)
        assert hook.line.answers == [{"wait": False}] * 2
        assert not hook.session.busy
        hook.session.cut()
        assert hook.line.aborted
        hook.session.connection_lost(None)
        assert not border.sessions

    asyncio.run(scene())
