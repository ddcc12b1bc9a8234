"""What people get wrong: each is told with its place and what to write, exit code 4, and no traceback of ours."""

import re

import pytest

from tests.robust.project import CONFIGURATION, PATHS, REST, SERVICE, Ended, Project, project
from tests.robust.remains import nothing_left

OURS = re.compile(r'File "[^"]*/hotfire/(?!worlds/zygote/zygote\.py)')  # the service's own traceback may be shown
LIFESPAN = """\
from contextlib import asynccontextmanager


@asynccontextmanager
async def life(app):
    {}
    yield


app = FastAPI(lifespan=life)
"""
COUNTING = """\
app = FastAPI()
seen = []


@app.middleware("http")
async def count(request, call_next):
    seen.append(request)
    if len(seen) == 2:
        print("out of memory", flush=True)
        os._exit(9)
    return await call_next(request)
"""


def refused(target: Project, *arguments: str) -> Ended:
    """Fire, and hold what is true of every refusal."""
    ended = target.run("check", "-j", "1", *arguments)
    said = ended.out + ended.err
    assert ended.code == 4, said
    assert "hint: " in said
    assert not OURS.search(said), said
    assert "fault of hotfire" not in said
    nothing_left(target)
    return ended


def test_no_configuration():
    with project(configuration="[project]\nname = 'shop'\n") as target:
        said = refused(target).err
    assert "pyproject.toml has no [tool.hotfire]" in said
    assert 'app = "shop.main:app"' in said


def test_no_critical_paths_file():
    with project() as target:
        (target.folder / "launch" / "critical_paths.py").unlink()
        said = target.plain(refused(target).err)
    assert said.startswith(
        "error: there is no PROJECT/launch/critical_paths.py\n\nhint: write your first critical path"
    )
    assert "@critical_path(" in said


@pytest.mark.parametrize("word", ["owner", "expected", "rollback"])
def test_a_path_without_what_it_must_say(word):
    with project(paths=re.sub(rf'{word}="[^"]*"', f'{word}=" "', PATHS)) as target:
        said = target.plain(refused(target).err)
    assert f"launch/critical_paths.py:4: the critical path publish has no {word}\n" in said
    assert f'hint: write @critical_path(…, {word}="' in said


def test_an_undo_that_asks_for_what_is_not_there():
    undo = "\n\n@publish.undo\ndef take_back(author: Actor, titel): ...\n"
    with project(paths=PATHS + undo) as target:
        said = target.plain(refused(target).err)
    assert "launch/critical_paths.py:11: take_back asks for 'titel', which is neither an actor nor a local" in said
    assert "hint: name one of author, nobody, title; or keep it in the path: titel = …" in said


def test_an_undo_that_keeps_what_is_not_there():
    undo = '\n\n@publish.undo(keeps=["post"])\ndef take_back(author: Actor): ...\n'
    with project(paths=PATHS + undo) as target:
        said = " ".join(target.plain(refused(target, "--line", "rollback").out).split())
    assert "launch/critical_paths.py:11: take_back: keeps names 'post', which is no table, column or dependency" in said
    assert "hint: did you mean 'posts'?" in said


def test_an_actor_that_is_nearly_one():
    sign_in = "from hotfire import sign_in\n\n\n@sign_in\ndef editor(nobody): ...\n\n\n"
    with project(paths=sign_in + PATHS.replace("author", "edtor")) as target:
        said = target.plain(refused(target).err)
    assert "launch/critical_paths.py:11: publish asks for an unknown actor 'edtor'" in said
    assert "did you mean 'editor'? Declare an actor with @sign_in def edtor(nobody): …" in said


def test_paths_that_python_cannot_read():
    with project(paths=PATHS + "    author.get(\n") as target:
        said = target.plain(refused(target).err)
    assert "launch/critical_paths.py:9: SyntaxError" in said


def test_a_service_that_needs_what_its_environment_has_not():
    with project(service=SERVICE.replace("app = FastAPI()\n", LIFESPAN.format('os.environ["MAIL_HOST"]'))) as target:
        said = refused(target).err
    assert "the service's process web.0 ended with status 3 while it started:" in said
    assert 'hint: add MAIL_HOST = "…" to [tool.hotfire.service.environment]' in said


@pytest.mark.parametrize(
    ("service", "problem", "advice"),
    [
        ("import notthere\n", "No module named 'notthere'", "hint: install notthere where the service runs"),
        ("application = 1\n", "'app'", 'hint: correct app in [tool.hotfire.service]: "module:attribute"'),
        ("app = 5\n", "is of type int, no application", "hint: correct app in [tool.hotfire.service]"),
        ("def app(config=None): ...\n", "app() wants no argument: it makes the application", "() after a factory"),
    ],
)
def test_a_service_that_cannot_be_imported(service, problem, advice):
    with project(service=service) as target:
        said = refused(target).err
    assert problem in said
    assert advice in said


def test_a_service_that_listens_nowhere():
    waiting = "import asyncio; print('waiting for the queue', flush=True); await asyncio.sleep(600)"
    service = SERVICE.replace("app = FastAPI()\n", LIFESPAN.format(waiting))
    with project(service=service, configuration=CONFIGURATION.replace("60", "4") + REST) as target:
        said = refused(target).err
    assert "the service's process web.0 was not ready within 4 s while it started:" in said
    assert "waiting for the queue" in said
    assert "hint: raise start_deadline in [tool.hotfire.service], or mend what it waits for" in said


def command(text):
    return CONFIGURATION.replace('app = "service:app"', f"command = {text}").replace("60", "4") + REST


def test_a_command_that_is_not_there():
    with project(configuration=command('["no-such-server"]')) as target:
        said = refused(target).err
    assert "the service's command web.0 ended with status 127" in said
    assert "no-such-server: No such file or directory" in said


def test_a_command_on_a_file():
    on_file = command('["python", "-m", "uvicorn", "service:app"]').replace('kind = "postgres"', 'kind = "sqlite"')
    on_file = on_file.replace('server = "embedded"', "").replace("{db.url}", "{db.path}")
    with project(configuration=on_file) as target:
        said = refused(target).err
    assert "db is held inside of the service's own Python, and a command starts the service" in said
    assert 'write app = "module:application"' in said


def test_a_command_that_listens_elsewhere():
    with project(configuration=command('["python", "-m", "uvicorn", "--port", "9000", "service:app"]')) as target:
        said = refused(target).err
    assert "the service's command web.0 did not serve at 127.0.0.1:8000 within 4 s" in said
    assert "let it listen at the port of [tool.hotfire.service]" in said


def test_a_service_that_dies_at_its_second_request():
    with project(
        service=SERVICE.replace("app = FastAPI()\n", COUNTING)
    ) as target:  # what asks for its document is none
        said = refused(target).out
    assert "MISTAKE  the service's process web.0 ended by itself with status 9, at request no. 2" in said
    assert "[publish · author GET /posts/{title}]" in said
    assert "    web.0: out of memory\n" in said
    assert "\nUNKNOWN  publish did not come to its end" in said


def test_a_database_server_that_refuses():
    server = 'server = "postgresql://postgres:geheim-geheim@127.0.0.1:1"\n'
    with project(configuration=CONFIGURATION + REST + server) as target:
        said = refused(target).err
    assert "Postgres at 127.0.0.1:1 does not answer:" in said
    assert 'write server = "embedded" for one of our own' in said
    assert "geheim" not in said


def test_a_service_whose_database_refuses_is_a_blocker_that_says_why():
    other = '"postgresql://app:geheim-geheim@127.0.0.1:9/app"'
    with project(service=SERVICE.replace('os.environ["DATABASE_URL"]', other)) as target:
        ended = target.run("check", "-j", "1")
    assert ended.code == 1, ended
    assert "BLOCKER  the undisturbed path is broken at author POST /posts #1: answered 500" in ended.out
    assert "Connection refused" in ended.out
    assert ended.out.rstrip().splitlines()[-1].startswith("NO-GO  1 blocker")


def test_a_prepare_that_fails():
    with project(schema="import sys\nprint('no such migration: 0042')\nsys.exit(3)\n") as target:
        said = refused(target).err
    assert "error: prepare: 'python schema.py' ended with status 3:\n  no such migration: 0042\n" in said
    assert "hint: run it by hand" in said


def test_a_prepare_that_is_not_there():
    with project(configuration=CONFIGURATION.replace("python schema.py", "alembik upgrade head") + REST) as target:
        said = refused(target).err
    assert "prepare: 'alembik upgrade head' ended with status 127" in said
    assert "hint: install it beside the service's Python" in said


def test_a_prepare_that_hangs():
    hanging = "import time\nprint('waiting for the lock', flush=True)\ntime.sleep(600)\n"
    with project(schema=hanging, configuration=CONFIGURATION + "prepare_deadline = 4\n" + REST) as target:
        said = refused(target).err
    assert "python schema.py did not end within 4 s:\n  waiting for the lock\n" in said
    assert "hint: raise prepare_deadline in [tool.hotfire.service]" in said


CHANCE = {
    "time": ("import time\n", 'json={"title": title, "at": time.time()}'),
    "luck": ("import random\n", 'json={"title": title, "luck": random.random()}'),
}


@pytest.mark.parametrize("kind", CHANCE)
def test_a_critical_path_that_is_not_deterministic(kind):
    imports, body = CHANCE[kind]
    with project(paths=imports + PATHS.replace('json={"title": title}', body)) as target:
        said = " ".join(refused(target).out.split())
    assert "the critical path is not deterministic: the body of author POST /posts #1 was {" in said
    assert "played again it is {" in said
    assert "hint: let the path depend on answers and actor.unique(…) only, not on the time, luck" in said
    assert "UNKNOWN publish did not come to its end" in said


def test_a_dry_run_tells_of_a_path_without_trials():
    imports, body = CHANCE["luck"]
    with project(paths=imports + PATHS.replace('json={"title": title}', body)) as target:
        said = refused(target, "--dry-run").err
    assert "MISTAKE  the critical path is not deterministic" in said
    assert "hint: let the path depend on answers and actor.unique(…) only" in said


def test_files_are_sent_with_the_same_bytes_each_time():
    paths = PATHS.replace(
        'author.post("/posts", json={"title": title})',
        'author.post("/files", files={"file": ("a.txt", b"hello")}, data={"title": title}, expect=404)',
    ).replace('author.get(f"/posts/{title}")', 'author.get("/openapi.json")')
    with project(paths=paths) as target:
        ended = target.run("check", "-j", "1")
    assert ended.code == 0, ended


def test_a_happy_path_that_fails_shows_why_and_the_others_go_on():
    service = SERVICE.replace("    if not found:", "    print('looked for', title, flush=True)\n    if not found:")
    other = PATHS.split("\n", 1)[1].replace("def publish", "def write")
    with project(service=service, paths=PATHS + '    author.get("/posts/none")\n' + other) as target:
        ended = refused(target)
        said = target.plain(ended.out)
    assert "MISTAKE  the happy path's answer is 404, not a status below 400" in said
    assert '  response: 404\n    {"detail":"there is no such post"}\n' in said
    assert "    web.0: looked for none\n" in said
    assert "  hint: mend PROJECT/launch/critical_paths.py:9, or write expect=404 if it is meant\n" in said
    assert "publish as author    did not come to its end" in said
    assert re.search(r"write as author    \d+ trials, 0 findings, 0 unknown", said)


def test_a_function_that_fails_is_told_with_its_line():
    with project(paths=PATHS + "    raise AssertionError(f'no {title[:5]}')\n") as target:
        said = " ".join(refused(target).out.split())
    assert "line 9: raise AssertionError(f'no {title[:5]}'): AssertionError: no hello" in said


SPEAKING = """\
app = FastAPI()
print("my key is", os.environ["SECRET_KEY"], flush=True)


@app.post("/login")
def login() -> dict:
    return {"access_token": "tok-3141592653589793"}
"""
SIGNING_IN = """\
from hotfire import sign_in


@sign_in
def author(nobody):
    return {"Authorization": "Bearer " + nobody.post("/login").json()["access_token"]}


"""


def test_a_service_that_prints_a_secret_prints_it_to_nobody():
    reading = 'def read(title: str, authorization: str = Header("")) -> dict:\n'
    printing = '    print("read by", authorization, "with", os.environ["SECRET_KEY"], flush=True)\n'
    service = SERVICE.replace("app = FastAPI()\n", SPEAKING).replace(
        "def read(title: str) -> dict:\n", reading + printing
    )
    rest = REST.replace("DATABASE_URL", 'SECRET_KEY = "only-for-trials"\nDATABASE_URL')
    with project(service=service, paths=SIGNING_IN + PATHS, configuration=CONFIGURATION + rest) as target:
        ended = target.run("check", "-j", "2")
        files = [file for file in target.folder.glob(".hotfire/2*/**/*") if file.is_file()]
        stored = "\n".join(file.read_text() for file in files)
    assert ended.code == 0, ended
    assert "read by Bearer ‹token:author:1› with ‹environment:SECRET_KEY›" in stored
    for secret in ("tok-3141592653589793", "only-for-trials"):
        assert secret not in stored + ended.out + ended.err


def test_a_secret_is_hidden_in_the_log_of_a_service_that_does_not_start():
    service = SERVICE.replace("app = FastAPI()\n", SPEAKING) + '\nraise RuntimeError(os.environ["SECRET_KEY"])\n'
    rest = REST.replace("DATABASE_URL", 'SECRET_KEY = "only-for-trials"\nDATABASE_URL')
    with project(service=service, configuration=CONFIGURATION + rest) as target:
        said = refused(target).err
    assert "RuntimeError: ‹environment:SECRET_KEY›" in said
    assert "only-for-trials" not in said
