"""The configuration: what is accepted, and that each refusal says where and what to write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotfire.config import SNIPPET, Config, Dependency, Service, State, fill, parse
from hotfire.errors import UsageError

WHOLE = """
[project]
name = "shop"

[tool.hotfire]
lines = ["retry"]
seed = 7
launch = "../launch"

[tool.hotfire.service]
app = "shop.main:app"
python = ".venv/bin/python"
prepare = ["alembic upgrade head", "python -m shop.seed"]
processes = 3
start_deadline = 12
prepare_deadline = 60.5

[tool.hotfire.service.environment]
DATABASE_URL = "postgresql+asyncpg://{db.user}:{db.password}@{db.host}:{db.port}/{db.name}"
FLAGS = '{"beta": true}'

[tool.hotfire.dependency.db]
kind = "postgres"
server = "/usr/lib/postgresql/15/bin"

[tool.hotfire.state]
ignore = ["audit_log", "jobs.attempts"]

[tool.hotfire.checks.inputs]
schemathesis = false
"""

APP = '[tool.hotfire.service]\napp = "shop.main:app"\n'
SETTINGS = {"retry": {}, "inputs": {"schemathesis": bool}}
DB = '[tool.hotfire.dependency.db]\nkind = "postgres"\n'


def test_a_whole_configuration() -> None:
    environment = {
        "DATABASE_URL": "postgresql+asyncpg://{db.user}:{db.password}@{db.host}:{db.port}/{db.name}",
        "FLAGS": '{"beta": true}',
    }
    assert parse(WHOLE, "pyproject.toml", settings=SETTINGS) == Config(
        project="shop",
        lines=("retry",),
        seed=7,
        launch="../launch",
        service=Service(
            app="shop.main:app",
            python=".venv/bin/python",
            prepare=("alembic upgrade head", "python -m shop.seed"),
            processes=3,
            start_deadline=12,
            prepare_deadline=60.5,
            environment=environment,
        ),
        dependencies=(Dependency(name="db", kind="postgres", server="/usr/lib/postgresql/15/bin"),),
        state=State(ignore=("audit_log", "jobs.attempts")),
        checks={"inputs": {"schemathesis": False}},
    )


def test_a_command_in_place_of_an_application() -> None:
    config = parse('[tool.hotfire.service]\ncommand = ["gunicorn", "shop.main:app"]', "pyproject.toml")
    assert config.service.command == ("gunicorn", "shop.main:app")
    assert (config.lines, config.launch, config.seed) == (None, "launch", 0)


def test_the_snippet_that_errors_show_is_accepted() -> None:
    assert parse(SNIPPET, "pyproject.toml").dependencies[0].kind == "postgres"


@pytest.mark.parametrize(
    ("text", "problem", "hint"),
    [
        ("", "pyproject.toml has no [tool.hotfire]", "add what starts the service"),
        ("x =", "pyproject.toml is no TOML", "double quotes"),
        ("tool = 3", "has no [tool.hotfire]", "[tool.hotfire.service]"),
        ("[tool.hotfire]", "[tool.hotfire.service] is missing", 'app = "shop.main:app"'),
        ("[tool.hotfire.service]", "neither app nor command", 'app = "shop.main:app"   or   command ='),
        (APP + 'command = ["x"]', "both app and command", "write one of them"),
        (APP + "proceses = 2", "[tool.hotfire.service] has the unknown key 'proceses'", "did you mean 'processes'?"),
        ("[tool.hotfire]\nservise = 1", "[tool.hotfire] has the unknown key 'servise'", "did you mean 'service'?"),
        ("[tool.hotfire]\nzzz = 1", "unknown key 'zzz'", "there is checks, dependency, launch, lines"),
        ("[tool.hotfire]\nproject = 'x'\n" + APP, "unknown key 'project'", "there is"),
        (
            "[tool.hotfire.service]\napp = 3",
            "[tool.hotfire.service] app must be a text, not a whole number",
            "write app =",
        ),
        (APP + 'prepare = "x"', "prepare must be a list, not a text", 'write prepare = ["alembic upgrade head"'),
        (APP + "prepare = [3]", "each entry of [tool.hotfire.service] prepare must be a text", "write prepare ="),
        (APP + "processes = 0", "processes must be a whole number >= 1", "write processes = 2"),
        (APP + "processes = true", "processes must be a whole number, not true or false", "write processes = 2"),
        (APP + "start_deadline = -1", "start_deadline must be a number > 0", "write start_deadline"),
        (
            APP + "environment = { A = 3 }",
            "each entry of [tool.hotfire.service] environment must be a text",
            "{db.url}",
        ),
        ("[tool.hotfire]\nservice = 3", "[tool.hotfire] service must be a table", "[tool.hotfire.service]"),
        (
            "[tool.hotfire]\nlines = 3\n" + APP,
            "[tool.hotfire] lines must be a list, not a whole number",
            'lines = ["retry"]',
        ),
        ('[tool.hotfire]\nlines = ["rety"]\n' + APP, "the line 'rety', which does not exist", "did you mean 'retry'?"),
        (APP + "[tool.hotfire.checks.rety]\n", "the line 'rety', which does not exist", "did you mean 'retry'?"),
        (
            APP + '[tool.hotfire.dependency.db]\nkind = "oracle"',
            "unknown kind 'oracle'",
            "kinds that exist: postgres, sqlite",
        ),
        (APP + "[tool.hotfire.dependency.db]", "[tool.hotfire.dependency.db] has no kind", 'write kind = "postgres"'),
        (
            APP + '[tool.hotfire.dependency]\nkind = "postgres"',
            "must be a table, not a text",
            "[tool.hotfire.dependency.db]",
        ),
        (APP + DB + "servr = 1", "[tool.hotfire.dependency.db] has the unknown key 'servr'", "did you mean 'server'?"),
        (APP + "[tool.hotfire.state]\nignored = []", "unknown key 'ignored'", "did you mean 'ignore'?"),
        (APP + 'prepare = ["seed \'x"]', 'prepare: the command "seed \'x" cannot be read', "alembic upgrade head"),
        (APP + 'prepare = [""]', "prepare: the command '' is empty", "alembic upgrade head"),
        (APP + '[tool.hotfire.dependency."../db"]\nkind = "postgres"', "'../db'] is no name", "letters"),
        (APP + 'environment = { "A=B" = "x" }', "'A=B' cannot stand in an environment", "NUL"),
        (APP + 'environment = { A = "\\u0000" }', "'A' cannot stand in an environment", "NUL"),
        (APP + DB + 'folder = "media"', "dependency.db] has folder, which only kind = 'files' has", "take it out"),
        (APP + DB + 'hosts = ["a.example"]', "dependency.db] has hosts, which only kind = 'http' has", "take it out"),
        (
            APP + '[tool.hotfire.dependency.db]\nkind = "http"\nhosts = "a"',
            "dependency.db] hosts must be a list, not a text",
            'write hosts = ["images.example"]',
        ),
        (
            APP + 'environment = { A = "{db.url}" }',
            "environment] A holds {db.url}, but there is no dependency 'db'",
            "declare",
        ),
        (APP + 'environment = { A = "{dv.url}" }\n' + DB, "there is no dependency 'dv'", "there is db; or declare it"),
        (APP + 'environment = { A = "{db}" }\n' + DB, "holds {db}, without a field", "write {db.url}"),
        (APP + "[tool.hotfire.checks.retry]\ntimes = 3", "checks.retry] sets times", "retry has no settings"),
        (
            APP + "[tool.hotfire.checks.inputs]\nschematesis = true",
            "[tool.hotfire.checks.inputs] has the unknown key 'schematesis'",
            "did you mean 'schemathesis'?",
        ),
        (
            APP + '[tool.hotfire.checks.inputs]\nschemathesis = "yes"',
            "checks.inputs] schemathesis must be true or false, not a text",
            "write schemathesis = true",
        ),
    ],
)
def test_each_refusal_says_where_and_what_to_write(text: str, problem: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(text, "pyproject.toml", kinds=("postgres", "sqlite"), settings=SETTINGS)
    assert problem in caught.value.problem
    assert "pyproject.toml" in caught.value.problem
    assert hint in caught.value.hint
    assert caught.value.exit_code == 4


VALUES = {"db": {"url": "postgresql://u:p@h:5432/n", "host": "h", "port": "5432"}}


def test_placeholders_are_filled() -> None:
    filled = fill({"A": "{db.url}", "B": "x-{db.host}:{db.port}-y", "C": '{"json": 1}', "D": "{}"}, VALUES)
    assert filled == {"A": "postgresql://u:p@h:5432/n", "B": "x-h:5432-y", "C": '{"json": 1}', "D": "{}"}


def test_an_unknown_field_names_the_nearest() -> None:
    with pytest.raises(UsageError) as caught:
        fill({"A": "{db.hots}"}, VALUES)
    assert "'db' has no 'hots'" in caught.value.problem
    assert "did you mean 'host'?" in caught.value.hint


def test_a_value_that_looks_like_a_placeholder_is_left() -> None:
    assert fill({"A": "{db.url}"}, {"db": {"url": "{db.url}"}}) == {"A": "{db.url}"}


def refusal(text: str) -> UsageError | None:
    try:
        parse(text, "pyproject.toml")
    except UsageError as error:
        return error
    return None


@given(st.text())
def test_any_text_is_refused_kindly_or_read(text: str) -> None:
    error = refusal(text)
    assert error is None or error.hint


TREES = st.recursive(
    st.none() | st.booleans() | st.integers(min_value=0, max_value=9) | st.sampled_from(["a:b", "postgres"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["app", "service", "dependency", "db", "kind", "lines", "state"]), inner, max_size=3
        )
    ),
    max_leaves=12,
)


def toml(value: object) -> str:
    match value:
        case None:
            return '""'
        case bool():
            return str(value).lower()
        case list():
            return f"[{', '.join(map(toml, value))}]"
        case dict():
            return f"{{ {', '.join(f'{key} = {toml(each)}' for key, each in value.items())} }}"
        case _:
            return repr(value).replace("'", '"')


@given(TREES)
def test_any_tree_is_refused_kindly_or_read(value: object) -> None:
    error = refusal(f"tool.hotfire = {toml(value)}")
    assert error is None or error.hint
