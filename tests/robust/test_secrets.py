"""Secrets leave no world: each has a stable name, the same in every trial."""

import base64
import dataclasses

import httpx
import pytest

from hotfire.errors import SetupError
from hotfire.model.history import History, LogLine, Reply, RowChange
from hotfire.model.request import Request
from hotfire.model.world import Mistake
from hotfire.testing import baseline, reply
from hotfire.worlds.driver.asked import Credentials
from hotfire.worlds.driver.cookies import jar_of
from hotfire.worlds.secrets import Secrets
from hotfire.worlds.typed import passwords_in

TOKEN = "eyJhbGciOi.J9-tOkEn"
ENVIRONMENT = {
    "DATABASE_URL": "postgresql+psycopg://app:p%40ssw0rd@127.0.0.1:5432/app",
    "SECRET_KEY": "only-for-trials",
    "DEMO_PASSWORD": "correct horse battery",
    "PASSWORD_COST": "4",
    "MONKEY_MODE": "enabled",
    "HOME": "a folder",
}


@pytest.fixture
def secrets() -> Secrets:
    ann = Credentials(
        headers={"authorization": f"Bearer {TOKEN}", "x-tenant": "7"}, cookies=jar_of({"session": "s3ss10n-of-ann"})
    )
    return Secrets.of_environment(ENVIRONMENT).earned_by({"author": ann, "nobody": Credentials()})


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        (f"got Bearer {TOKEN}", "got Bearer ‹token:author:1›"),
        ("Set-Cookie: session=s3ss10n-of-ann; Path=/", "Set-Cookie: session=‹token:author:2›; Path=/"),
        ("signed with only-for-trials", "signed with ‹environment:SECRET_KEY›"),
        ('{"password": "correct horse battery"}', '{"password": "‹environment:DEMO_PASSWORD›"}'),
        ("password=correct+horse+battery", "password=‹environment:DEMO_PASSWORD›"),
        ("/reset?p=correct%20horse%20battery", "/reset?p=‹environment:DEMO_PASSWORD›"),
        ("the password is p@ssw0rd", "the password is ‹environment:DATABASE_URL›"),
        ("app:p%40ssw0rd@127.0.0.1", "app:‹environment:DATABASE_URL›@127.0.0.1"),
        ("4 rows for tenant 7, mode enabled", "4 rows for tenant 7, mode enabled"),
        ("", ""),
    ],
)
def test_a_text_without_its_secrets(secrets, text, hidden):
    assert secrets.hide(text) == hidden
    assert secrets.hide(hidden) == hidden


def test_basic_credentials_hide_their_password_too():
    basic = base64.b64encode(b"ann:open sesame").decode()
    secrets = Secrets().earned_by({"ann": Credentials(headers={"authorization": f"Basic {basic}"})})
    assert secrets.hide(f"{basic} is ann:open sesame") == "‹token:ann:1› is ann:‹token:ann:1›"


def test_a_password_that_protects_nothing_is_shown():
    environment = {"DATABASE_URL": "postgresql://service:hotfire@127.0.0.1/app"}
    assert Secrets.of_environment(environment, public="hotfire").hide("user-agent: hotfire") == "user-agent: hotfire"


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("postgresql://service:hotfire@127.0.0.1/app", "postgresql://service:‹environment:DATABASE_URL›@127.0.0.1/app"),
        ("host=db password=hotfire user=service", "host=db password=‹environment:DATABASE_URL› user=service"),
        ("{'USER': 'service', 'PASSWORD': 'hotfire'}", "{'USER': 'service', 'PASSWORD': '‹environment:DATABASE_URL›'}"),
        ('{"password": "open"}', '{"password": "‹password:ann›"}'),
        ("open the door of hotfire, password: hotfires", "open the door of hotfire, password: hotfires"),
        ("typed correct-horse-1", "typed ‹password:bob›"),
    ],
)
def test_a_word_is_hidden_where_it_is_told_as_a_password(text, hidden):
    environment = {"DATABASE_URL": "postgresql://service:hotfire@127.0.0.1/app"}
    secrets = Secrets.of_environment(environment, public="hotfire").typed({"open": "ann", "correct-horse-1": "bob"})
    assert secrets.hide(text) == hidden
    line = LogLine(process="web.0", text=text, at=0.0)
    history = secrets.history(History(trial="t", world="w", logs=(line,), opening=(line,)))
    assert history.logs == history.opening == (dataclasses.replace(line, text=hidden),)


def test_what_may_be_no_secret_has_a_name_that_says_so():
    headers = {"x-tenant": "acme-corp-1", "x-auth-email": "ann1@example.org", "x-api-key": "k3y-of-ann"}
    ann = Credentials(headers=headers, cookies=jar_of({"currency": "EUR-2026", "csrftoken": "t0ken-of-a-form"}))
    secrets = Secrets.of_environment({"DB_PASSWORD": "postgres"}).earned_by({"ann": ann})
    assert secrets.hide("connected to postgres") == "connected to ‹value:DB_PASSWORD›"
    assert secrets.hide("k3y-of-ann") == "‹token:ann:3›"
    for value in ("acme-corp-1", "ann1@example.org", "EUR-2026", "t0ken-of-a-form"):
        assert secrets.hide(value).startswith("‹value:ann:")


def test_what_two_actors_have_is_nobodys_own():
    key = {"apikey": "anon.5f1c9f20b7d844"}
    ann, bob = (Credentials(headers={"authorization": f"Bearer t0ken-of-{name}", **key}) for name in ("ann", "bob"))
    secrets = Secrets().earned_by({"ann": ann, "bob": bob}, {"ann": ann, "bob": bob})
    assert secrets.hide("anon.5f1c9f20b7d844").startswith("‹value:")
    assert secrets.hide("t0ken-of-ann t0ken-of-bob") == "‹token:ann:1› ‹token:bob:1›"
    assert Secrets().earned_by({"ann": ann}, {"ann": ann}).hide("anon.5f1c9f20b7d844") == "‹token:ann:2›"


def test_who_had_nothing_before_the_path_earns_in_it():
    visitor = Credentials(headers={"authorization": "Bearer n3w-token"})
    secrets = Secrets().earned_by({"visitor": Credentials()}, {"visitor": visitor})
    assert secrets.hide("n3w-token") == "‹earned:visitor:1›"


@pytest.mark.parametrize(
    ("sent", "passwords"),
    [
        ({"json": {"email": "a@b.c", "password": "correct horse"}}, ["correct horse"]),
        ({"json": {"user": {"new_password": "one1", "otp": "123456"}, "tags": ["x"]}}, ["one1", "123456"]),
        ({"data": {"name": "ann", "passwd": "correct horse"}}, ["correct horse"]),
        ({"data": {"password": "s3cret!"}, "files": {"file": b"data"}}, ["s3cret!"]),
        ({"params": {"api_key": "k3y-of-ann", "token": "of-a-mail-1"}}, ["k3y-of-ann"]),
        ({"json": {"name": "demo1", "password": "demo1"}}, []),
        ({"json": {"email": "hello8c1c@example.org", "password": "hello8c1c"}}, []),
        ({"json": {"password": "abc", "passes": 3}}, []),
        ({"content": b"{torn", "headers": {"content-type": "application/json"}}, []),
        ({}, []),
    ],
)
def test_passwords_in_a_body(sent, passwords):
    assert list(passwords_in(httpx.Request("POST", "http://127.0.0.1/sign-in", **sent))) == passwords


def test_the_longer_of_two_secrets_is_hidden_whole():
    secrets = Secrets.of_environment({"A_KEY": "abc-def", "B_KEY": "abc-def-ghi"})
    assert secrets.hide("abc-def-ghi abc-def") == "‹environment:B_KEY› ‹environment:A_KEY›"


def test_a_history_without_its_secrets_keeps_all_else(secrets):
    reply = Reply(
        send=0,
        attempt=1,
        actor="author",
        status=200,
        headers=(("x-token", TOKEN),),
        body=f'{{"t":"{TOKEN}"}}',
        cut=f"{TOKEN} was not read",
        target=f"/t/{TOKEN}",
    )
    row = {"id": "7", "token": TOKEN, "closed": None}
    history = History(
        trial="t",
        world="w0",
        replies=(reply,),
        state=(RowChange(store="db", table="sessions", before=None, after=row),),
        logs=(LogLine(process="web.0", text=f"hello {TOKEN}", at=0.5),),
        final=(RowChange(store="db", table="sessions", before=row, after=None),),
        final_replies=(reply,),
        mistake=TOKEN,
        trouble=TOKEN,
        seconds=1.5,
    )
    hidden = secrets.history(history)
    assert TOKEN not in repr(hidden)
    assert repr(hidden) == repr(history).replace(TOKEN, "‹token:author:1›")
    assert secrets.history(hidden) == hidden
    assert Secrets().history(history) == history
    assert secrets.history(dataclasses.replace(history, final=None)).final is None


def test_a_baseline_shows_no_secret_in_the_replies_of_steps_before(secrets):
    before = dataclasses.replace(baseline(lambda _: []), earlier=(reply(200, f"your token is {TOKEN}"),))
    assert secrets.baseline(before).earlier[0].body == "your token is ‹token:author:1›"


def test_a_baseline_shows_no_secret_in_the_requests_of_steps_before(secrets):
    before = dataclasses.replace(baseline(lambda _: []), sent=(Request(method="POST", target="/", body=TOKEN),))
    assert secrets.baseline(before).sent[0].body == "‹token:author:1›"


def test_mistakes_and_errors_are_told_without_secrets(secrets):
    mistake = Mistake(broken=False, step="author GET /x #1", problem=f"no {TOKEN}", hint="mend it")
    assert secrets.mistake(mistake).problem == "no ‹token:author:1›"
    error = secrets.error(SetupError("KeyError: only-for-trials", hint="write it"))
    assert isinstance(error, SetupError)
    assert error.problem == "KeyError: ‹environment:SECRET_KEY›"


def test_what_is_earned_on_the_way_is_hidden_too_and_numbered_in_its_order():
    later = Credentials(headers={"x-api-key": "k3y-of-ann"}, cookies=jar_of({"session": "rotated-s3ss10n"}))
    secrets = Secrets().earned_by({"ann": Credentials(cookies=jar_of({"session": "s3ss10n-of-ann"}))}, {"ann": later})
    said = secrets.hide("s3ss10n-of-ann, k3y-of-ann, rotated-s3ss10n")
    assert said == "‹token:ann:1›, ‹token:ann:2›, ‹token:ann:3›"


def test_a_cookie_that_a_trial_sets_is_hidden():
    session = ("set-cookie", "sessionid=n3w-s3ss10n; Path=/; HttpOnly")
    reply = Reply(send=0, attempt=1, actor="ann", status=200, headers=(session, ("set-cookie", "theme=dark")))
    (hidden,) = Secrets().history(History(trial="t", world="w", replies=(reply,))).replies
    assert hidden.headers == (
        ("set-cookie", "sessionid=‹cookie:sessionid›; Path=/; HttpOnly"),
        ("set-cookie", "theme=dark"),
    )
