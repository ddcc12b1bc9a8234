"""What a person's function asks of the world, and what it is given: values that actor, stage and world share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import httpx

from hotfire.errors import UsageError
from hotfire.model.step import Repeat
from hotfire.worlds.driver.cookies import Jar
from hotfire.worlds.driver.entries import Form, Value
from hotfire.worlds.stores.smtp.letter import Letter


class Answer(httpx.Response):
    """httpx's response; `location_path` is the redirect's target as the next step wants it: path and query only."""

    reader = ""
    """The actor that got it: a form in it is bound to that actor's session."""

    @property
    def location_path(self) -> str:
        """The Location header without scheme, host and fragment; a relative one is told from the request's URL.

        Raises:
            UsageError: the answer has no Location header.
        """
        if "location" not in self.headers:
            raise UsageError(
                f"the answer {self.status_code} has no Location header",
                hint="use answer.location_path only where the service redirects",
            )
        return self.request.url.join(self.headers["location"]).raw_path.decode("ascii")


Until = Callable[[Answer], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What distinguishes an actor's requests from another's: headers, and a cookie jar."""

    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: Jar = field(default_factory=Jar)


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """The form that a request was made of: another actor reads `page` again, and fills the form in likewise."""

    page: httpx.Request
    selector: str
    press: str
    values: Mapping[str, Value]
    form: Form


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request that the person's function makes, with what was said of it, and what its actor had at the time.

    `until` makes it a poll: the request is sent until its answer is as it should be, which is one step all the same;
    `auxiliary` is a read that is no step.
    """

    actor: str
    request: httpx.Request
    credentials: Credentials
    line: int
    expect: tuple[int, ...] | None = None
    repeat: Repeat = "once"
    deadline: float | None = None
    until: Until | None = None
    submission: Submission | None = None
    auxiliary: bool = False


class Stage(Protocol):
    """What answers an actor: the world, or a record of it. Each blocks the person's thread until it is there."""

    def answer(self, asked: Asked) -> Answer:
        """The service's answer to a step."""
        ...

    def page(self, asked: Asked) -> Answer:
        """The service's answer to an auxiliary read, which is no step."""
        ...

    def letters(self) -> tuple[Letter, ...]:
        """The mails that the service has sent since the critical path began, when all is quiet."""
        ...


class Stopped(BaseException):
    """Ends the person's function where the play ends; no `except Exception` of theirs catches it."""
