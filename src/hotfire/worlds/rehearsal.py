"""A rehearsal: sign-ins, then the whole critical path once, undisturbed, in one process, recorded step by step."""

import asyncio
import dataclasses
import inspect
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from hotfire.model.declaration import NOBODY, Declarations, DeclaredPath, Function
from hotfire.model.history import History, LogLine, RowChange
from hotfire.model.perturbation import Script
from hotfire.model.step import Step
from hotfire.model.world import Mistake
from hotfire.perturbations.none import Undisturbed
from hotfire.worlds import evidence
from hotfire.worlds.driver.actor import Actor, Answer, Asked, Credentials
from hotfire.worlds.driver.http import Answered, Request
from hotfire.worlds.driver.play import Played, Stage, Theatre
from hotfire.worlds.driver.recording import Recorded, person_answer, wire_request
from hotfire.worlds.driver.routes import Routes
from hotfire.worlds.firing import reply_of
from hotfire.worlds.stand import FIRST_PORT, Stand

UNDISTURBED = Script.of(Undisturbed())
_LAST_LINES = 12
_WORKS = "the undisturbed path must work first: the service's own log lines say more"
_LIVE = "start the service by hand, send it the same requests, and mend what ends it: its last log lines are shown"


@dataclass(slots=True, kw_only=True)
class Rehearsal:
    """What one play of a path left in a world: records, the checkpoint before each step, and credentials.

    `continued[i]` is the null history of step i in the process that went on from the step before; `begun[i]` the wall
    clock at its start. `number` counts the rehearsals of the world: made-up values are new in each.
    """

    stand: Stand
    theatre: Theatre
    declarations: Declarations
    declared: DeclaredPath
    routes: Routes
    name: str
    seed: int
    number: int
    credentials: dict[str, Credentials] = field(default_factory=dict)
    recorded: list[Recorded] = field(default_factory=list)
    checkpoints: list[int] = field(default_factory=list)
    continued: list[History] = field(default_factory=list)
    begun: list[float] = field(default_factory=list)
    mistake: Mistake | None = None
    stop_before: int | None = None

    async def play(self) -> None:
        """Sign in, play, and collect; stops at the first mistake."""
        self.stand.border.unmet = ""
        for function in self.declarations.setups:
            await self._preliminary(function, self.actor(NOBODY))
        await self._sign_in()
        if self.mistake is None:
            self.checkpoints.append(await self.stand.checkpoint())
            played = await self.theatre.play(self.declared.function, self.actors(), Stage(self._record))
            if played.error is not None and self.mistake is None:
                self.mistake = self._person(self.declared.value.name, played)
            elif not self.recorded and self.mistake is None:
                self.mistake = self._idle()
        if self.mistake is None and self.stop_before is None:
            await self._collect_finals()

    def actor(self, name: str) -> Actor:
        """An actor as it is before the path: without credentials, or with those that its sign-in earned."""
        actor = Actor(name, seed=f"{self.seed}/{self.name}/{self.number}", caller=self.theatre.line, port=FIRST_PORT)
        return actor.take(self.credentials[name]) if name in self.credentials else actor

    def actors(self) -> dict[str, Actor]:
        """The actors of the path, fresh."""
        return {name: self.actor(name) for name in self.declared.value.actors}

    # before the path

    async def _sign_in(self) -> None:
        """The sign-in of each actor of the path and of its peers."""
        own = self.declared.value.actors
        wanted = dict.fromkeys((*own, *(peer for actor in own for peer in self.declarations.peers(actor))))
        for name in wanted:
            sign_in, actor = self.declarations.sign_in_of(name), self.actor(name)
            if sign_in and sign_in.function and self.mistake is None:
                earned = await self._preliminary(sign_in.function, actor)
                if isinstance(earned, Mapping):
                    actor.become({str(key): str(value) for key, value in earned.items()})
            self.credentials[name] = actor.credentials()

    async def _preliminary(self, function: Function, actor: Actor) -> object:
        """Play a set-up or a sign-in: no step, so nothing of it is recorded, and it may meet a 4xx."""

        async def perform(index: int, asked: Asked) -> Answer | None:
            del index
            answered = await self.stand.ask(wire_request(asked.request), deadline=5.0)
            await self.stand.quiet(5.0)
            if answered.status is None or answered.status >= 500:
                self.mistake = self._broken(f"{asked.actor} {asked.request.method} {asked.request.url.path}", answered)
                return None
            return person_answer(answered, asked.request)

        parameters = inspect.signature(function).parameters
        played = await self.theatre.play(function, dict.fromkeys(parameters, actor), Stage(perform))
        if played.error is not None and self.mistake is None:
            self.mistake = self._person(getattr(function, "__name__", "a sign-in"), played)
        return played.value

    # the path

    async def _record(self, index: int, asked: Asked) -> Answer | None:
        """Play one step and keep all that was seen of it."""
        step, request = self._step(asked), wire_request(asked.request)
        credentials = self.credentials.get(asked.actor, Credentials())
        if index == self.stop_before:
            unasked = Answered(cut="not asked")
            self._keep(step, asked, request, unasked, credentials)
            return None
        window = self.stand.arm(UNDISTURBED)
        self.begun.append(time.time())
        answered = await self.stand.ask(request, step.deadline)
        unquiet = await self.stand.quiet(step.deadline)
        recorded = self._keep(step, asked, request, answered, credentials)
        reply = recorded.reply
        changes = await self.stand.changes(self.checkpoints[-1])
        self.continued.append(
            History(
                trial="",
                world=self.name,
                replies=(reply,),
                state=changes.rows,
                exchanges=tuple(crossing.exchange() for crossing in window.crossings),
                effects=evidence.effects(window.crossings, changes.writes, reply.ended),
                logs=tuple(self.stand.journal.logs),
                generation="continued",
                unquiet=unquiet,
                seconds=asyncio.get_running_loop().time() - window.zero,
            )
        )
        self.stand.border.disarm()
        self.checkpoints.append(await self.stand.checkpoint())
        self.mistake = self._wrong(recorded, answered)
        return None if self.mistake else recorded.answer

    def _keep(
        self, step: Step, asked: Asked, request: Request, answered: Answered, credentials: Credentials
    ) -> Recorded:
        recorded = Recorded(
            step=step,
            asked=asked,
            request=request,
            answer=person_answer(answered, asked.request),
            reply=reply_of(answered, 0, 1, step.actor),
            credentials=credentials,
        )
        self.recorded.append(recorded)
        return recorded

    def _step(self, asked: Asked) -> Step:
        method, target = asked.request.method, asked.request.url.raw_path.decode("ascii")
        route = self.routes.template(method, target)
        before = Counter((each.step.actor, each.step.method, each.step.route) for each in self.recorded)
        return Step(
            actor=asked.actor,
            method=method,
            route=route,
            occurrence=before[asked.actor, method, route] + 1,
            repeat=asked.repeat,
            deadline=asked.deadline or self.declared.value.deadline,
            target=target,
            line=asked.line,
            peers=self.declarations.peers(asked.actor),
        )

    async def _collect_finals(self) -> None:
        """What changed from each step's checkpoint to the end of the path."""
        replies = tuple(recorded.reply for recorded in self.recorded)
        for index, history in enumerate(self.continued):
            final: tuple[RowChange, ...] = (await self.stand.changes(self.checkpoints[index])).rows
            self.continued[index] = dataclasses.replace(history, final=final, final_replies=replies[index + 1 :])

    # what went wrong

    def _wrong(self, recorded: Recorded, answered: Answered) -> Mistake | None:
        reply, expect = recorded.reply, recorded.asked.expect
        if reply.failed:
            return self._broken(recorded.step.key, answered)
        if (expect is None and reply.succeeded) or (expect and reply.status in expect):
            return None
        wanted = " or ".join(map(str, expect)) if expect else "a status below 400"
        return Mistake(
            broken=False,
            step=recorded.step.key,
            problem=f"the happy path's answer is {reply.status}, not {wanted}: {reply.body[:400]}",
            hint=f"mend {self.declared.value.file}:{recorded.step.line}, or write expect={reply.status} if it is meant",
            reply=reply,
            logs=self._last_lines(),
        )

    def _broken(self, step: str, answered: Answered) -> Mistake:
        reply = reply_of(answered, 0, 1, step.split(" ", 1)[0])
        died, unmet = self._died(), self.stand.border.unmet
        return Mistake(
            broken=not (died or unmet),
            step=step,
            problem=died or (f"answered {reply.status}" if reply.status else reply.cut),
            hint=unmet or (_LIVE if died else _WORKS),
            reply=reply,
            logs=self._last_lines(),
        )

    def _idle(self) -> Mistake:
        """A path that asks for nothing proves nothing."""
        value = self.declared.value
        return Mistake(
            broken=False,
            step=value.name,
            problem="the critical path sends no request",
            hint=f'write its steps at {value.file}:{value.line}, such as {(*value.actors, NOBODY)[0]}.get("/")',
        )

    def _died(self) -> str:
        """How the service ended by itself, though nothing was done to it."""
        for process in self.stand.processes:
            if process.status is not None:
                how = f"status {process.status}" if process.status >= 0 else f"signal {-process.status}"
                served = len(process.calls)
                return f"the service's process {process.name} ended by itself with {how}, at request no. {served}"
        return ""

    def _person(self, function: str, played: Played) -> Mistake:
        problem = played.mistake(self.declarations.file)
        hint = f"mend {function} in {self.declarations.file}; the last answer and the log lines are shown"
        reply = self.recorded[-1].reply if self.recorded else None
        return Mistake(broken=False, step=function, problem=problem, hint=hint, reply=reply, logs=self._last_lines())

    def _last_lines(self) -> tuple[LogLine, ...]:
        return tuple(self.stand.journal.logs[-_LAST_LINES:])
