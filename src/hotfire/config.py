"""The configuration: the text of a pyproject.toml in, values out; no file is opened here.

Every refusal names the file, the table and the field, and says what to write instead (exit code 4).
"""

import dataclasses
import difflib
import re
import shlex
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Never, TypeVar, cast

import msgspec

from hotfire import toml
from hotfire.errors import UsageError

_T = TypeVar("_T")

Setting = bool | int | float | str | tuple[str, ...]
Settings = Mapping[str, Mapping[str, type]]
"""The lines that exist, each with the settings that it has, and their types."""

_AtLeastOne = Annotated[int, msgspec.Meta(ge=1)]
_Seconds = Annotated[float, msgspec.Meta(gt=0)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What is tested, as `[tool.hotfire.service]` says: exactly one of `app` and `command`.

    `python` is empty for the project's .venv, else the active environment. `environment` may hold placeholders (see
    `fill`). Deadlines are seconds; `processes` is what a race runs against; `port` is where `command` listens.
    `openapi` is where its OpenAPI document is: a file of the project, or, from "/" on, a path of the service.
    """

    app: str = ""
    command: tuple[str, ...] = ()
    python: str = ""
    prepare: tuple[str, ...] = ()
    processes: _AtLeastOne = 2
    port: _AtLeastOne = 8000
    start_deadline: _Seconds = 30.0
    prepare_deadline: _Seconds = 300.0
    openapi: str = ""
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def words(self) -> tuple[str, ...]:
        """Where the service's own modules are named."""
        return (self.app, *self.command, self.environment.get("DJANGO_SETTINGS_MODULE", ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependency:
    """`[tool.hotfire.dependency.NAME]`: `server` is "embedded", a folder of binaries, or a superuser's DSN.

    `folder` is where files of the kind `files` lie, relative to the project or absolute, and `ignore` names those that
    are no state, by patterns ("*.log"). The rest is of partners over
    HTTP: see `worlds/dependencies/http.py`.
    """

    name: str
    kind: str
    server: str = "embedded"
    folder: str = ""
    ignore: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    stub: str = ""
    reads: tuple[str, ...] = ()
    idempotency: str = "v1"
    idempotency_header: str = "Idempotency-Key"


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """`[tool.hotfire.state]`: `ignore` names tables and columns that are no state ("audit_log", "jobs.attempts")."""

    ignore: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """All that `[tool.hotfire]` says. `lines` is None where the team adopted every line that exists (DESIGN §3, §8).

    `launch` is the folder of critical_paths.py, relative to the file; `checks` holds each line's own settings.
    """

    service: Service
    dependencies: tuple[Dependency, ...] = ()
    state: State = State()
    checks: dict[str, dict[str, Setting]] = field(default_factory=dict)
    lines: tuple[str, ...] | None = None
    launch: str = "launch"
    seed: int = 0
    project: str = ""

    @property
    def ignored(self) -> tuple[str, ...]:
        """All that the team declared to be no state, as reports show it: tables, columns, and files by pattern."""
        files = [f"{each.name}/{pattern}" for each in self.dependencies for pattern in each.ignore]
        return (*self.state.ignore, *files)


SNIPPET = """\
[tool.hotfire.service]
app = "shop.main:app"

[tool.hotfire.service.environment]
DATABASE_URL = "{db.url}"

[tool.hotfire.dependency.db]
kind = "postgres"
"""

_OF_KIND = {
    **dict.fromkeys(("hosts", "stub", "reads", "idempotency", "idempotency_header"), "http"),
    **dict.fromkeys(("folder", "ignore"), "files"),
}
"""Keys of a dependency that one kind alone has."""

_EXAMPLES = {
    "launch": 'launch = "launch"',
    "seed": "seed = 0",
    "lines": 'lines = ["retry"]',
    "service": '[tool.hotfire.service]\napp = "shop.main:app"',
    "service.app": 'app = "shop.main:app"',
    "service.command": 'command = ["gunicorn", "shop.main:app"]',
    "service.python": 'python = ".venv/bin/python"',
    "service.prepare": 'prepare = ["alembic upgrade head", "python -m shop.seed"]',
    "service.processes": "processes = 2",
    "service.port": "port = 8000",
    "service.start_deadline": "start_deadline = 30.0",
    "service.prepare_deadline": "prepare_deadline = 300.0",
    "service.openapi": 'openapi = "docs/openapi.json"',
    "service.environment": 'environment = { DATABASE_URL = "{db.url}" }',
    "dependency": '[tool.hotfire.dependency.db]\nkind = "postgres"',
    "dependency.kind": 'kind = "postgres"',
    "dependency.server": 'server = "embedded"',
    "dependency.folder": 'folder = "media"',
    "dependency.ignore": 'ignore = ["*.log", "cache/*"]',
    "dependency.hosts": 'hosts = ["images.example"]',
    "dependency.stub": 'stub = "launch/stubs.py:images"',
    "dependency.reads": 'reads = ["POST /v1/search"]',
    "dependency.idempotency": 'idempotency = "v1"',
    "dependency.idempotency_header": 'idempotency_header = "Idempotency-Key"',
    "state": '[tool.hotfire.state]\nignore = ["audit_log"]',
    "state.ignore": 'ignore = ["audit_log", "jobs.attempts"]',
    "checks": "[tool.hotfire.checks.retry]",
}

_SAMPLES: dict[type, str] = {bool: "true", int: "1", float: "1.0", str: '"…"'}
"""A value of each type that a line's setting can have."""

_TOML = "texts stand in double quotes, tables in [brackets]; see https://toml.io"

_WORDS = {
    "str": "a text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "a table",
    "list": "a list",
    "dict": "a table",
}


def parse(
    text: str, filename: str, *, kinds: Collection[str] | None = None, settings: Settings | None = None
) -> Config:
    """Read `[tool.hotfire]` from the text of a pyproject.toml; `filename` is only named in messages.

    Raises:
        UsageError: no such table, an unknown key, a wrong type, neither `app` nor `command`, both, a command or a name
            that cannot be one, a placeholder that names no dependency, a `kind` that is not in `kinds`, a line or a
            setting of a line that is not in `settings` (None: not asked).
    """
    document = toml.document(text, filename, hint=_TOML)
    table = _table_of(document, filename)
    reader = _Reader(filename)
    config = reader.config(table, project=_project(document))
    reader.check_service(config.service)
    reader.check_commands(config.service)
    reader.check_names(config)
    if kinds is not None:
        for dependency in config.dependencies:
            reader.check_kind(dependency, kinds)
    if settings is not None:
        reader.check_lines((*(config.lines or ()), *config.checks), settings)
        reader.check_settings(config.checks, settings)
    fields = {dependency.name: None for dependency in config.dependencies}
    for name, value in config.service.environment.items():
        _check_placeholders(f"{filename}: {_ENVIRONMENT} {name}", value, fields)
    return config


def fill(environment: Mapping[str, str], values: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Put values in place of `{db.url}`, `{db.host}` …; braces of any other form stay as they are.

    Raises:
        UsageError: a placeholder names a dependency or a field that is not there.
    """
    filled = {}
    for name, text in environment.items():
        _check_placeholders(f"{_ENVIRONMENT} {name}", text, values)
        filled[name] = _PLACEHOLDER.sub(lambda found: values[found["name"]][found["field"]], text)
    return filled


_PLACEHOLDER = re.compile(r"\{(?P<name>[A-Za-z_][\w-]*)\.(?P<field>[a-z_]+)\}")
_ENVIRONMENT = "[tool.hotfire.service.environment]"
_NAME = re.compile(r"[A-Za-z_][\w-]*", re.ASCII)
_BARE = re.compile(r"\{(?P<name>[A-Za-z_][\w-]*)\}")


def _check_placeholders(where: str, text: str, values: Mapping[str, Mapping[str, str] | None]) -> None:
    for found in _BARE.finditer(text):
        if found["name"] in values:
            name = found["name"]
            hint = f"write {{{name}.url}} or {{{name}.host}}"
            raise UsageError(f"{where} holds {{{name}}}, without a field", hint=hint)
    for found in _PLACEHOLDER.finditer(text):
        name = found["name"]
        if name not in values:
            hint = f'{_choices(name, values)}; or declare it: [tool.hotfire.dependency.{name}], then kind = "postgres"'
            raise UsageError(f"{where} holds {found[0]}, but there is no dependency {name!r}", hint=hint)
        fields = values[name]
        if fields is not None and found["field"] not in fields:
            hint = _choices(found["field"], fields)
            raise UsageError(f"{where} holds {found[0]}, but {name!r} has no {found['field']!r}", hint=hint)


def _table_of(document: Mapping[str, object], filename: str) -> dict[str, object]:
    tool = document.get("tool")
    table = tool.get("hotfire") if isinstance(tool, dict) else None
    if not isinstance(table, dict):
        raise UsageError(f"{filename} has no [tool.hotfire]", hint=f"add what starts the service:\n\n{SNIPPET}")
    return table


def _project(document: Mapping[str, object]) -> str:
    project = document.get("project")
    name = project.get("name") if isinstance(project, dict) else None
    return name if isinstance(name, str) else ""


def _choices(wrong: str, right: Iterable[str]) -> str:
    known = sorted(right)
    nearest = difflib.get_close_matches(wrong, known, n=1)
    if nearest:
        return f"did you mean {nearest[0]!r}?"
    return f"there is {', '.join(known)}" if known else "none is declared yet"


def _names(kind: type) -> set[str]:
    return {each.name for each in dataclasses.fields(kind)}


@dataclass(frozen=True, slots=True)
class _Reader:
    """Turns tables into values, and remembers which file to name."""

    filename: str

    def config(self, table: Mapping[str, object], *, project: str) -> Config:
        allowed = (_names(Config) - {"project", "dependencies"}) | {"dependency"}
        self._known("", table, allowed)
        if "service" not in table:
            raise UsageError(
                f"{self.filename}: [tool.hotfire.service] is missing", hint=f"say what starts the service:\n\n{SNIPPET}"
            )
        rest = {key: value for key, value in table.items() if key != "dependency"}
        self._known("service", self._table("service", rest["service"]), _names(Service))
        self._known("state", self._table("state", rest.get("state", {})), _names(State))
        dependencies = tuple(self._dependencies(self._table("dependency", table.get("dependency", {}))))
        config = self._convert("", rest, Config)
        return dataclasses.replace(config, dependencies=dependencies, project=project)

    def check_service(self, service: Service) -> None:
        if bool(service.app) != bool(service.command):
            return
        said = "both app and command" if service.app else "neither app nor command"
        hint = f"write one of them: {_EXAMPLES['service.app']}   or   {_EXAMPLES['service.command']}"
        raise UsageError(f"{self.filename}: [tool.hotfire.service] has {said}", hint=hint)

    def check_commands(self, service: Service) -> None:
        for command in service.prepare:
            try:
                words = shlex.split(command)
            except ValueError as error:
                words, problem = [], f"cannot be read: {error}"
            else:
                problem = "is empty"
            if not words:
                told = f"{self.filename}: [tool.hotfire.service] prepare: the command {command!r} {problem}"
                raise UsageError(told, hint=f"write {_EXAMPLES['service.prepare']}")

    def check_names(self, config: Config) -> None:
        for dependency in config.dependencies:
            if not _NAME.fullmatch(dependency.name):
                where = f"{self.filename}: [tool.hotfire.dependency.{dependency.name!r}]"
                raise UsageError(f"{where} is no name", hint="take letters, digits, _ and -: it names files, too")
        for name, value in config.service.environment.items():
            if not name or "=" in name or "\0" in name + value:
                where = f"{self.filename}: {_ENVIRONMENT} {name!r}"
                hint = "a name is not empty and has no =; neither it nor its value has a NUL"
                raise UsageError(f"{where} cannot stand in an environment", hint=hint)

    def check_kind(self, dependency: Dependency, kinds: Collection[str]) -> None:
        if dependency.kind not in kinds:
            where = f"{self.filename}: [tool.hotfire.dependency.{dependency.name}]"
            hint = f"kinds that exist: {', '.join(sorted(kinds))}"
            raise UsageError(f"{where} has the unknown kind {dependency.kind!r}", hint=hint)

    def check_lines(self, lines: Iterable[str], known: Collection[str]) -> None:
        for line in lines:
            if line not in known:
                problem = f"{self.filename}: [tool.hotfire] names the line {line!r}, which does not exist"
                raise UsageError(problem, hint=f"{_choices(line, known)} (`hotfire explain` lists the lines)")

    def check_settings(self, checks: Mapping[str, Mapping[str, Setting]], known: Settings) -> None:
        for line, table in checks.items():
            where = f"{self.filename}: [tool.hotfire.checks.{line}]"
            if table and not known[line]:
                raise UsageError(f"{where} sets {', '.join(table)}", hint=f"take it out: {line} has no settings")
            self._known(f"checks.{line}", table, known[line])
            for key, value in table.items():
                kind = known[line][key]
                if type(value) is not kind:
                    problem = f"{where} {key} must be {_in_words(kind.__name__)}, not {_in_words(type(value).__name__)}"
                    raise UsageError(problem, hint=f"write {key} = {_SAMPLES[kind]}")

    def _dependencies(self, tables: Mapping[str, object]) -> Iterator[Dependency]:
        for name, value in tables.items():
            where = f"dependency.{name}"
            table = self._table(where, value)
            self._known(where, table, _names(Dependency) - {"name"})
            if "kind" not in table:
                hint = f"write {_EXAMPLES['dependency.kind']}"
                raise UsageError(f"{self.filename}: [tool.hotfire.{where}] has no kind", hint=hint)
            self._check_keys(where, table)
            yield self._convert(where, {**table, "name": name}, Dependency)

    def _check_keys(self, where: str, table: Mapping[str, object]) -> None:
        for key in table:
            kind = _OF_KIND.get(key, table["kind"])
            if kind != table["kind"]:
                problem = f"{self.filename}: [tool.hotfire.{where}] has {key}, which only kind = {kind!r} has"
                raise UsageError(problem, hint=f"take it out, or write kind = {kind!r}".replace("'", '"'))

    def _table(self, where: str, value: object) -> dict[str, object]:
        if isinstance(value, dict):
            return cast("dict[str, object]", value)
        return self._refuse(where, "a table", type(value).__name__)

    def _known(self, where: str, table: Mapping[str, object], allowed: Collection[str]) -> None:
        for key in table:
            if key not in allowed:
                name = f"[tool.hotfire.{where}]" if where else "[tool.hotfire]"
                raise UsageError(f"{self.filename}: {name} has the unknown key {key!r}", hint=_choices(key, allowed))

    def _convert(self, where: str, table: Mapping[str, object], kind: type[_T]) -> _T:
        try:
            return msgspec.convert(table, kind)
        except msgspec.ValidationError as error:
            self._explain(where, str(error))

    def _explain(self, where: str, message: str) -> Never:
        """Msgspec's "Expected `str`, got `int` - at `$.service.app`", in the user's words."""
        expected, _, place = message.partition(" - at ")
        field_name = ".".join(part for part in (where, place.strip("`").removeprefix("$").lstrip(".")) if part)
        wanted, _, got = expected.removeprefix("Expected ").partition(", got ")
        self._refuse(field_name, _in_words(wanted), got.strip("`"))

    def _refuse(self, field_name: str, wanted: str, got: str) -> Never:
        plain = re.sub(r"\[.*", "", field_name)
        table, _, key = plain.rpartition(".")
        each = "each entry of " if "[" in field_name else ""
        where = f"{each}[tool.hotfire.{table}] {key}" if table else f"{each}[tool.hotfire] {key}"
        but = f", not {_in_words(got)}" if got else ""
        generic = re.sub(r"^dependency\.[^.]+", "dependency", plain)
        example = _EXAMPLES.get(generic, _EXAMPLES.get(table, SNIPPET))
        raise UsageError(f"{self.filename}: {where} must be {wanted}{but}", hint=f"write {example}")


def _in_words(kind: str) -> str:
    """Say msgspec's and Python's names of types in plain words: `int` >= 1 is "a whole number >= 1"."""
    words = re.sub(r"[a-z]+", lambda found: _WORDS.get(found[0], found[0]), kind.replace("`", ""))
    return words.replace(" | null", "").replace(" | ", " or ")
