"""What is proposed of a step for launch/permissions.toml: who is allowed and who is refused, as the trials showed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hotfire.access import Access, Degree, Got
from hotfire.model.check import Judged
from hotfire.model.declaration import NOBODY
from hotfire.model.history import Baseline
from hotfire.model.step import Step
from hotfire.model.trial import Trial
from hotfire.permissions import AT, BROKEN, Permission
from hotfire.perturbations import script

_ORDER: tuple[Degree, ...] = ("changed", "attached", "shown", "same", "own", "nothing", "refused")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Somebody at a step. `suspicion`: the least is the most suspicious; `point` is the trial in the user's words."""

    who: str
    allowed: bool
    suspicion: int
    says: str
    point: str


def sender(trial: Trial) -> str:
    """Whom the table knows the sender of a trial as."""
    arguments = trial.arguments
    if arguments.get("broken"):
        return BROKEN
    if peer := arguments.get("peer"):
        number = f" #{arguments['occurrence']}" if arguments.get("occurrence", 1) != 1 else ""
        return f"{AT}{peer}'s {arguments['part']} {arguments['place']}{number}"
    return str(trial.arguments.get("actor") or NOBODY)


def is_allowed(got: Got, who: str, step: Step) -> bool:
    """Whether what somebody got is the step's: a peer may do the same for itself, and anybody see a view of its own."""
    if got.degree in {"own", "same"}:
        return who not in step.peers and not (step.safe and got.degree == "own")
    return got.degree in {"changed", "attached", "shown"}


def says(got: Got, who: str, step: Step) -> str:
    """What somebody got, in the user's words."""
    where = f" ({', '.join(got.columns)})" if got.columns else ""
    subject = "a broken credential" if who == BROKEN else who
    if who.startswith(AT):
        return f"{step.actor} may use what it did not make, {who}{where}"
    match got.degree:
        case "changed":
            return f"{subject} may change the same rows as {step.actor}{where}"
        case "attached":
            return f"{subject} may add to what {step.actor} made{where}"
        case "shown":
            return f"{subject} may see what {step.actor} has"
        case "same":
            return f"{subject} may see what {step.actor} sees"
        case _:
            return f"{subject} may do it, too{where}"


def got_by(access: Access, each: Judged) -> Got:
    """What the sender of a trial got."""
    return access.used(each.history) if each.trial.arguments.get("peer") else access.got(each.history)


def rows_of(baseline: Baseline, judged: Sequence[Judged]) -> list[Row]:
    """The rows of a step: as few as say all.

    None of a page that is public; of nobody else where nobody may do it; none where nothing was refused, and nothing
    of the actor's was changed or shown.
    """
    seen = {sender(each.trial): each for each in judged if _tells(each, baseline)}
    access = Access(baseline, judged)
    if NOBODY in seen and access.is_public(seen[NOBODY].history):
        return []
    got = {who: got_by(access, each) for who, each in seen.items()}
    everybody = NOBODY in got and is_allowed(got[NOBODY], NOBODY, baseline.step)
    return [
        Row(
            who=who,
            allowed=allowed,
            suspicion=_rank(what.degree, baseline.step) * 3 + _doubt(who, baseline.step),
            says=says(what, who, baseline.step),
            point=script(seen[who].trial).perturbation.says(),
        )
        for who, what in got.items()
        if (allowed := is_allowed(what, who, baseline.step)) or what.degree == "refused"
        if not (who == BROKEN and not allowed) and not (everybody and who != NOBODY)
    ]


def proposed(baselines: Sequence[Baseline], judged: Sequence[Judged]) -> Iterator[Permission]:
    """An entry for each step that has rows, in the order of the path."""
    for baseline in in_order(baselines):
        rows = sorted(rows_of(baseline, judged), key=lambda row: row.who)
        if rows:
            yield Permission(
                path=baseline.path.name,
                step=baseline.step.key,
                allowed=tuple(row.who for row in rows if row.allowed),
                refused=tuple(row.who for row in rows if not row.allowed),
            )


def in_order(baselines: Sequence[Baseline]) -> list[Baseline]:
    """Baselines of one path in the order of its steps."""
    keys = [step.key for step in baselines[0].steps] if baselines else []
    return sorted(baselines, key=lambda each: keys.index(each.step.key))


def _tells(each: Judged, baseline: Baseline) -> bool:
    """Whether a trial is one of this step and this world, and came to an answer."""
    here = (each.trial.step, each.history.world) == (baseline.step.key, baseline.world)
    asked = each.trial.perturbation in {"by_other", "by_nobody", "at_peers"}
    came = each.history.reached and not each.history.trouble
    return here and asked and came and each.history.replies[-1].status is not None


def _rank(degree: Degree, step: Step) -> int:
    """The most is told first; what a read changes is a counter, as a rule."""
    return len(_ORDER) if step.safe and degree == "changed" else _ORDER.index(degree)


def _doubt(who: str, step: Step) -> int:
    """A peer has no business there at all, nobody hardly ever; another role may well have."""
    return 0 if who in step.peers or who.startswith(AT) else 1 if who in {NOBODY, BROKEN} else 2
