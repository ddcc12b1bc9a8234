"""A rehearsal: sign-ins, then the whole critical path once, undisturbed, in one process, recorded step by step."""

import asyncio
import dataclasses
import inspect
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from hotfire.errors import HotfireError
from hotfire.model.declaration import NOBODY, Declarations, DeclaredPath, Function
from hotfire.model.history import History, LogLine, RowChange
from hotfire.model.perturbation import Script
from hotfire.model.step import Step
from hotfire.model.world import Mistake
from hotfire.perturbations.none import Undisturbed
from hotfire.worlds.driver.actor import Actor
from hotfire.worlds.driver.asked import Answer, Asked, Credentials
from hotfire.worlds.driver.disguise import is_identified, is_signed_in
from hotfire.worlds.driver.forms import complaints, forms_at
from hotfire.worlds.driver.http import Answered, Request
from hotfire.worlds.driver.play import Played, Theatre
from hotfire.worlds.driver.recording import Recorded, Seen, filled_by, page_for, person_answer, wire_request
from hotfire.worlds.driver.routes import Routes
from hotfire.worlds.firing import reply_of
from hotfire.worlds.live import Live
from hotfire.worlds.stand import Stand
from hotfire.worlds.stores.smtp.letter import Letter
from hotfire.worlds.typed import passwords_in

UNDISTURBED = Script.of(Undisturbed())
_LAST_LINES = 12
_WORKS = "the undisturbed path must work first: the service's own log lines say more"
_LIVE = "start the service by hand, send it the same requests, and mend what ends it: its last log lines are shown"


@dataclass(slots=True, kw_only=True)
class Rehearsal:
    """What one play of a path left in a world: records, the checkpoint before each step, and credentials.

    `continued[i]` is the null history of step i in the process that went on from the step before; `ended[i]` the wall
    clock at its end; `looks` are the pages and mails that were read between the steps, and `letters_before` is the
    number of mails of before the path; `typed` are passwords in bodies, with the actor of each; `notices` tell what a
    step wanted to reach, could not, and went on without. `number` counts the rehearsals of the world: made-up values
    are new in each.
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
    ended: list[float] = field(default_factory=list)
    looks: list[Seen | tuple[Letter, ...]] = field(default_factory=list)
    letters_before: int = 0
    earned: list[Mapping[str, Credentials]] = field(default_factory=list)
    typed: dict[str, str] = field(default_factory=dict)
    mistake: Mistake | None = None
    notices: dict[str, None] = field(default_factory=dict)
    stop_before: int | None = None
    _actors: Mapping[str, Actor] = field(default_factory=dict)

    async def play(self) -> None:
        """Sign in, play, and collect; stops at the first mistake."""
        self.stand.forget_unmet()
        for function in self.declarations.setups:
            await self._preliminary(function, self.actor(NOBODY))
        await self._sign_in()
        if self.mistake is None:
            self.letters_before = await self.stand.mark_letters()
            self.checkpoints.append(await self.stand.checkpoint())
            self._actors = actors = self.actors()
            played = await self.theatre.play(self.declared.function, actors, self)
            self.earned.append({name: actor.credentials() for name, actor in actors.items()})
            if played.error is not None and self.mistake is None:
                self.mistake = self._person(self.declared.value.name, played)
            elif not self.recorded and self.mistake is None:
                self.mistake = self._idle()
        if self.mistake is None and self.stop_before is None:
            await self._collect_finals()

    def actor(self, name: str, play: str = "") -> Actor:
        """An actor as it is before the path: without credentials, or with those that its sign-in earned.

        What it makes up is of this rehearsal, or of another play beside it, which has a name.
        """
        seed = f"{self.seed}/{self.name}/{self.number}" + (f"/{play}" if play else "")
        actor = Actor(name, seed=seed, caller=self.theatre.line, port=self.stand.port)
        return actor.take(self.credentials[name]) if name in self.credentials else actor

    def actors(self) -> dict[str, Actor]:
        """The actors of the path, fresh."""
        return {name: self.actor(name) for name in self.declared.value.actors}

    # before the path

    async def _sign_in(self) -> None:
        """The sign-in of each actor of the path and of its peers."""
        own = self.declared.actors
        wanted = dict.fromkeys((*own, *(peer for actor in own for peer in self.declarations.peers(actor))))
        for name in wanted:
            sign_in, actor = self.declarations.sign_in_of(name), self.actor(name)
            if sign_in and sign_in.function and self.mistake is None:
                earned = await self._preliminary(sign_in.function, actor)
                if isinstance(earned, Mapping):
                    actor.become({str(key): str(value) for key, value in earned.items()})
            self.credentials[name] = actor.credentials()
        self.earned.append(self.credentials)

    async def _preliminary(self, function: Function, actor: Actor) -> object:
        """Play a set-up or a sign-in: no step, so nothing of it is recorded, and it may meet a 4xx."""

        def hear(asked: Asked, answered: Answered) -> bool:
            self._type(asked)
            failed = answered.status is None or answered.status >= 500
            name = _name(asked)
            self.mistake = self._broken(name, answered) if failed else self._came_back(name, asked, answered)
            return self.mistake is None

        live = Live(stand=self.stand, letters_before=await self.stand.mark_letters(), hear=hear)
        parameters = inspect.signature(function).parameters
        played = await self.theatre.play(function, dict.fromkeys(parameters, actor), live)
        if played.error is not None and self.mistake is None:
            self.mistake = self._person(getattr(function, "__name__", "a sign-in"), played)
        self._went_on(getattr(function, "__name__", "a sign-in"))
        return played.value

    def _type(self, asked: Asked) -> None:
        """Remember the passwords that a body holds: whatever the service does with them, they stay secret."""
        for password in passwords_in(asked.request):
            self.typed.setdefault(password, asked.actor)

    # the path

    async def step(self, index: int, asked: Asked) -> Answer | None:
        """Play one step and keep all that was seen of it."""
        step = self._step(asked)
        self._type(asked)
        self.earned.append({asked.actor: asked.credentials})
        forms = await self._forms_of_peers(asked, step)
        if index == self.stop_before:
            self._keep(step, asked, Answered(cut="not asked"), forms)
            return None
        window = self.stand.arm(UNDISTURBED)
        answered = await self._live.ask(asked, step.deadline)
        unquiet = await self.stand.quiet(step.deadline)
        self.ended.append(time.time())
        recorded = self._keep(step, asked, answered, forms)
        reply = recorded.reply
        changes = await self.stand.changes(self.checkpoints[-1])
        self.continued.append(
            History(
                trial="",
                world=self.name,
                replies=(reply,),
                state=changes.rows,
                exchanges=tuple(crossing.exchange() for crossing in window.crossings),
                effects=changes.effects(window, reply.ended),
                logs=tuple(self.stand.journal.logs),
                opening=tuple(self.stand.journal.opening),
                generation="continued",
                unquiet=unquiet,
                seconds=asyncio.get_running_loop().time() - window.zero,
            )
        )
        self.stand.silence.learn(self.continued[-1])
        self.stand.disarm()
        self.checkpoints.append(await self.stand.checkpoint())
        self.mistake = self._wrong(step.key, asked, answered)
        self._went_on(_name(asked))
        return None if self.mistake else recorded.answer

    async def page(self, look: int, steps: int, asked: Asked) -> Answer | None:
        """Read a page between two steps: what that leaves behind belongs to the state before the next one."""
        del look, steps
        answered = await self._live.ask(asked, asked.deadline or self.declared.value.deadline)
        await self.stand.quiet(self.declared.value.deadline)
        self.checkpoints[-1] = await self.stand.checkpoint()
        self.mistake = self._wrong(_name(asked), asked, answered)
        self._went_on(_name(asked))
        seen = Seen(asked=asked, answer=person_answer(answered, asked.request))
        self.looks.append(seen)
        return None if self.mistake else seen.answer

    async def letters(self, look: int, steps: int) -> tuple[Letter, ...]:
        """The mails that have come since the path began."""
        letters = await self._live.letters(look, steps)
        self.looks.append(letters)
        return letters

    @property
    def _live(self) -> Live:
        return Live(stand=self.stand, letters_before=self.letters_before, hear=lambda _asked, _answered: True)

    async def _forms_of_peers(self, asked: Asked, step: Step) -> dict[str, Request]:
        """The step's request as its peers send it. They read the form's page now, so that it is one in all trials."""
        forms: dict[str, Request] = {}
        for name in step.peers if asked.submission else ():
            if page := page_for(asked, self.credentials[name]):
                answered = await self.stand.ask(page, step.deadline)
                await self.stand.quiet(step.deadline)
                if form := filled_by(asked, self.credentials[name], answered):
                    forms[name] = form
        if forms:
            self.checkpoints[-1] = await self.stand.checkpoint()
        return forms

    def _keep(self, step: Step, asked: Asked, answered: Answered, forms: Mapping[str, Request]) -> Recorded:
        recorded = Recorded(
            step=step,
            asked=asked,
            request=wire_request(asked.request),
            answer=person_answer(answered, asked.request),
            reply=reply_of(answered, 0, 1, step.actor),
            forms=forms,
            others={name: actor.credentials() for name, actor in self._actors.items()},
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
            identified=is_identified(asked),
            signed_in=is_signed_in(asked) or self.declarations.sign_in_of(asked.actor) is not None,
        )

    async def _collect_finals(self) -> None:
        """What changed from each step's checkpoint to the end of the path."""
        replies = tuple(recorded.reply for recorded in self.recorded)
        for index, history in enumerate(self.continued):
            final: tuple[RowChange, ...] = (await self.stand.changes(self.checkpoints[index])).rows
            self.continued[index] = dataclasses.replace(history, final=final, final_replies=replies[index + 1 :])

    # what went wrong

    def _went_on(self, name: str) -> None:
        """Note what the service wanted to reach in vain, where it did well all the same."""
        if self.mistake is None:
            self.notices |= dict.fromkeys(
                f"{name}: {want}; it went on without" for want in self.stand.zygote.wants.spend()
            )

    def _wrong(self, step: str, asked: Asked, answered: Answered) -> Mistake | None:
        reply, expect = reply_of(answered, 0, 1, asked.actor), asked.expect
        if reply.failed:
            return self._broken(step, answered)
        if (expect is None and reply.succeeded) or (expect and reply.status in expect):
            return self._came_back(step, asked, answered)
        wanted = " or ".join(map(str, expect)) if expect else "a status below 400"
        return Mistake(
            broken=False,
            step=step,
            problem=f"the happy path's answer is {reply.status}, not {wanted}: {reply.body[:400]}",
            hint=self.stand.unmet
            or f"mend {self.declared.value.file}:{asked.line}, or write expect={reply.status} if it is meant",
            reply=reply,
            logs=self._last_lines(),
        )

    def _came_back(self, step: str, asked: Asked, answered: Answered) -> Mistake | None:
        """A form that stands in the answer again was not accepted, though the status says that all is well."""
        answer, submission = person_answer(answered, asked.request), asked.submission
        html = "html" in answer.headers.get("content-type", "")
        if submission is None or asked.expect or not (answer.is_success and html):
            return None
        again = forms_at(answer.text, str(asked.request.url), submission.selector)
        if submission.form.method == "GET" or not any(map(submission.form.is_again, again)):
            return None
        return Mistake(
            broken=False,
            step=step,
            problem=f"the form {submission.selector!r} comes back: {complaints(answer.text)}",
            hint=f"mend the values at {self.declared.value.file}:{asked.line}, or write expect={answer.status_code} "
            "if the same form is how it goes on",
            reply=reply_of(answered, 0, 1, asked.actor),
            logs=self._last_lines(),
        )

    def _broken(self, step: str, answered: Answered) -> Mistake:
        reply = reply_of(answered, 0, 1, step.split(" ", 1)[0])
        died, unmet = self._died(), self.stand.unmet
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
                served = f", at request no. {len(process.calls)}" if process.calls else ""
                return f"the service's process {process.name} ended by itself with {how}{served}"
        return ""

    def _person(self, function: str, played: Played) -> Mistake:
        problem = played.mistake(self.declarations.file)
        own = played.error.hint if isinstance(played.error, HotfireError) else ""
        hint = (
            own
            or self.stand.unmet
            or f"mend {function} in {self.declarations.file}; the last answer and the log lines are shown"
        )
        reply = self.recorded[-1].reply if self.recorded else None
        return Mistake(broken=False, step=function, problem=problem, hint=hint, reply=reply, logs=self._last_lines())

    def _last_lines(self) -> tuple[LogLine, ...]:
        return tuple(self.stand.journal.logs[-_LAST_LINES:])


def _name(asked: Asked) -> str:
    """What is asked besides the steps, as their keys are written."""
    return f"{asked.actor} {asked.request.method} {asked.request.url.path}"
