"""A partner's stand-in that does wrong: told with its line and exit code 4, and never as the service's fault."""

import pytest

from tests.robust.project import Project, project
from tests.robust.remains import nothing_left

SERVICE = """\
import httpx
from fastapi import FastAPI

app = FastAPI()


@app.post("/posts", status_code=201)
async def write(post: dict) -> dict:
    async with httpx.AsyncClient() as client:
        answer = await client.post("https://images.example/v1/covers", json=post)
    {}
    return {{"cover": answer.status_code}}
"""
PATHS = """\
from hotfire import Actor, critical_path


@critical_path(owner="content team", expected="The post has a cover.", rollback="Delete it.")
def publish(author: Actor):
    author.post("/posts", json={"title": "hello"})
"""
CONFIGURATION = """\
[tool.hotfire]
lines = ["retry"]

[tool.hotfire.service]
app = "service:app"
start_deadline = 60

[tool.hotfire.dependency.images]
kind = "http"
hosts = ["images.example"]
"""
STUB = """\
async def images(scope, receive, send):
    await receive()
    raise LookupError("no such image")
"""


def fired(target: Project, code: int) -> str:
    ended = target.run("check", "-j", "1")
    assert ended.code == code, ended.out + ended.err
    nothing_left(target)
    return target.plain(ended.out + ended.err)


@pytest.mark.parametrize("then", ["answer.raise_for_status()", "pass"], ids=["so does the service", "it lives with it"])
def test_a_stub_that_raises_is_the_users_own_mistake(then: str) -> None:
    with project(service=SERVICE.format(then), paths=PATHS, configuration=CONFIGURATION) as target:
        (target.folder / "launch" / "stubs.py").write_text(STUB)
        said = fired(target, 4)
    assert "the stub of images raised LookupError: no such image (launch/stubs.py:3)" in said
    assert "BLOCKER" not in said
