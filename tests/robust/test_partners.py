"""A real check of a service with a partner: the declared one is reached over https, one that is not is named."""

from tests.robust.project import CONFIGURATION, PATHS, REST, SERVICE, project

PARTNERED = """\
import httpx


@app.post("/covers", status_code=201)
def cover(post: dict) -> dict:
    stored = httpx.post("https://images.example/covers", json=post, timeout=5)
    try:
        httpx.post("https://telemetry.example/events", json=post)
    except httpx.HTTPError as problem:
        print(f"no telemetry: {problem}", flush=True)
    return stored.json()


@app.post("/payments", status_code=201)
def pay(post: dict) -> dict:
    return httpx.post("https://api.stripe.com/v1/charges", json=post).json()
"""

STEPS = """

@critical_path(owner="content team", expected="The cover is stored.", rollback="Delete it.")
def cover(author: Actor):
    assert author.post("/covers", json={"name": "cat"}, repeat="each").json() == {"stored": "cat"}


@critical_path(owner="shop team", expected="It is paid.", rollback="Refund it.")
def pay(author: Actor):
    author.post("/payments", json={"amount": 49})
"""

STUBS = """\
from fastapi import FastAPI

images = FastAPI()


@images.post("/covers")
def store(post: dict) -> dict:
    return {"stored": post["name"]}
"""

IMAGES = """
[tool.hotfire.dependency.images]
kind = "http"
hosts = ["images.example"]
"""


def test_the_declared_one_is_reached_and_the_others_are_named():
    configuration = CONFIGURATION + REST + IMAGES
    with project(service=SERVICE + PARTNERED, paths=PATHS + STEPS, configuration=configuration) as target:
        (target.folder / "launch" / "stubs.py").write_text(STUBS)
        ended = target.run("check", "-j", "1", "-p", "cover", "-p", "pay", "--line", "retry")
        source = (target.folder / "service.py").read_text().splitlines()
    said = " ".join((ended.out + ended.err).split())
    lines = {host: next(n for n, text in enumerate(source, 1) if host in text) for host in ("telemetry", "stripe")}
    assert ended.code == 4, ended
    assert (
        f"author POST /covers: the service wants telemetry.example:443 (service.py:{lines['telemetry']}), which is not "
        'declared: write [tool.hotfire.dependency.telemetry] kind = "http", hosts = ["telemetry.example"]'
    ) in said, said
    assert (
        f"hint: the service wants api.stripe.com:443 (service.py:{lines['stripe']}), which is not declared: "
        'write [tool.hotfire.dependency.stripe] kind = "http", hosts = ["api.stripe.com"]'
    ) in said, said
    assert "images.example" not in said, said
