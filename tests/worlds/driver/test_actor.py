"""The actor before a stage that is a script: what it asks, and what it makes of the answers."""

from collections.abc import Callable

import httpx
import pytest

from hotfire.errors import UsageError
from hotfire.worlds.driver.actor import Actor
from hotfire.worlds.driver.asked import Answer, Asked, Credentials
from hotfire.worlds.driver.cookies import jar_of
from hotfire.worlds.driver.http import Answered
from hotfire.worlds.driver.recording import filled_by, page_for, sent_by, wire_request
from hotfire.worlds.stores.smtp.letter import Letter

FORM = '<form method="post" action="/posts"><input type="hidden" name="csrf" value="{}"><input name="title"></form>'


class Script:
    """Answers by a function, and remembers what was asked."""

    def __init__(self, answer: Callable[[Asked], httpx.Response]) -> None:
        self.asked: list[Asked] = []
        self.pages: list[Asked] = []
        self._answer = answer

    def answer(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        return self._given(asked)

    def page(self, asked: Asked) -> Answer:
        self.pages.append(asked)
        return self._given(asked)

    def letters(self) -> tuple[Letter, ...]:
        return ()

    def _given(self, asked: Asked) -> Answer:
        given = self._answer(asked)
        return Answer(given.status_code, headers=given.headers.multi_items(), content=given.content)


def actor(script: Script, name: str = "author") -> Actor:
    made = Actor(name, seed="s", caller=lambda: 7, port=8000)
    made.enter(script)
    return made


def page(token: str, cookie: str = "") -> httpx.Response:
    headers = [("set-cookie", f"csrftoken={cookie}; Path=/; Secure")] if cookie else []
    return httpx.Response(200, headers=headers, html=FORM.format(token))


def test_an_actor_speaks_over_our_own_line_and_reads_no_certificates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("ssl.create_default_context")
    script = Script(lambda _: httpx.Response(204))
    assert actor(script).delete("/posts/1").status_code == 204


def test_a_page_is_no_step_and_its_form_goes_with_its_token_and_its_cookie() -> None:
    script = Script(lambda asked: page("t1", "c1") if asked.auxiliary else httpx.Response(302))
    author = actor(script)
    author.submit(author.page("/posts/new"), "form", title="Hello", repeat="each", deadline=3.0)
    (asked,) = script.asked
    assert [each.request.url.path for each in script.pages] == ["/posts/new"]
    assert (asked.request.method, asked.request.url.path) == ("POST", "/posts")
    assert asked.request.read() == b"csrf=t1&title=Hello"
    assert asked.request.headers["cookie"] == "csrftoken=c1"
    assert asked.request.headers["origin"] == "http://127.0.0.1:8000"
    assert asked.request.headers["referer"] == "http://127.0.0.1:8000/posts/new"
    assert (asked.repeat, asked.deadline, asked.line, asked.expect) == ("each", 3.0, 7, None)


def test_another_actor_reads_the_page_again_and_sends_its_own_token() -> None:
    script = Script(lambda asked: page("t1", "c1") if asked.auxiliary else httpx.Response(302))
    author = actor(script).take(Credentials(headers={"x-key": "k1"}, cookies=jar_of({"session": "ann"})))
    author.submit(author.page("/posts/new"), "form", title="Hello")
    bob = Credentials(headers={"x-key": "k2"}, cookies=jar_of({"session": "bob"}))
    reads = page_for(script.asked[0], bob)
    assert reads is not None
    assert (reads.method, reads.target) == ("GET", "/posts/new")
    assert dict(reads.headers)[b"cookie"] == b"session=bob"
    given = page("another-token", "c2")
    answered = Answered(status=200, headers=tuple(given.headers.raw), body=given.content)
    request = filled_by(script.asked[0], bob, answered)
    assert request is not None
    assert request.body == b"csrf=another-token&title=Hello"
    headers = dict(request.headers)
    assert headers[b"cookie"] == b"session=bob; csrftoken=c2"
    assert headers[b"x-key"] == b"k2"
    assert headers[b"content-length"] == str(len(request.body)).encode()
    assert filled_by(script.asked[0], bob, Answered(status=403)) is None


def test_a_form_of_anothers_page_is_refused() -> None:
    script = Script(lambda _asked: page("t1"))
    with pytest.raises(UsageError, match="a page that editor read"):
        actor(script).submit(actor(script, "editor").page("/posts/new"), "form")


def test_a_page_that_leads_elsewhere_has_no_form() -> None:
    script = Script(lambda _asked: httpx.Response(302, headers={"location": "/sign-in?next=/posts/new"}))
    author = actor(script)
    with pytest.raises(UsageError, match=r"answered 302, to /sign-in\?next=/posts/new"):
        author.submit(author.page("/posts/new"), "form")


def test_cookies_and_keys_go_together_and_rotate() -> None:
    answers = iter([httpx.Response(200, headers={"set-cookie": "session=s2; Path=/"}), httpx.Response(200)])
    script = Script(lambda _asked: next(answers))
    author = actor(script).take(Credentials(cookies=jar_of({"session": "s1"})))
    author.get("/")
    author.become({"X-Api-Key": "k"})
    author.get("/")
    first, second = (dict(wire_request(asked.request).headers) for asked in script.asked)
    assert first[b"cookie"] == b"session=s1"
    assert (second[b"cookie"], second[b"x-api-key"]) == (b"session=s2", b"k")
    sent = dict(sent_by(script.asked[1], Credentials(cookies=jar_of({"session": "peer"}))).headers)
    assert sent[b"cookie"] == b"session=peer"
    assert b"x-api-key" not in sent


def test_uploads_are_the_same_bytes_each_time() -> None:
    script = Script(lambda _asked: httpx.Response(200))
    for _ in range(2):
        actor(script).post("/import", files={"file": ("a.csv", b"id\n", "text/csv")}, data={"tags": ["x", "y"]})
    one, other = (wire_request(asked.request) for asked in script.asked)
    assert one == other
    assert one.body.count(b'name="tags"') == 2


def test_a_poll_that_never_holds_says_what_the_last_answer_was() -> None:
    script = Script(lambda _asked: httpx.Response(200, text="still working"))
    with pytest.raises(UsageError, match="still working"):
        actor(script).poll("/jobs/1", until=lambda answer: "done" in answer.text, deadline=1.0)
    assert actor(script).poll("/jobs/1", until=lambda answer: answer.is_success).text == "still working"


@pytest.mark.parametrize(
    ("location", "path"),
    [("http://127.0.0.1:8000/posts/1?a=b#c", "/posts/1?a=b"), ("2", "/posts/2"), ("?page=2", "/posts/new?page=2")],
)
def test_the_path_of_a_redirect(location: str, path: str) -> None:
    script = Script(lambda _asked: httpx.Response(302, headers={"location": location}))
    assert actor(script).post("/posts/new").location_path == path


def test_only_relative_urls() -> None:
    with pytest.raises(UsageError, match="only relative URLs"):
        actor(Script(lambda _asked: httpx.Response(200))).page("http://example.org/")


@pytest.mark.parametrize("said", [{"repeat": "twice"}, {"deadline": "5"}, {"deadline": 0}, {"expect": "200"}])
def test_what_cannot_be_meant_of_a_step_is_told_with_what_to_write(said: dict[str, object]) -> None:
    author = actor(Script(lambda _: httpx.Response(200)))
    (name,) = said
    with pytest.raises(UsageError, match=rf"author.get\('/posts'\) has {name}=") as refused:
        author.get("/posts", **said)  # type: ignore[arg-type]  # that is the mistake
    assert f"{name}=" in refused.value.hint
