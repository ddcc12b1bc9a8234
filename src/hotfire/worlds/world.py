"""One world: an isolated copy of everything, which plays critical paths, goes back to checkpoints, and runs trials."""

import asyncio
import dataclasses
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from hotfire.errors import UsageError
from hotfire.loglines.frames import packages_of
from hotfire.model.declaration import Declarations, DeclaredPath
from hotfire.model.history import Baseline, History, Reply
from hotfire.model.perturbation import Script, Send
from hotfire.model.step import Step
from hotfire.model.store import START, CheckpointLost, Store
from hotfire.model.trial import Trial
from hotfire.model.world import Mistake, Survey
from hotfire.perturbations import is_reference, script
from hotfire.references import References, references_of
from hotfire.worlds.casting import Casting
from hotfire.worlds.document import Published, published_by
from hotfire.worlds.driver.asked import Credentials
from hotfire.worlds.driver.http import told
from hotfire.worlds.driver.play import Theatre
from hotfire.worlds.driver.routes import Routes
from hotfire.worlds.firing import Fired, Firing
from hotfire.worlds.kept import unknown_in_keeps
from hotfire.worlds.rehearsal import UNDISTURBED, Rehearsal
from hotfire.worlds.replay import Replay
from hotfire.worlds.resting import rest
from hotfire.worlds.schemathesis import told_by
from hotfire.worlds.seen import Changed
from hotfire.worlds.settling import Settling, pause, repeats
from hotfire.worlds.sharing import is_doubtful, is_unspent
from hotfire.worlds.silence import last_sign
from hotfire.worlds.stand import Stand
from hotfire.worlds.taken import keys_of, taken
from hotfire.worlds.undoing import undo
from hotfire.wrongs import BESIDE, LINE

_PRIMES = (1009, 2003, 3001, 4001)
_LEAST_PATIENCE = 0.25
_LOOKING = 86_400.0  # seconds: nobody hurries a person who looks at a cut
_HINTS = {
    "not through Python's sqlite3": "another library (apsw, pysqlite3) or another program writes the file: "
    "hotfire holds Python's own sqlite3 only",
    "not through Python's open": "a library in C, another program or a file that stays open writes the folder: "
    "hotfire holds what Python itself opens; leave the dependency out, or let Python write",
    "the stub of ": "mend it: what a stand-in does wrong says nothing of the service",
    "a connection to ": "speak the dependency's protocol in clear, and listen to messages on connections of their own",
    "a transaction wrote large objects": "write a row beside them in the same transaction, as one that names them does",
}
_NO_CHANCE = (
    "let the path depend on answers and actor.unique(…) only, not on the time, luck or the environment; "
    "a UUID is made of one: uuid.uuid5(uuid.NAMESPACE_URL, actor.unique(…))"
)


class LocalWorld:
    """A world in this process; implements the `World` protocol."""

    def __init__(
        self, name: str, stand: Stand, declarations: Declarations, *, seed: int = 0, notices: tuple[str, ...] = ()
    ) -> None:
        self.name = name
        self.notices = notices
        self._stand = stand
        self._declarations = declarations
        self._seed = seed
        self._theatre = Theatre(declarations.file)
        self._routes: Routes | None = None
        self._published = Published()
        self._rehearsal: Rehearsal | None = None
        self._rehearsals = 0
        self._index = -1
        self._least = 0
        self._warm = False
        self._steps: tuple[Step, ...] = ()
        self._longest = 0.0
        self._taken: Mapping[str, str] = {}
        self._references: References | None = None
        self._twice: list[History] = []

    # the World protocol

    async def survey(self, path: str) -> Survey:
        """Play the critical path once, undisturbed, and keep what was seen."""
        begun = time.monotonic()
        rehearsal = await self._rehearse(self._declared(path))
        kept = unknown_in_keeps(rehearsal.declared, await self._stand.columns(), self._stand.holdings)
        told_of = self._published.notices((recorded.step, told(recorded.request)) for recorded in rehearsal.recorded)
        cold = (f"no warm generation: {self._stand.not_warm}",) if self._stand.not_warm else ()
        return Survey(
            path=rehearsal.declared.value,
            steps=tuple(recorded.step for recorded in rehearsal.recorded),
            seconds=time.monotonic() - begun,
            mistake=rehearsal.mistake or kept,
            notices=(*cold, *told_of, *rehearsal.notices),
        )

    async def baseline(self, path: str, step: str) -> Baseline | Mistake:
        """Go to the checkpoint before `step` and play it undisturbed twice more, after the play that went on.

        Checkpoints are passed backwards only: asking for the steps from the last to the first costs one rehearsal.
        """
        rehearsal = self._rehearsal
        if rehearsal is None or rehearsal.declared.value.name != path or _index(rehearsal, step) >= self._least:
            rehearsal = await self._rehearse(self._declared(path))
        index = _index(rehearsal, step)
        if rehearsal.mistake or index < 0:
            return rehearsal.mistake or _not_the_same(step)
        self._index = self._least = index
        self._steps = tuple(recorded.step for recorded in rehearsal.recorded)
        try:
            return await self._measure(rehearsal, (rehearsal.continued[index],))
        except CheckpointLost:
            return await self._measure_frozen(rehearsal.declared, index)

    async def _measure_frozen(self, declared: DeclaredPath, index: int) -> Baseline | Mistake:
        """Undo is not enough behind this step (DDL, REFRESH, large objects): its checkpoint becomes a template.

        No process goes on over that copy, so the first null trial is in a fresh process too.
        """
        rehearsal = await self._rehearse(declared, stop_before=index)
        if rehearsal.mistake or len(rehearsal.recorded) <= index:
            return rehearsal.mistake or _not_the_same(self._steps[index].key)
        await self._stand.cool()
        await self._stand.freeze()
        rehearsal.checkpoints[index] = START
        self._index, self._least = index, 0
        return await self._measure(rehearsal, ())

    async def run(self, trial: Trial) -> History:
        """Run one trial of the step whose baseline was asked last."""
        rehearsal = self._rehearsal
        if rehearsal is None or self._index < 0 or rehearsal.recorded[self._index].step.key != trial.step:
            raise UsageError(f"trial {trial.id} is of a step without a baseline", hint="ask for its baseline first")
        generation = "warm" if self._warm and trial.arrangement.generation == "any" else "clean"
        wanted = script(trial)
        rest = trial.rest or wanted.undoes
        shared = wanted.shares and self._stand.unspent
        history = await self._fire(rehearsal, wanted, generation, trial.id, rest=rest)
        if shared and is_doubtful(history):
            history = await self._fire(rehearsal, wanted, generation, trial.id, rest=rest)
        if is_reference(trial) and not history.trouble:
            self._twice.append(history)
        if generation == "clean" and any(
            send.process for send in wanted.requests(rehearsal.recorded[self._index].step)
        ):
            self._least = 0  # their ports stay the clean zygote's: the next baseline needs a warm one that has them too
        return history

    async def rest(self) -> None:
        """Wait until what it was asked mostly waits."""
        await rest(lambda: self._stand.may_rest)

    # a person looks

    def stop_at_cut(self, cut: asyncio.Event) -> None:
        """Let the next trial stop where its perturbation acts, and set `cut` there."""
        self._stand.stop_at_cut(cut)

    def sights(self) -> dict[str, str]:
        """What can be looked at while a trial stands at its cut."""
        return self._stand.sights()

    def go_on(self) -> None:
        """Let the trial go on."""
        self._stand.go_on()

    @property
    def credentials(self) -> Sequence[Mapping[str, Credentials]]:
        """What each actor earned in the last rehearsal, moment by moment: secrets."""
        return self._rehearsal.earned if self._rehearsal else ()

    @property
    def typed(self) -> Mapping[str, str]:
        """The passwords that actors sent in the last rehearsal, with the actor of each: secrets."""
        return self._rehearsal.typed if self._rehearsal else {}

    async def close(self) -> None:
        """Leave nothing behind."""
        await self._stand.close()

    # the undisturbed path

    def _declared(self, path: str) -> DeclaredPath:
        if path not in self._declarations.paths:
            known = ", ".join(self._declarations.paths)
            raise UsageError(f"there is no critical path {path!r}", hint=f"declared are: {known}")
        return self._declarations.paths[path]

    async def _rehearse(self, declared: DeclaredPath, stop_before: int | None = None) -> Rehearsal:
        """From the root, in a fresh clean process; then this process becomes the warm generation."""
        await self._stand.cool()
        await self._stand.thaw()
        if self._routes is None:
            self._published = await published_by(self._stand)
            self._routes = Routes.of_document(self._published.text)
        await self._stand.restore(START)
        await self._stand.start("clean")
        self._rehearsals += 1
        self._rehearsal = rehearsal = Rehearsal(
            stand=self._stand,
            theatre=self._theatre,
            declarations=self._declarations,
            declared=declared,
            routes=self._routes,
            name=self.name,
            seed=self._seed,
            number=self._rehearsals,
            stop_before=stop_before,
        )
        self._stand.silence.learning = True
        await rehearsal.play()
        self._stand.silence.learning = False
        if rehearsal.mistake is None:
            await self._stand.keep_warm()
        self._least, self._index = len(rehearsal.recorded), -1
        return rehearsal

    async def _measure(self, rehearsal: Rehearsal, continued: tuple[History, ...]) -> Baseline | Mistake:
        index = self._index
        fresh = [await self._null(rehearsal, "clean", prime) for prime in _PRIMES[len(continued) : 2]]
        await self._another_second(rehearsal.rested[index] if continued else time.time())
        warm = await self._null(rehearsal, "warm", _PRIMES[2])
        baseline = await self._baseline(rehearsal, (*continued, *fresh, warm))
        self._warm = warm.generation == "warm"
        references = references_of(baseline)
        if self._warm and (references.disagree or references.disagree_later):  # perhaps clean processes agree
            self._warm = False
            another = await self._null(rehearsal, "clean", _PRIMES[3])
            baseline = await self._baseline(rehearsal, (*continued, *fresh, another))
        self._longest = max(last_sign(history) for history in baseline.clean)
        self._references, self._twice = references_of(baseline), []
        return _chance(baseline) or await self._look(rehearsal, baseline)

    async def _look(self, rehearsal: Rehearsal, baseline: Baseline) -> Baseline:
        """The baseline with what other rows have at the checkpoint, where the step writes what only one may have."""
        self._taken = {}
        written = () if baseline.step.safe else baseline.clean[-1].state
        if written:
            await self._stand.stop()
            await self._stand.restore(rehearsal.checkpoints[self._index])
            self._taken = await taken(self._stores, written)
        return dataclasses.replace(baseline, taken=dict(self._taken), **self._beside(baseline))

    def _beside(self, baseline: Baseline) -> dict[str, Any]:
        """What Schemathesis says of the step, where the team asks for it."""
        document, wanted = self._published.document, self._stand.config.checks.get(LINE, {}).get(BESIDE)
        if not wanted or document is None or baseline.request is None:
            return {}
        return told_by(document, baseline.request, baseline.clean[-1].replies[0])

    async def _baseline(self, rehearsal: Rehearsal, clean: tuple[History, ...]) -> Baseline:
        recorded = rehearsal.recorded[self._index]
        request = told(recorded.request)
        return Baseline(
            path=rehearsal.declared.value,
            step=recorded.step,
            steps=self._steps,
            world=self.name,
            clean=clean,
            columns=await self._stand.columns(),
            keys=await keys_of(self._stores),
            ignore=self._stand.config.state.ignore,
            processes=self._stand.config.service.processes,
            seed=self._seed,
            embedded=self._stand.embedded,
            kinds={each.name: each.kind for each in self._stand.config.dependencies},
            connections={border.dependency: sum(s.held for s in border.sessions) for border in self._stand.borders},
            request=request,
            document=self._published.part(request),
            earlier=tuple(recorded.reply for recorded in rehearsal.recorded[: self._index]),
            packages=packages_of(self._stand.config.service.words),
            sent=tuple(told(recorded.request).text for recorded in rehearsal.recorded[: self._index]),
        )

    @property
    def _stores(self) -> dict[str, Store]:
        return {name: holding.store for name, holding in self._stand.holdings.items()}

    async def _null(self, rehearsal: Rehearsal, generation: str, prime: int) -> History:
        history = await self._fire(rehearsal, UNDISTURBED, generation, "", rest=True, prime=prime)
        self._stand.silence.learn(history)
        return history

    async def _another_second(self, rested: float) -> None:
        """A value made of the second must differ between two clean runs, or it would not be known as generated.

        A run may write in the second after that of its request: what counts is when the run was at rest.
        """
        await asyncio.sleep(max(0.0, int(rested) + 1.01 - time.time()))

    # a trial

    async def _fire(
        self, rehearsal: Rehearsal, script: Script, generation: str, trial: str, *, rest: bool, prime: int = 0
    ) -> History:
        """Restore, start, fire, collect; then the rest of the path, where it is asked."""
        begun = time.monotonic()
        recorded, checkpoint = rehearsal.recorded[self._index], rehearsal.checkpoints[self._index]
        sends = script.requests(recorded.step)
        await self._ready(script, generation, checkpoint, prime, 1 + max(send.process for send in sends))
        casting = Casting(rehearsal=rehearsal, index=self._index, taken=self._taken)
        checkpoint = await casting.cast(sends, checkpoint)
        step = dataclasses.replace(recorded.step, deadline=_LOOKING) if self._stand.looked_at else recorded.step
        look = self._looks(step, sends if trial else ())
        requests, patience = casting.requests, self._patience()
        fired = await Firing(self._stand, step, script, recorded.asked, requests, checkpoint, patience, look).fire()
        if not trial:
            await pause(self._stand, step.deadline)
        changes = await look(checkpoint, fired.last[0])
        history = History(
            trial=trial,
            world=self.name,
            replies=fired.replies,
            state=changes.rows,
            meanwhile=fired.meanwhile,
            exchanges=tuple(crossing.exchange() for crossing in fired.window.crossings),
            effects=changes.effects(fired.window, fired.last[0].ended),
            logs=tuple(self._stand.journal.logs),
            opening=tuple(self._stand.journal.opening),
            exits=tuple(self._stand.journal.exits),
            reached=(fired.window.reached or not script.aims) and not casting.idle,
            serialised=fired.serialised,
            generation=self._stand.generation,
            unquiet=fired.unquiet,
            trouble=casting.trouble or _trouble(changes, fired, trial),
            seconds=time.monotonic() - begun,
        )
        self._stand.disarm()
        self._stand.unspent = script.shares and not casting.asked_before and is_unspent(history)
        return await self._rest(rehearsal, history, fired, checkpoint, undoes=script.undoes) if rest else history

    def _looks(self, step: Step, sends: Sequence[Send]) -> Callable[[int, Reply], Awaitable[Changed]]:
        """How a trial looks at what it has left: in one that must end as undisturbed, workers are given time."""
        if self._references is None or not repeats(sends):
            return lambda checkpoint, _reply: self._stand.changes(checkpoint)
        references, deadline = self._references, step.deadline
        return Settling(stand=self._stand, references=references, twice=self._twice, deadline=deadline).changes

    async def _ready(self, script: Script, generation: str, checkpoint: int, prime: int, processes: int) -> None:
        """Restore and start, unless the process that is there is as good as new."""
        if script.shares and self._stand.unspent and self._stand.generation == generation:
            self._stand.unspent = False
            return
        await self._stand.stop()
        await self._stand.restore(checkpoint)
        if prime:
            await self._stand.advance(prime)
        await self._stand.start(generation, processes)

    def _patience(self) -> float:
        """Three times the longest time that the step took undisturbed, in seconds."""
        return max(_LEAST_PATIENCE, 3 * self._longest)

    async def _rest(
        self, rehearsal: Rehearsal, history: History, fired: Fired, checkpoint: int, *, undoes: bool
    ) -> History:
        """Fast-forward the person's function to the step, give it the trial's answer, and play on; then undo it."""
        replay = Replay(rehearsal=rehearsal, index=self._index, last=fired.last[1])
        bound: dict[str, object] | None = {} if undoes else None
        played = await self._theatre.play(rehearsal.declared.function, rehearsal.actors(), replay, bound)
        history = dataclasses.replace(
            history,
            final=(await self._stand.changes(checkpoint)).rows,
            final_replies=tuple(replay.replies),
            mistake=played.mistake(self._declarations.file),
            trouble="; ".join([*filter(None, [history.trouble]), *replay.broken]),
        )
        if bound is None or history.mistake or history.trouble:
            return history
        return dataclasses.replace(history, undone=await undo(rehearsal, bound, checkpoint))


def _trouble(changes: Changed, fired: Fired, trial: str) -> str:
    """Why a run cannot be judged; else empty. Points are those of undisturbed runs: there each change has a place."""
    return changes.trouble or fired.trouble or ("" if trial else changes.unplaced)


def _index(rehearsal: Rehearsal, step: str) -> int:
    keys = [recorded.step.key for recorded in rehearsal.recorded]
    return keys.index(step) if step in keys else -1


def _not_the_same(step: str) -> Mistake:
    return Mistake(
        broken=False,
        step=step,
        problem=f"the critical path made no step {step!r} this time: it is not deterministic",
        hint=_NO_CHANCE,
    )


def _chance(baseline: Baseline) -> Mistake | None:
    """The mistake of a critical path that asked for something else when it was played once more, or wrote unseen."""
    trouble = next((history.trouble for history in baseline.clean if history.trouble), "")
    hint = next((hint for sign, hint in _HINTS.items() if sign in trouble), _NO_CHANCE)
    return Mistake(broken=False, step=baseline.step.key, problem=trouble, hint=hint) if trouble else None
