"""What a world remembers of its own undisturbed play: each request with its answer, so that it can be sent again."""

from dataclasses import dataclass

import httpx

from hotfire.model.history import Reply
from hotfire.model.step import Step
from hotfire.worlds.driver.actor import Answer, Asked, Credentials
from hotfire.worlds.driver.http import Answered, Request

_SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One step as this world played it; `credentials` are those that its actor had."""

    step: Step
    asked: Asked
    request: Request
    answer: Answer
    reply: Reply
    credentials: Credentials

    def same_as(self, asked: Asked) -> bool:
        """Whether the person's function asks the very same thing again."""
        return self.asked.actor == asked.actor and wire_request(asked.request) == self.request

    def differs(self, asked: Asked) -> str:
        """What the person's function asks otherwise this time: the critical path is not deterministic."""
        says, step, now = "the critical path is not deterministic", self.step.key, wire_request(asked.request)
        if asked.actor != self.asked.actor:
            return f"{says}: {step} was sent by {self.asked.actor}, played again by {asked.actor}"
        parts = ("method", "target", "body", "headers")  # a body of another length changes a header too
        part = next(part for part in parts if getattr(self.request, part) != getattr(now, part))
        before, again = getattr(self.request, part), getattr(now, part)
        return f"{says}: the {part} of {step} was {_told(before, again)}, played again it is {_told(again, before)}"

    def sent_by(self, peer: Credentials) -> Request:
        """The same request with a peer's credentials in place of the actor's own."""
        own = {name.lower() for name in self.credentials.headers} | {"cookie"}
        kept = [(name, value) for name, value in self.request.headers if name.decode("latin-1").lower() not in own]
        theirs = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in peer.headers.items()]
        if peer.cookies:
            cookies = "; ".join(f"{name}={value}" for name, value in peer.cookies.items())
            theirs.append((b"cookie", cookies.encode("latin-1")))
        return Request(
            method=self.request.method, target=self.request.target, headers=(*kept, *theirs), body=self.request.body
        )


def _told(value: object, other: object) -> str:
    """A request's part as a person reads it; of headers, those that the other request has not."""
    if isinstance(value, tuple) and isinstance(other, tuple):
        return ", ".join(b": ".join(header).decode("latin-1") for header in value if header not in other)
    text = value.decode(errors="replace") if isinstance(value, bytes) else str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def wire_request(request: httpx.Request) -> Request:
    """Httpx's request as the bytes that our own client sends."""
    return Request(
        method=request.method,
        target=request.url.raw_path.decode("ascii"),
        headers=tuple((name.lower(), value) for name, value in request.headers.raw),
        body=request.read(),
    )


def person_answer(answered: Answered, request: httpx.Request) -> Answer:
    """What came over the wire, as the person's function wants it."""
    return Answer(answered.status or 0, headers=list(answered.headers), content=answered.body, request=request)
