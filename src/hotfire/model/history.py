"""All that was seen in a run: the only evidence that a check is given."""

from dataclasses import dataclass, field
from math import inf

from hotfire.model.call import Effect, Exchange, Point
from hotfire.model.edit import Proposal
from hotfire.model.request import Request
from hotfire.model.step import CriticalPath, Step
from hotfire.model.trial import Scalar, Trial

Row = dict[str, str | None]
"""A row as column → the server's own text of the value; None is NULL."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowChange:
    """A row's net change since the checkpoint: insert (no `before`), delete (no `after`) or update (both)."""

    store: str
    table: str
    before: Row | None
    after: Row | None

    def sets(self, column: str) -> str | None:
        """The value that the row was given in this column, or given anew; None where it was not."""
        value = (self.after or {}).get(column)
        return value if self.before is None or self.before.get(column) != value else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the client got for one sending of a request.

    `send` is the index in the perturbation's requests, `attempt` 1 or, for its retry, 2. `status` is None where the
    connection was cut or no answer came in time; `cut` then says which. `body` is text (base64 where it is binary).
    Times are seconds since the step was armed. `target` is what was asked for, where it is known.
    """

    send: int
    attempt: int
    actor: str
    status: int | None
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""
    cut: str = ""
    begun: float = 0.0
    ended: float = 0.0
    target: str = ""

    @property
    def succeeded(self) -> bool:
        """Whether a client takes this as done."""
        return self.status is not None and self.status < 400

    @property
    def failed(self) -> bool:
        """Whether a client sends it again: cut, no answer, or a 5xx."""
        return self.status is None or self.status >= 500


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """A line that a process of the service wrote. `at` is seconds since the step was armed."""

    process: str
    text: str
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Exit:
    """A process that ended: its exit status, negative for a signal, as in `subprocess`."""

    process: str
    status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """What was seen of a path's undo, played after the path's end.

    `state` is what has changed since before the path's step, once all was quiet; `steps` are what it asked ("editor
    POST /posts/{id}/unpublish"), with the reply to each. `mistake` is what its own function raised, by file and line;
    `failed`: it was ended at its last reply, which no client takes as done. `logs` is what the service wrote meanwhile;
    `unquiet` names what was still at work at the deadline.
    """

    state: tuple[RowChange, ...]
    steps: tuple[str, ...] = ()
    replies: tuple[Reply, ...] = ()
    failed: bool = False
    mistake: str = ""
    unquiet: tuple[str, ...] = ()
    logs: tuple[LogLine, ...] = ()

    @property
    def slip(self) -> str:
        """Its own mistake, which kept it from its end; "" where the service did, or nothing."""
        return "" if self.failed else self.mistake


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What one trial showed.

    `state` and `replies` are after the perturbed step and its recovery, when all was quiet; `meanwhile` is the state
    that the fault had left when it was gone, where an undisturbed send came behind it; `final` and `final_replies` (one
    a step, in order) after the rest of the path, where it was played; `mistake` is the person's function failing there.
    `undone` is what the path's undo left behind that, where it was played too.
    `opening` is what the service wrote at its start, and before a path's first step during sign-ins, too. `reached`:
    the perturbation's point was met. `serialised`: the service itself put two requests in order. `unquiet` names what
    was still at work at the deadline.
    """

    trial: str
    world: str
    replies: tuple[Reply, ...] = ()
    state: tuple[RowChange, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    effects: tuple[Effect, ...] = ()
    logs: tuple[LogLine, ...] = ()
    exits: tuple[Exit, ...] = ()
    meanwhile: tuple[RowChange, ...] | None = None
    final: tuple[RowChange, ...] | None = None
    final_replies: tuple[Reply, ...] = ()
    mistake: str = ""
    reached: bool = True
    serialised: bool = False
    generation: str = ""
    unquiet: tuple[str, ...] = ()
    trouble: str = ""
    seconds: float = 0.0
    opening: tuple[LogLine, ...] = ()
    undone: Undone | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """The undisturbed run of one step in one world, from the step's checkpoint: what a trial is compared with.

    `clean` holds three or more null trials of `step`, with the rest of the path played: [0] in the process that went
    on from the step before, [1] in a fresh clean process, [2] in another second, from a warm generation or fresh
    again. Sequences were moved on by a prime between them. `columns` maps "store.table" to column → type name.
    `ignore` are tables and columns that the team declared to be no state. `embedded` are the dependencies that live
    inside of the service's process: no message on the way to them or back can be lost. `kinds` is the kind of each
    dependency, `connections` how many were open to it when the undisturbed path had been played. `request` is what the
    step sends, and `document` the service's OpenAPI document as far as it speaks of that (JSON), or "". `earlier` are
    the replies of the steps before, in order, with which this world fast-forwards: later requests hold their values.
    `sent` are the requests of these steps, without a body that is no text.
    `taken` maps "store.table.column" to a value that another row has there at the step's checkpoint: of columns that
    the step writes, and in which no two rows may agree. `keys` maps "store.table" to the columns of each of its keys,
    the primary one first (() where there is none). `proposals` are wrong requests of another tool's, `objections`
    what it has against the undisturbed answer. `packages` are the service's own: it may be installed among libraries.
    """

    path: CriticalPath
    step: Step
    steps: tuple[Step, ...]
    world: str
    clean: tuple[History, ...]
    columns: dict[str, dict[str, str]] = field(default_factory=dict)
    ignore: tuple[str, ...] = ()
    processes: int = 2
    seed: int = 0
    embedded: tuple[str, ...] = ()
    kinds: dict[str, str] = field(default_factory=dict)
    connections: dict[str, int] = field(default_factory=dict)
    request: Request | None = None
    document: str = ""
    earlier: tuple[Reply, ...] = ()
    sent: tuple[Request, ...] = ()
    taken: dict[str, str] = field(default_factory=dict)
    proposals: tuple[Proposal, ...] = ()
    objections: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    keys: dict[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)

    def trial(self, check: str, perturbation: str = "none", /, **arguments: Scalar) -> Trial:
        """A trial of this step, planned by the check of this line ("": by none)."""
        return Trial(
            path=self.path.name,
            step=self.step.key,
            check=check,
            perturbation=perturbation,
            arguments=arguments,
            seed=self.seed,
        )

    @property
    def effects(self) -> tuple[Effect, ...]:
        """The effects of one undisturbed run, in the order in which they became durable."""
        return self.clean[-1].effects

    @property
    def behind(self) -> frozenset[Point]:
        """Where an undisturbed run made a call behind its answer; that ends as the call begins, and one run may err."""
        told = [(each, max((reply.ended for reply in each.replies), default=inf)) for each in self.clean]
        return frozenset(each.call.point for run, ended in told for each in run.exchanges if each.call.begun > ended)
