"""A path's undo, played behind its end: the state that is left then should be the one before the path."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from hotfire.errors import HotfireError
from hotfire.model.declaration import Undo
from hotfire.model.history import Reply, Undone
from hotfire.worlds.driver.actor import Actor
from hotfire.worlds.driver.asked import Asked
from hotfire.worlds.driver.http import Answered
from hotfire.worlds.driver.play import Played
from hotfire.worlds.firing import reply_of
from hotfire.worlds.live import Live
from hotfire.worlds.rehearsal import Rehearsal


async def undo(rehearsal: Rehearsal, bound: Mapping[str, object], checkpoint: int) -> Undone | None:
    """Play the undo of a path that has come to its end; None where none is declared.

    `bound` are the local variables of the path's function at its end: an actor among them goes on as it is then. An
    actor that is not among them has what its sign-in earned. `checkpoint` is the one before the path's step.
    """
    undoing = rehearsal.declared.undoing
    if undoing is None:
        return None
    stand, deadline = rehearsal.stand, rehearsal.declared.value.deadline
    if unbound := _unbound(rehearsal, undoing, bound):
        return Undone(state=(), mistake=unbound)
    heard = _Heard(rehearsal=rehearsal)
    live = Live(stand=stand, letters_before=rehearsal.letters_before, hear=heard.hear)
    actors, values = _given(rehearsal, undoing, bound)
    written = len(stand.journal.logs)
    played = await rehearsal.theatre.play(partial(undoing.function, **values), actors, live)
    unquiet = await stand.quiet(deadline)
    return Undone(
        state=(await stand.changes(checkpoint)).rows,
        steps=tuple(heard.steps),
        replies=tuple(heard.replies),
        failed=heard.failed,
        mistake=_mistake(played, undoing),
        unquiet=unquiet,
        logs=tuple(stand.journal.logs[written:]),
    )


def _mistake(played: Played, undoing: Undo) -> str:
    """What the undo's own function raised, by file and line, with what to do about it."""
    said = played.mistake(undoing.file)
    if not said:
        return ""
    line, at = undoing.line, re.match(r"line (\d+):? ", said)
    if at:
        line, said = int(at[1]), said[at.end() :]
    hint = f"; {played.error.hint}" if isinstance(played.error, HotfireError) and played.error.hint else ""
    return f"{undoing.file}:{line}: {undoing.name}: {said}{hint}"


def _unbound(rehearsal: Rehearsal, undoing: Undo, bound: Mapping[str, object]) -> str:
    """What the path's function has a name for, and had no value of at its end."""
    names = rehearsal.declared.local_names
    missing = [name for name in undoing.parameters if name in names and name not in bound]
    if not missing:
        return ""
    path, where = rehearsal.declared.value.name, f"{undoing.file}:{undoing.line}: {undoing.name}"
    return f"{where}: {path} ends without a value of {' and of '.join(missing)}: let it have one whichever way it goes"


def _given(
    rehearsal: Rehearsal, undoing: Undo, bound: Mapping[str, object]
) -> tuple[dict[str, Actor], dict[str, object]]:
    """The undo's parameters: actors, and values."""
    given = {name: bound[name] if name in bound else rehearsal.actor(name) for name in undoing.parameters}
    actors = {name: each for name, each in given.items() if isinstance(each, Actor)}
    return actors, {name: each for name, each in given.items() if name not in actors}


@dataclass(slots=True, kw_only=True)
class _Heard:
    """What an undo has asked and been answered. It is ended at the first answer that no client takes as done."""

    rehearsal: Rehearsal
    steps: list[str] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    failed: bool = False

    def hear(self, asked: Asked, answered: Answered) -> bool:
        """Keep it; whether to go on."""
        reply = reply_of(answered, 0, 1, asked.actor)
        target = asked.request.url.raw_path.decode("ascii")
        route = self.rehearsal.routes.template(asked.request.method, target)
        self.steps.append(f"{asked.actor} {asked.request.method} {route}")
        self.replies.append(reply)
        self.failed = reply.status not in asked.expect if asked.expect else not reply.succeeded
        return not self.failed
