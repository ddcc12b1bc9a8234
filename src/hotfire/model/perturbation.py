"""A perturbation: a frozen value with up to four pure methods, one variable at a time.

    requests(step) -> tuple[Send, ...]      what the client sends in place of the step's one request
    on_open(dependency) -> Action           what becomes of a connection that the service wants: Forward, Reset, or Drop
    on_call(call) -> Action                 what the border does with a call, before anything of it is passed on
    on_reply(exchange) -> Action            what the border does with a reply, before anything of it is passed back

A method that it does not have changes nothing; `Script.of` fills these in.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Literal, Protocol, cast

from hotfire.model.action import FORWARD, Action
from hotfire.model.call import Call, Exchange, Point
from hotfire.model.declaration import NOBODY
from hotfire.model.edit import Edit, Part
from hotfire.model.step import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """One sending of the step's request.

    actor       "": the step's own; else another's name: the same request with its credentials.
    credential  "": as the actor has it; "none": nobody's request; "broken": the end of each credential is changed.
    step        "": this step's request; else the key of another step of the path, whose request is sent in its place.
    once        of a poll: asked once, however the answer is.
    borrowed    one value of the request is another actor's, from its own play of the path up to this step.
    start       "after" the send before it has ended, or "held": once the border holds a call of the send before.
    process     which process of the service gets it, from 0 (a race needs two).
    retry       a client that was cut, or was answered 5xx, sends the same bytes again once the service is up.
    hang_up     the client closes its connection once the border holds a call.
    cuts        the dependency whose open connections are all ended before it is sent, as by a server that is restarted.
    undisturbed from here on the fault is gone: the borders pass all on, and end what they let wait for ever.
    edits       places of the request that are made otherwise before it is sent.
    taken       the last edit's value is one that another row already has in this column ("store.table.column").
    """

    actor: str = ""
    credential: Literal["", "none", "broken"] = ""
    step: str = ""
    once: bool = False
    borrowed: "Borrowed | None" = None
    start: Literal["after", "held"] = "after"
    process: int = 0
    retry: bool = True
    hang_up: bool = False
    cuts: str = ""
    undisturbed: bool = False
    edits: tuple[Edit, ...] = ()
    taken: str = ""

    def sender(self, step: Step) -> str:
        """Who asks, as the service should see it: nobody, without a credential that is one."""
        return NOBODY if self.credential else self.actor or step.actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Borrowed:
    """Whose value stands in place of the own one, and where: `part`, `place` and `occurrence` are an edit's."""

    actor: str
    part: Part
    place: str
    occurrence: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class AtPoint:
    """Of a perturbation that has a point, which its own fields name: a trial's arguments are scalars."""

    dependency: str
    signature: str
    occurrence: int = 1

    @property
    def point(self) -> Point:
        """Where it acts."""
        return Point(dependency=self.dependency, signature=self.signature, occurrence=self.occurrence)


THEN_RECOVERS = (Send(retry=False), Send(undisturbed=True))
"""One request while the fault is there, and another when it is gone: the process lives on."""


class Fault:
    """Of a perturbation that is there for one request, and gone when the next one comes."""

    __slots__ = ()
    fails: ClassVar[bool] = True

    def requests(self, step: Step) -> tuple[Send, ...]:
        """One request while the fault is there, and one when it is gone."""
        del step
        return THEN_RECOVERS


class Perturbation(Protocol):
    """What is changed in one trial. `kind` is the file's name under `perturbations/`; the fields are its arguments.

    One that loses a message has `needs_network = True` besides: it is not tried on a dependency inside of the process.
    One whose trials mostly wait (a stall) has `waits = True`: they run beside others, in worlds of their own. One that
    others are judged against has `is_reference` (of the kind, or a property): each world that runs some of a step's
    trials runs it, too. One that makes a call of the service fail, and leaves its process alive to tell of it, has
    `fails = True`. One that neither kills nor cuts and mostly changes nothing has `shares = True`: its trials may share
    a process. One with `undoes = True` has the rest of the path played behind it, and then the path's undo.
    """

    kind: ClassVar[str]

    def says(self) -> str:
        """The perturbation in the user's words: "killed after COMMIT of INSERT INTO posts"."""
        ...


def _forward(message: Call | Exchange | str) -> Action:
    del message
    return FORWARD


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A perturbation with all four methods. `aims`: it has a point, which may not be reached.

    `gates_calls`, `gates_replies`: it may act on them; else they pass without being asked about. `undoes`: the path is
    played to its end, and its undo behind it.
    """

    perturbation: Perturbation
    requests: Callable[[Step], tuple[Send, ...]]
    on_call: Callable[[Call], Action]
    on_reply: Callable[[Exchange], Action]
    aims: bool
    gates_calls: bool
    gates_replies: bool
    on_open: Callable[[str], Action] = _forward
    shares: bool = False
    undoes: bool = False

    @classmethod
    def of(cls, perturbation: Perturbation) -> "Script":
        """Fill in the methods that the perturbation leaves out."""
        requests = getattr(perturbation, "requests", _once)
        on_open = getattr(perturbation, "on_open", _forward)
        on_call = getattr(perturbation, "on_call", _forward)
        on_reply = getattr(perturbation, "on_reply", _forward)
        return cls(
            perturbation=perturbation,
            requests=cast("Callable[[Step], tuple[Send, ...]]", requests),
            on_open=cast("Callable[[str], Action]", on_open),
            on_call=cast("Callable[[Call], Action]", on_call),
            on_reply=cast("Callable[[Exchange], Action]", on_reply),
            aims=any(method is not _forward for method in (on_open, on_call, on_reply)),
            gates_calls=on_call is not _forward,
            gates_replies=on_reply is not _forward,
            shares=bool(getattr(perturbation, "shares", False)),
            undoes=bool(getattr(perturbation, "undoes", False)),
        )


def _once(step: Step) -> tuple[Send, ...]:
    del step
    return (Send(),)
