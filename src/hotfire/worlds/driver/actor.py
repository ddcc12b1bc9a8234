"""The actor that a critical path's function holds: httpx's verbs, forms and mails, over the world's own line."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypedDict, Unpack, cast, get_args

import httpx

from hotfire.errors import UsageError
from hotfire.model.step import Repeat
from hotfire.worlds.driver.asked import Answer, Asked, Credentials, Stage, Submission, Until
from hotfire.worlds.driver.cookies import Jar
from hotfire.worlds.driver.entries import BOUNDARY, Form, Value, fill, send
from hotfire.worlds.driver.forms import find_form
from hotfire.worlds.driver.mail import Mail, newest

Headers = Mapping[str, str]


class Content(TypedDict, total=False):
    """What httpx makes a request of."""

    params: httpx._types.QueryParamTypes
    headers: httpx._types.HeaderTypes
    json: object
    data: dict[str, object]
    files: httpx._types.RequestFiles
    content: httpx._types.RequestContent


class Options(Content, total=False):
    """What each verb takes: httpx's own, and hotfire's `expect`, `repeat` and `deadline`."""

    cookies: dict[str, str]
    expect: int | tuple[int, ...] | None
    repeat: Repeat
    deadline: float | None


class Said(TypedDict, total=False):
    """What a person may say of a step that is not its content."""

    expect: int | tuple[int, ...] | None
    repeat: Repeat
    deadline: float | None


BASE = "http://127.0.0.1"
PLAIN = {"accept": "*/*", "user-agent": "hotfire"}
_NOWHERE = httpx.BaseTransport()
"""The client builds requests and sends none. A transport of its own would read the machine's authorities: 20 ms."""
_PAGE = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


class Actor:
    """Who sends requests: headers and a cookie jar, fresh for each critical path.

    Made by hotfire and handed to the functions of `launch/critical_paths.py` by name.
    """

    def __init__(self, name: str, *, seed: str, caller: Callable[[], int], port: int) -> None:
        self.name = name
        self._stage: Stage | None = None
        self._seed = seed
        self._caller = caller
        self._jar = Jar()
        self._client = httpx.Client(base_url=f"{BASE}:{port}", transport=_NOWHERE, trust_env=False)
        self._client.headers.clear()
        self._client.headers.update(PLAIN)

    def enter(self, stage: Stage) -> None:
        """From now on this stage answers."""
        self._stage = stage

    def become(self, headers: Headers) -> None:
        """Send these headers from now on: credentials that were earned inside the path."""
        self._client.headers.update(headers)

    def unique(self, label: str) -> str:
        """A made-up value, short, lower case, letters and digits: the same in all trials of a baseline."""
        plain = "".join(letter for letter in label.lower() if letter.isascii() and letter.isalnum())
        digest = hashlib.sha256(f"{self._seed}/{label}".encode()).hexdigest()
        return f"{plain[:12]}{digest[:10]}"

    # verbs

    def get(self, url: str, **options: Unpack[Options]) -> Answer:
        """GET a relative URL."""
        return self.request("GET", url, **options)

    def head(self, url: str, **options: Unpack[Options]) -> Answer:
        """HEAD a relative URL."""
        return self.request("HEAD", url, **options)

    def options(self, url: str, **options: Unpack[Options]) -> Answer:
        """OPTIONS of a relative URL."""
        return self.request("OPTIONS", url, **options)

    def post(self, url: str, **options: Unpack[Options]) -> Answer:
        """POST to a relative URL."""
        return self.request("POST", url, **options)

    def put(self, url: str, **options: Unpack[Options]) -> Answer:
        """PUT to a relative URL."""
        return self.request("PUT", url, **options)

    def patch(self, url: str, **options: Unpack[Options]) -> Answer:
        """PATCH a relative URL."""
        return self.request("PATCH", url, **options)

    def delete(self, url: str, **options: Unpack[Options]) -> Answer:
        """DELETE a relative URL; a body is allowed."""
        return self.request("DELETE", url, **options)

    def request(self, method: str, url: str, **options: Unpack[Options]) -> Answer:
        """Send any method to a relative URL; redirects are not followed.

        Raises:
            UsageError: the URL is not relative.
        """
        asked = self._asked(self._request(method, url, options), options)
        return self._received(asked, self._on_stage().answer(asked))

    def poll(self, url: str, *, until: Until, **options: Unpack[Options]) -> Answer:
        """GET a relative URL until its answer is as it should be; one step, however often it is sent.

        `deadline` is that of the whole, in seconds. An `until` that raises says that it is not so yet.

        Raises:
            UsageError: the deadline has come and it is still not so; what `until` raises of the last answer is raised.
        """
        asked = self._asked(self._request("GET", url, options), options, until=until)
        answer = self._received(asked, self._on_stage().answer(asked))
        if not until(answer):
            raise UsageError(
                f"{self.name}.poll({url!r}): not so until the deadline; the last answer: "
                f"{answer.status_code} {answer.text[:200]}",
                hint="give it a longer deadline=, or mend what its until= waits for",
            )
        return answer

    # forms

    def page(self, url: str, *, params: dict[str, str] | None = None, deadline: float = 5.0) -> Answer:
        """Read a page for what stands in it: GET, and no step of its own. Redirects are not followed.

        Raises:
            UsageError: the URL is not relative.
        """
        content: Options = {"headers": _PAGE, "deadline": deadline}
        if params:
            content["params"] = params
        asked = replace(self._asked(self._request("GET", url, content), content), auxiliary=True)
        return self._received(asked, self._on_stage().page(asked))

    def submit(
        self,
        page: Answer,
        form: str,
        fields: Mapping[str, Value] | None = None,
        *,
        press: str = "",
        expect: int | tuple[int, ...] | None = None,
        repeat: Repeat = "once",
        deadline: float | None = None,
        **values: Value,
    ) -> Answer:
        """Submit a form of a page as a browser does: its hidden fields and CSRF token with it, as one step.

        `form` is its CSS selector. Fields are named (`title="Hello"`), or given in `fields` where a name is no Python
        name; what is not named goes as it stands in the page. A file is `(name, content, type)`. The first button is
        pressed, or the one that `press` selects.

        Raises:
            UsageError: the page has no such form, or the form no such field; another actor read the page.
            SetupError: selectolax is not installed (the extra `forms`).
        """
        if page.reader != self.name:
            raise UsageError(
                f"{self.name} submits a form of a page that {page.reader or 'nobody'} read",
                hint=f"read it as {self.name}: a form is bound to the session of who reads it",
            )
        if page.is_redirect:
            raise UsageError(
                f"{self.name} submits a form of {page.request.url.path}, which is answered {page.status_code}, "
                f"to {page.location_path}",
                hint=f"sign {self.name} in first, or read the page where it leads: page(answer.location_path)",
            )
        values = {**(fields or {}), **values}
        filled = fill(find_form(page.text, str(page.request.url), form, press), values)
        said = Said(expect=expect, repeat=repeat, deadline=deadline)
        submission = Submission(page=page.request, selector=form, press=press, values=values, form=filled)
        asked = self._asked(self._form_request(filled, page), said, submission=submission)
        return self._received(asked, self._on_stage().answer(asked))

    def _form_request(self, form: Form, page: Answer) -> httpx.Request:
        """What a browser sends, with where it comes from: some services look at that before they look at the token."""
        sending = send(form)
        headers = {**_PAGE, "referer": str(page.request.url)}
        if sending.method == "GET":
            return self._request("GET", sending.target, {"headers": headers})
        headers |= {"origin": str(self._client.base_url).rstrip("/"), "content-type": sending.content_type}
        return self._request(sending.method, sending.target, {"headers": headers, "content": sending.content})

    # mails

    def mail(self, *, to: str = "") -> Mail:
        """The newest mail that the service has sent since the critical path began: to this address, else to anybody.

        Raises:
            UsageError: there is none; those that there are, are named.
        """
        return newest(self._on_stage().letters(), to, f"{self.name}.mail({f'to={to!r}' if to else ''})")

    # what it has

    def credentials(self) -> Credentials:
        """What distinguishes this actor's requests from another's."""
        plain = {name: value for name, value in self._client.headers.items() if name not in PLAIN}
        return Credentials(headers=plain, cookies=self._jar.copy())

    def take(self, credentials: Credentials) -> "Actor":
        """Act with these credentials, as earned by a sign-in."""
        self._client.headers.update(credentials.headers)
        self._jar = credentials.cookies.copy()
        return self

    def _on_stage(self) -> Stage:
        if self._stage is None:
            raise UsageError(f"{self.name} sends a request outside of a play", hint="send it inside the critical path")
        return self._stage

    def _request(self, method: str, url: str, options: Options | Content) -> httpx.Request:
        if not url.startswith("/"):
            raise UsageError(
                f"{self.name}.{method.lower()}({url!r}): only relative URLs reach the service under test",
                hint="begin the URL with a slash; for a redirect's target take answer.location_path",
            )
        for name, value in cast("Options", options).get("cookies", {}).items():
            self._jar.set(name, value)
        content = cast("Content", {name: value for name, value in options.items() if name in Content.__annotations__})
        request = self._client.build_request(method, url, **_bounded(content))
        if cookies := self._jar.header(request.url.raw_path.decode("ascii")):
            request.headers.setdefault("cookie", cookies)
        return request

    def _asked(
        self,
        request: httpx.Request,
        said: Options | Said,
        *,
        until: Until | None = None,
        submission: Submission | None = None,
    ) -> Asked:
        _check(said, f"{self.name}.{request.method.lower()}({request.url.path!r})")
        expect = said.get("expect")
        return Asked(
            actor=self.name,
            request=request,
            credentials=self.credentials(),
            line=self._caller(),
            expect=(expect,) if isinstance(expect, int) else expect,
            repeat=said.get("repeat", "once"),
            deadline=said.get("deadline"),
            until=until,
            submission=submission,
        )

    def _received(self, asked: Asked, answer: Answer) -> Answer:
        """The answer as the person wants it; the jar does what it says."""
        answer.request, answer.reader = asked.request, self.name
        self._jar.take(answer.headers.multi_items(), asked.request.url.raw_path.decode("ascii"))
        return answer


def _check(said: Options | Said, where: str) -> None:
    """Refuse what cannot be meant of a step; a person's file is checked by nobody else."""
    if (repeat := said.get("repeat", "once")) not in get_args(Repeat):
        raise UsageError(f"{where} has repeat={repeat!r}", hint='write repeat="each", or leave it out ("once")')
    deadline: object = said.get("deadline")
    if deadline is not None and (not isinstance(deadline, int | float) or not deadline > 0):
        raise UsageError(f"{where} has deadline={deadline!r}", hint="write seconds, more than none: deadline=5.0")
    expect: object = said.get("expect")
    wanted = expect if isinstance(expect, tuple) else () if expect is None else (expect,)
    if not all(type(status) is int for status in wanted):
        raise UsageError(f"{where} has expect={expect!r}", hint="write a status, or some: expect=(200, 404)")


def _bounded(content: Content) -> Content:
    """A form with files gets a boundary without luck, or no two plays would send the same bytes (RFC 2046, 5.1.1)."""
    headers = httpx.Headers(content.get("headers"))
    if not content.get("files") or "content-type" in headers:
        return content
    headers["content-type"] = f"multipart/form-data; boundary={BOUNDARY}"
    return {**content, "headers": headers}
