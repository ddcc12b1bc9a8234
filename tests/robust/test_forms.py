"""What goes wrong with forms, polls and mails in the undisturbed path: the path's own mistake, exit code 4."""

from tests.robust.project import CONFIGURATION, REST, project
from tests.robust.test_bad_input import refused

SERVICE = """\
import asyncio
import os
import smtplib

import psycopg
from fastapi import BackgroundTasks, FastAPI, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

app = FastAPI()
done = []


def form(error=""):
    return HTMLResponse(
        f'<form id="new" method="post" action="/new">{error}<input name="title"><button>Save</button></form>'
    )


@app.get("/new")
def show():
    return form()


@app.post("/new")
async def save(request: Request):
    body = (await request.body()).decode()
    if "title=&" in body + "&":
        return form('<p role="alert">The title is missing.</p>')
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        connection.execute("INSERT INTO posts (title) VALUES (%s) ON CONFLICT DO NOTHING", (body,))
    return RedirectResponse("/new", 303)


@app.get("/broken")
def broken():
    raise RuntimeError("no page today")


@app.get("/job")
def job():
    done.append(1)
    return {"state": "done" if len(done) > 3 else "working"}


@app.post("/tell")
def tell():
    with smtplib.SMTP(os.environ["MAIL_HOST"], int(os.environ["MAIL_PORT"])) as client:
        client.sendmail("shop@example.org", ["ann@example.org"], "Subject: Hello\\n\\nhttp://shop.example/hello?a=1")
    return {}


@app.get("/hello")
def hello(a: int):
    return {"a": a}
"""
MAIL = 'MAIL_HOST = "{mail.host}"\nMAIL_PORT = "{mail.port}"\n\n[tool.hotfire.dependency.mail]\nkind = "smtp"\n'
WITH_MAIL = CONFIGURATION + REST.replace('"{db.url}"\n', '"{db.url}"\n' + MAIL)
PATHS = """\
from hotfire import Actor, critical_path, sign_in


@critical_path(owner="content team", expected="It works.", rollback="Delete it.")
def publish(author: Actor):
    {}
"""


def path(*lines: str) -> str:
    return PATHS.format("\n    ".join(lines))


MISTAKES = [
    (['author.submit(author.page("/new"), "#new")'], "the form '#new' comes back: The title is missing."),
    (['author.submit(author.page("/new"), "#new", titel="x")'], "its fields are: title"),
    (['author.submit(author.page("/new"), "#old", title="x")'], "name one of its forms: #new"),
    (['author.page("/nowhere")'], "author GET /nowhere"),
    (['author.poll("/new", until=lambda answer: "done" in answer.text, deadline=0.3)'], "not so until the deadline"),
    (['author.get("/new")', 'author.mail(to="ann@example.org")'], "none came at all"),
    (['author.post("/tell")', 'author.mail(to="eve@example.org")'], 'these came: "Hello" to ann@example.org'),
    (['author.post("/tell")', 'author.mail().link("/reset")'], "its links are: http://shop.example/hello?a=1"),
]


def test_the_paths_own_mistakes_are_told_and_the_other_paths_go_on() -> None:
    paths = "".join(path(*lines).replace("publish", f"path_{number}") for number, (lines, _) in enumerate(MISTAKES))
    with project(service=SERVICE, paths=paths, configuration=WITH_MAIL) as target:
        ended = refused(target)
    told = " ".join((ended.out + ended.err).split())
    assert [said for _, said in MISTAKES if said not in told] == []


def test_a_mail_without_a_mail_server_says_what_to_declare() -> None:
    with project(service=SERVICE, paths=path('author.get("/new")', "author.mail()")) as target:
        ended = refused(target)
    assert "[tool.hotfire.dependency.mail]" in ended.out + ended.err


def test_a_sign_in_whose_form_comes_back_is_told() -> None:
    paths = (
        path('author.get("/new")')
        + '\n\n@sign_in\ndef author(nobody):\n    nobody.submit(nobody.page("/new"), "#new")\n'
    )
    with project(service=SERVICE, paths=paths) as target:
        ended = refused(target)
    assert "comes back: The title is missing." in " ".join((ended.out + ended.err).split())


def test_a_page_that_fails_is_the_services_fault() -> None:
    with project(service=SERVICE, paths=path('author.page("/broken")')) as target:
        ended = target.run("check", "-j", "1")
    assert ended.code == 1
    assert "author GET /broken" in " ".join(ended.out.split())


def test_forms_polls_and_mails_that_work_end_go() -> None:
    lines = [
        'author.submit(author.page("/new"), "#new", title=author.unique("x"))',
        'author.submit(author.page("/new"), "#new", title="", expect=200)',
        'author.post("/tell", repeat="each")',
        'author.get(author.mail(to="ann@example.org").link("/hello"))',
        'author.poll("/job", until=lambda answer: answer.json()["state"] == "done")',
    ]
    with project(service=SERVICE, paths=path(*lines), configuration=WITH_MAIL) as target:
        ended = target.run("check", "-j", "2")
    assert ended.code == 0, ended.out + ended.err
