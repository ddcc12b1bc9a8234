"""The whole firing: every world takes jobs from the agenda, and all that happens is an event."""

import asyncio
import contextlib
import dataclasses
import functools
from collections.abc import AsyncIterator, Sequence

from hotfire.clock import Clock
from hotfire.engine.agenda import Agenda, ConfirmJob, HelpJob, Job, PathState, StepJob, SurveyJob
from hotfire.engine.bay import Bay, crash
from hotfire.engine.cores import Paced
from hotfire.engine.doubt import HAPPY_PATH, broken, doubt_of, flaky, seen_again, slip_of
from hotfire.engine.lanes import NO_LANES, Berths, Lanes
from hotfire.engine.order import Order
from hotfire.engine.step import StepFiring, Visit
from hotfire.engine.verdict import cell, exit_code, ledger, verdict
from hotfire.errors import HotfireError, UsageError
from hotfire.model.check import Check, Judged, asks
from hotfire.model.event import (
    Event,
    FindingConfirmed,
    PathEnded,
    PathFailed,
    PathSurveyed,
    RunEnded,
    RunStarted,
    StepMeasured,
    UnknownMet,
)
from hotfire.model.history import Baseline
from hotfire.model.judgement import Finding, Unknown
from hotfire.model.run import Cell, PathResult, Run
from hotfire.model.waiver import Waiver
from hotfire.model.world import LostWorldError, Mistake, RestingWorld, Survey, World


async def fire(
    order: Order, worlds: Sequence[RestingWorld], clock: Clock, berths: Berths = NO_LANES
) -> AsyncIterator[Event]:
    """Fire the order's paths over these worlds, and over lanes that lie at `berths`; the last event is `RunEnded`.

    Raises:
        HotfireError: a world could not be asked at all (the service does not start, …).
    """
    campaign = _Campaign(order, worlds, clock, berths)
    work = asyncio.ensure_future(campaign.work())  # noqa: TID251  # a generator cannot hold a task group over its yields
    try:
        while (event := await campaign.events.get()) is not None:
            yield event
        await work
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)


class _Campaign:
    """One run. It has a core for each of its worlds; lanes have none of their own."""

    def __init__(self, order: Order, worlds: Sequence[RestingWorld], clock: Clock, berths: Berths) -> None:
        self.events: asyncio.Queue[Event | None] = asyncio.Queue()
        self._order = order
        self._worlds = worlds
        self._clock = clock
        self._agenda = Agenda(order.paths, len(worlds))
        self._cores = asyncio.Semaphore(len(worlds))
        self._lanes = Lanes(berths, self._serve_in_lane)
        self._visits: dict[str, Visit] = {}
        self._say = self.events.put_nowait
        self._told: set[str] = set()
        self._hurrying = False
        self._waivers: tuple[Waiver, ...] = ()

    async def work(self) -> None:
        begun = self._clock.seconds()
        run = self._run()
        self._waivers = run.in_force()
        self._say(RunStarted(run=run))
        try:
            async with self._lanes, asyncio.TaskGroup() as tasks:
                for world in self._worlds:
                    tasks.create_task(self._serve(world))
            self._know_steps()
            results = tuple(state.result for state in self._agenda.states if state.result)
            self._say(RunEnded(run=self._ended(run, results, self._clock.seconds() - begun)))
        except* HotfireError as errors:
            raise _first(errors) from None
        finally:
            self._say(None)

    def _know_steps(self) -> None:
        """A step that was asked for and is in no path has not been judged: never a GO."""
        known = dict.fromkeys(step.key for state in self._agenda.states for step in state.steps)
        for wanted in self._order.steps:
            if wanted not in known:
                raise UsageError(f"no critical path has the step {wanted!r}", hint=f"the steps are {'; '.join(known)}")

    def _know_named(self, survey: Survey) -> None:
        """A file that names a step which its path does not have says something that is not judged: never a GO."""
        known = [step.key for step in survey.steps]
        for named in self._order.named:
            if named.path == survey.path.name and named.step not in known:
                problem = f"{named.place} names the step {named.step!r}, which {named.path} does not have"
                raise UsageError(problem, hint=f"{named.hint}; its steps are {'; '.join(known)}")

    def _run(self) -> Run:
        order = self._order
        return Run(
            id=order.run,
            project=order.project,
            started=self._clock.now().isoformat(timespec="seconds"),
            lines=order.lines,
            not_asked=order.not_asked,
            notices=order.notices,
            seed=order.seed,
            command=order.command,
            waivers=order.waivers,
            ignored=order.ignored,
            whole=order.whole,
        )

    def _ended(self, run: Run, results: tuple[PathResult, ...], seconds: float) -> Run:
        waivers = run.in_force()
        return dataclasses.replace(
            run,
            paths=results,
            verdict=verdict(results, waivers),
            seconds=seconds,
            exit_code=exit_code(results, waivers),
        )

    async def _serve(self, world: RestingWorld) -> None:
        """One world's life: job after job.

        Raises:
            LostWorldError: the world has ended; its job is to be done by another.
        """
        paced, last = Paced(world, self._cores), None
        while job := await self._agenda.next(world.name, last):
            if not isinstance(job, HelpJob):
                self._visits.pop(world.name, None)
            try:
                await self._do(paced, job, last)
            except* LostWorldError as lost:
                self._agenda.put_back(job)
                raise _first(lost) from None
            finally:
                await self._agenda.done()
            last = job

    async def _serve_in_lane(self, world: RestingWorld) -> None:
        with contextlib.suppress(LostWorldError):
            await self._serve(world)

    async def _do(self, world: World, job: Job, last: Job | None) -> None:
        match job:
            case SurveyJob():
                await self._survey(world, job.state)
            case StepJob():
                await self._step(world, job)
                job.state.open -= 1
            case HelpJob():
                await self._help(world, job.firing)
            case ConfirmJob():
                await self._confirm(world, job, rehearsed=isinstance(last, ConfirmJob) and last.state is job.state)
                job.state.open -= 1
        if not job.state.open and not job.state.waiting:
            self._close(job.state)

    # survey

    async def _survey(self, world: World, state: PathState) -> None:
        state.begun = self._clock.seconds()
        survey = await world.survey(state.name)
        if survey.mistake and survey.mistake.broken:
            survey = await self._again(world, survey, state)
        self._say(PathSurveyed(survey=survey))
        state.path, state.steps = survey.path, survey.steps
        if survey.mistake is None:
            self._know_named(survey)
            wanted = self._order.steps
            self._agenda.add_steps(state, tuple(step for step in survey.steps if not wanted or step.key in wanted))
        elif survey.mistake.broken:
            self._tell(state, broken(survey, survey.mistake))
        else:
            self._mistaken(state, survey.mistake)

    async def _again(self, world: World, survey: Survey, state: PathState) -> Survey:
        """A broken path is a blocker, and no blocker stands unconfirmed."""
        second = await world.survey(state.name)
        if second.mistake is None and survey.mistake:
            state.unknowns.append(flaky(HAPPY_PATH, state.name, survey.mistake.step, survey.mistake.problem))
        return second

    # steps

    async def _step(self, world: World, job: StepJob) -> None:
        state = job.state
        baseline = await world.baseline(state.name, job.step.key)
        if isinstance(baseline, Mistake):
            self._unmeasured(state, job.step.key, baseline)
            return
        self._say(StepMeasured(baseline=baseline))
        firing = StepFiring(
            world=world,
            baseline=baseline,
            say=self._say,
            on_planned=self._share,
            on_blocker=functools.partial(self._hurry, state),
        )
        self._agenda.begin(state, firing)
        try:
            await firing.fire(self._order.checks, dry=self._order.dry)
        finally:
            self._agenda.end(firing)
        state.baselines.append(baseline)
        state.unknowns += firing.crashed
        for line, judged in firing.judged.items():
            state.judged.setdefault(line, []).extend(judged)
            for slip in filter(None, map(slip_of, judged)):
                self._mistaken(state, slip)
        for line, trials in firing.left_out.items():
            state.left_out.setdefault(line, []).extend(trials)

    async def _help(self, world: World, firing: StepFiring) -> None:
        """Run what is left of a step that another world has taken; one that does not play here is left to it."""
        visit = await Visit.at(firing, world, self._visits.get(world.name))
        if visit is None:
            firing.refused_by.add(world.name)
            return
        self._visits[world.name] = visit
        await firing.help(visit.bay)

    async def _share(self) -> None:
        """A step has more trials than before: worlds without work take some, and more are opened where many wait."""
        self._lanes.call(self._agenda.waiting)
        await self._agenda.planned()

    def _unmeasured(self, state: PathState, step: str, mistake: Mistake) -> None:
        """A step that broke once is flaky; a path that plays otherwise each time is mistaken, and its rest is left."""
        if mistake.broken:
            unknowns = [flaky(check.line, state.name, step, mistake.problem) for check in self._order.checks]
            state.unknowns += unknowns
            return
        self._agenda.drop_steps(state)
        self._mistaken(state, mistake)

    def _mistaken(self, state: PathState, mistake: Mistake) -> None:
        if not state.mistake:
            state.mistake = f"{mistake.step}: {mistake.problem}"
            self._say(PathFailed(path=state.name, mistake=mistake))

    # the path's end

    def _close(self, state: PathState) -> None:
        if not state.concluded:
            state.concluded = True
            self._conclude(state)
        if not state.open and state.result is None:
            self._end(state)

    def _conclude(self, state: PathState) -> None:
        concluded: list[Finding | Unknown] = []
        for check in self._order.checks:
            judged = _in_order(state, check.line)
            conclusions = self._conclusions(check, state, judged)
            concluded += conclusions
            for judgement in conclusions:
                match judgement:
                    case Unknown() if judgement in state.unknowns:
                        pass  # a crash, which is told though no check tells it
                    case Unknown():
                        state.unknowns.append(judgement)
                    case Finding() if judgement.fingerprint in self._told:
                        state.findings.append(judgement)  # the same cause, met in another critical path
                    case Finding(severity="blocker"):
                        self._agenda.confirm(state, doubt_of(judgement, judged))
                    case Finding():
                        self._tell(state, judgement)
        if state.hurried and not any(_speaks_for(each, state.hurried) for each in concluded):
            state.findings.append(state.hurried)  # it was told: a check that drops it does not make it untrue

    def _conclusions(self, check: Check, state: PathState, judged: Sequence[Judged]) -> Sequence[Finding | Unknown]:
        if self._order.dry or not state.baselines:
            return ()
        try:
            said = check.conclude(_in_step_order(state), judged)
            return [judgement for judgement in said if isinstance(judgement, Finding | Unknown)]
        except Exception as error:  # noqa: BLE001  # a check that crashes makes its line UNKNOWN
            return [crash(check.line, _in_step_order(state)[0], "conclude", error)]

    def _tell(self, state: PathState, finding: Finding) -> None:
        """A finding stands: say it, once for its cause."""
        state.findings.append(finding)
        if finding.fingerprint not in self._told:
            self._told.add(finding.fingerprint)
            self._say(FindingConfirmed(finding=finding))

    async def _confirm(self, world: World, job: ConfirmJob, *, rehearsed: bool) -> None:
        """Rehearse anew, and run the trials that the findings rest on once more, from the clean zygote."""
        state = job.state
        if not rehearsed:
            await world.survey(state.name)
        baseline = await world.baseline(state.name, job.step)
        bay = Bay(world=world, baseline=baseline) if isinstance(baseline, Baseline) else None
        for doubt in job.doubts:
            finding = doubt.finding
            check = next(check for check in self._order.checks if check.line == finding.line)
            again = bay is not None and await seen_again(bay, check, doubt)
            if job.early:
                self._hurried(state, finding, again=again)
            elif again:
                self._tell(state, finding)
            else:
                state.unknowns.append(flaky(finding.line, state.name, finding.step, finding.title, finding.trial))

    async def _hurry(self, state: PathState, finding: Finding, judged: Sequence[Judged]) -> None:
        """A trial shows a blocker: the run's first is seen again, and told, before its path has come to its end."""
        if not self._told and not self._hurrying:
            self._hurrying = True
            await self._agenda.hurry(state, doubt_of(finding, judged))

    def _hurried(self, state: PathState, finding: Finding, *, again: bool) -> None:
        """What was not seen again is judged with its path, as every other blocker is."""
        self._hurrying = False
        if again and not self._told:
            state.hurried = finding
            self._told.add(finding.fingerprint)
            self._say(FindingConfirmed(finding=finding))

    def _end(self, state: PathState) -> None:
        for unknown in state.unknowns:
            self._say(UnknownMet(unknown=unknown))
        lines = self._order.lines
        untold = bool(state.mistake) or any(finding.line == HAPPY_PATH for finding in state.findings)
        if state.path is None:
            return
        state.result = PathResult(
            path=state.path,
            steps=state.steps,
            findings=tuple(state.findings),
            unknowns=tuple(state.unknowns),
            cells={check.line: _cell(check, state, self._waivers, untold=untold) for check in self._order.checks},
            ledgers={line: ledger(_in_order(state, line), state.left_out.get(line, ())) for line in lines},
            trials=sum(each.trial.check == line for line, judged in state.judged.items() for each in judged),
            seconds=self._clock.seconds() - state.begun,
            mistake=state.mistake,
            fired=tuple(baseline.step.key for baseline in _in_step_order(state)),
        )
        self._say(PathEnded(result=state.result))


def _speaks_for(judgement: Finding | Unknown, told: Finding) -> bool:
    """Whether a conclusion is of what was told, alone or merged with others of its class."""
    return isinstance(judgement, Finding) and (judgement.line, judgement.category) == (told.line, told.category)


def _in_step_order(state: PathState) -> list[Baseline]:
    """The path's baselines in the order of its steps, whichever was done first."""
    order = {step.key: index for index, step in enumerate(state.steps)}
    return sorted(state.baselines, key=lambda baseline: order[baseline.step.key])


def _in_order(state: PathState, line: str) -> list[Judged]:
    """A line's trials in the order of the path's steps, whichever world ran them first."""
    order = {step.key: index for index, step in enumerate(state.steps)}
    return sorted(state.judged.get(line, []), key=lambda each: order[each.trial.step])


def _cell(check: Check, state: PathState, waivers: Sequence[Waiver], *, untold: bool) -> Cell:
    """A path of which nothing was asked has no answer; one that did not come to its end has none yet."""
    if state.path is not None and not asks(check, state.path, state.baselines):
        return "not asked"
    if untold:
        return "unknown"
    asked = state.baselines or state.unknowns
    return cell(check.line, state.findings, state.unknowns, waivers) if asked else "not asked"


def _first(errors: BaseExceptionGroup[HotfireError]) -> HotfireError:
    leaf: BaseException = errors
    while isinstance(leaf, BaseExceptionGroup):
        leaf = leaf.exceptions[0]
    assert isinstance(leaf, HotfireError)  # noqa: S101  # the group holds nothing else
    return leaf
