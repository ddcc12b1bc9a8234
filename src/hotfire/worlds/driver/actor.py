"""The actor that a critical path's function holds: httpx's verbs, over the world's own line to the service."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypedDict, Unpack, cast

import httpx

from hotfire.errors import UsageError
from hotfire.model.step import Repeat

Headers = Mapping[str, str]


class Answer(httpx.Response):
    """httpx's response; `location_path` is the redirect's target as the next step wants it: path and query only."""

    @property
    def location_path(self) -> str:
        """The Location header without scheme and host.

        Raises:
            UsageError: the answer has no Location header.
        """
        if "location" not in self.headers:
            raise UsageError(
                f"the answer {self.status_code} has no Location header",
                hint="use answer.location_path only where the service redirects",
            )
        return httpx.URL(self.headers["location"]).raw_path.decode("ascii")


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
    expect: int | tuple[int, ...]
    repeat: Repeat
    deadline: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request that the person's function makes, with what was said of it."""

    actor: str
    request: httpx.Request
    expect: tuple[int, ...] | None
    repeat: Repeat
    deadline: float | None
    line: int


class Stage(Protocol):
    """What answers an actor's requests: the world, or an earlier record of it."""

    def answer(self, asked: Asked) -> Answer:
        """The service's answer; blocks the person's thread until it is there."""
        ...


BASE = "http://127.0.0.1"
PLAIN = {"accept": "*/*", "user-agent": "hotfire"}
_BOUNDARY = hashlib.sha256(b"hotfire").hexdigest()[:32]


class Actor:
    """Who sends requests: headers and a cookie jar, fresh for each critical path.

    Made by hotfire and handed to the functions of `launch/critical_paths.py` by name.
    """

    def __init__(self, name: str, *, seed: str, caller: Callable[[], int], port: int) -> None:
        self.name = name
        self._stage: Stage | None = None
        self._seed = seed
        self._caller = caller
        self._client = httpx.Client(base_url=f"{BASE}:{port}", trust_env=False)
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
        if not url.startswith("/"):
            raise UsageError(
                f"{self.name}.{method.lower()}({url!r}): only relative URLs reach the service under test",
                hint="begin the URL with a slash; for a redirect's target take answer.location_path",
            )
        if self._stage is None:
            raise UsageError(f"{self.name} sends a request outside of a play", hint="send it inside the critical path")
        asked = self._asked(method, url, options)
        answer = self._stage.answer(asked)
        answer.request = asked.request
        self._client.cookies.extract_cookies(answer)
        return answer

    def _asked(self, method: str, url: str, options: Options) -> Asked:
        expect = options.get("expect")
        for name, value in options.get("cookies", {}).items():
            self._client.cookies.set(name, value)
        content = cast("Content", {name: value for name, value in options.items() if name in Content.__annotations__})
        request = self._client.build_request(method, url, **_bounded(content))
        return Asked(
            actor=self.name,
            request=request,
            expect=(expect,) if isinstance(expect, int) else expect,
            repeat=options.get("repeat", "once"),
            deadline=options.get("deadline"),
            line=self._caller(),
        )

    def credentials(self) -> "Credentials":
        """What distinguishes this actor's requests from another's."""
        plain = {name: value for name, value in self._client.headers.items() if name not in PLAIN}
        return Credentials(headers=plain, cookies=dict(self._client.cookies))

    def take(self, credentials: "Credentials") -> "Actor":
        """Act with these credentials, as earned by a sign-in."""
        self._client.headers.update(credentials.headers)
        self._client.cookies.update(credentials.cookies)
        return self


def _bounded(content: Content) -> Content:
    """A form with files gets a boundary without luck, or no two plays would send the same bytes (RFC 2046, 5.1.1)."""
    headers = httpx.Headers(content.get("headers"))
    if not content.get("files") or "content-type" in headers:
        return content
    headers["content-type"] = f"multipart/form-data; boundary={_BOUNDARY}"
    return {**content, "headers": headers}


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """The headers and cookies that an actor sends with every request."""

    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)


class Stopped(BaseException):
    """Ends the person's function where the play ends; no `except Exception` of theirs catches it."""
