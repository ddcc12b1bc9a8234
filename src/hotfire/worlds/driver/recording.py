"""What a world remembers of its own undisturbed play: each request with its answer, so that it can be sent again."""

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx

from hotfire.errors import UsageError
from hotfire.model.history import Reply
from hotfire.model.step import Step
from hotfire.worlds.driver.asked import Answer, Asked, Credentials
from hotfire.worlds.driver.cookies import Jar
from hotfire.worlds.driver.entries import Control, Form, fill, send
from hotfire.worlds.driver.forms import find_form, forms_at
from hotfire.worlds.driver.http import Answered, Request

_SHOWN = 200
_TOKEN = re.compile(r"csrf|xsrf|authenticity", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An auxiliary read as this world played it."""

    asked: Asked
    answer: Answer

    def same_as(self, asked: Asked) -> bool:
        """Whether the person's function reads the very same page again."""
        return self.asked.actor == asked.actor and wire_request(asked.request) == wire_request(self.asked.request)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One step as this world played it; `forms` are the requests of its peers, where it submits a form.

    `others` are the credentials that each actor of the path had at the time.
    """

    step: Step
    asked: Asked
    request: Request
    answer: Answer
    reply: Reply
    forms: Mapping[str, Request] = field(default_factory=dict)
    others: Mapping[str, Credentials] = field(default_factory=dict)

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


def sent_by(asked: Asked, peer: Credentials) -> Request:
    """A request with a peer's credentials in place of the actor's own."""
    return _by(asked, wire_request(asked.request), peer.headers, peer.cookies)


def page_for(asked: Asked, peer: Credentials) -> Request | None:
    """What a peer reads before it submits the same form: its page, if that can be read again."""
    if asked.submission is None or asked.submission.page.method != "GET":
        return None
    return _by(asked, wire_request(asked.submission.page), peer.headers, peer.cookies)


def filled_by(asked: Asked, peer: Credentials, page: Answered) -> Request | None:
    """The same form, filled in by a peer in the page that it read: the token is that of the peer's own session.

    None where the peer is not given that form.
    """
    submission = asked.submission
    if submission is None or page.status is None:
        return None
    answer = person_answer(page, submission.page)
    try:
        form = find_form(answer.text, str(submission.page.url), submission.selector, submission.press)
        form = fill(form, submission.values)
    except UsageError:
        return None
    return _submitted(asked, peer, form, answer)


def tokened_by(asked: Asked, peer: Credentials, page: Answered, read: Asked) -> Request | None:
    """The actor's own form, with the CSRF token of the peer's session: from another form of a page, or from a cookie.

    `page` is what the peer was given in place of the page of `read`: the form's own, or one that everybody is given.
    None where the form has a token, and the peer is given none: then nobody can say what becomes of it.
    """
    submission = asked.submission
    if submission is None or read.submission is None or page.status is None:
        return None
    answer = person_answer(page, read.submission.page)
    given = {
        control.name: control.value
        for form in forms_at(answer.text, str(read.submission.page.url), "form")
        for control in form.controls
        if control.kind == "hidden"
    }
    secret = next((value for name, value in _jar_after(peer, answer).named() if _TOKEN.search(name)), None)
    controls: list[Control] = []
    for control in submission.form.controls:
        own = control.kind == "hidden" and _TOKEN.search(control.name)
        value = given.get(control.name, secret) if own else control.value
        if value is None:
            return None
        controls.append(dataclasses.replace(control, value=value))
    form = dataclasses.replace(submission.form, controls=tuple(controls))
    return _submitted(asked, peer, form, answer)


def _jar_after(peer: Credentials, answer: Answer) -> Jar:
    """The peer's cookies once it has read a page."""
    jar = peer.cookies.copy()
    jar.take(answer.headers.multi_items(), answer.request.url.raw_path.decode("ascii"))
    return jar


def _submitted(asked: Asked, peer: Credentials, form: Form, page: Answer) -> Request:
    """The request of a form that a peer submits."""
    sending, jar = send(form), _jar_after(peer, page)
    own = wire_request(asked.request)
    made = {b"content-type": sending.content_type.encode(), b"content-length": b"%d" % len(sending.content)}
    headers = tuple((name, made.get(name, value)) for name, value in own.headers)
    request = Request(method=sending.method, target=sending.target, headers=headers, body=sending.content)
    return _by(asked, request, peer.headers, jar)


def _by(asked: Asked, request: Request, credentials: Mapping[str, str], jar: Jar) -> Request:
    """A request of the actor's with a peer's credentials."""
    named = {name.lower() for name in (*asked.credentials.headers, *credentials)} | {"cookie"}
    kept = [(name, value) for name, value in request.headers if name.decode("latin-1").lower() not in named]
    theirs = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in credentials.items()]
    if cookies := jar.header(request.target):
        theirs.append((b"cookie", cookies.encode("latin-1")))
    return dataclasses.replace(request, headers=(*kept, *theirs))


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
