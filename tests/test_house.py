"""The house rules of CONTRIBUTING.md, kept by a machine. Each message says how to comply."""

import ast
import re
import subprocess
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotfire.config import parse
from hotfire.model.declaration import collecting
from hotfire.waivers import parse as parse_waivers

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "hotfire"

MODULES = sorted(SOURCE.rglob("*.py"))
OWN_TESTS = sorted(
    file for file in (ROOT / "tests").rglob("*.py") if not {"twins", "mutants", "services"} & set(file.parts)
)
DOCUMENTS = sorted(ROOT.glob("*.md"))

FILE_LINES, FUNCTION_LINES = 400, 40

LONGER_FILES: dict[str, tuple[int, str]] = {
    "worlds/zygote/zygote.py": (890, "it is started by path in the service's own Python, beside servers.py"),
}
LONGER_FUNCTIONS: dict[str, tuple[int, str]] = {}
"""Name → (allowed, reason). An entry is a debt: prefer to split."""

PLUGIN_FOLDERS = ("checks", "perturbations", "wire", "reports", "cli")
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "manager", "base", "common", "misc"}

PURE = (
    "model",
    "checks",
    "perturbations",
    "wire",
    "equality",
    "expected",
    "loglines",
    "editing",
    "openapi",
    "mutation",
    "equality.py",
    "config.py",
    "waivers.py",
    "toml.py",
    "errors.py",
)
CURES = {
    "asyncio": "return what to do as an Action or a Trial; floor 2 awaits",
    "socket": "take bytes and return messages; floor 2 owns the socket",
    "time": "take the time as an argument, or leave it to hotfire.clock on floor 2",
    "random": "derive it from the trial's seed with hashlib",
    "secrets": "derive it from the trial's seed with hashlib",
    "uuid": "derive it from the trial's seed with hashlib",
    "os": "take the value as an argument; floor 3 reads the environment, floor 2 the disk",
    "pathlib": "take the text as an argument; reports/archive.py and floor 3 read files",
    "io": "take the text or the bytes as an argument",
    "tempfile": "floor 2 makes folders",
    "shutil": "floor 2 moves files",
    "subprocess": "worlds/processes.py starts processes",
    "threading": "floors 0 and 1 have no state to share",
    "multiprocessing": "floors 0 and 1 have no state to share",
    "concurrent": "floors 0 and 1 have no state to share",
    "logging": "yield a value: a Finding, an Unknown, an Event",
}


def inside(file: Path) -> str:
    return file.relative_to(SOURCE).as_posix()


def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"), filename=str(file))


def listed(problems: Iterator[str] | list[str], cure: str) -> None:
    found = list(problems)
    assert not found, "\n".join([*found, f"→ {cure}"])


def pure_modules() -> list[Path]:
    return [file for file in MODULES if inside(file).split("/")[0] in PURE]


def imported(module: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module


def test_there_is_a_house() -> None:
    assert len(MODULES) > 20
    assert pure_modules()


def test_floors_0_and_1_do_no_io_and_know_no_clock_and_no_luck() -> None:
    problems = [
        f"{inside(file)}:{line} imports {name}: {CURES[name.split('.')[0]]}"
        for file in pure_modules()
        for line, name in imported(tree(file))
        if name.split(".")[0] in CURES
    ]
    listed(problems, "floors 0 and 1 are pure (ARCHITECTURE.md); move it up a floor, or pass the value in")


def test_floors_0_and_1_call_neither_open_nor_now() -> None:
    calls = re.compile(r"(?<![\w.])(open|print|input)\(|\.(now|today|utcnow)\(")
    problems = [
        f"{inside(file)}:{number}: {line.strip()}"
        for file in pure_modules()
        for number, line in enumerate(code_lines(file), 1)
        if calls.search(line)
    ]
    listed(problems, "take the text or the moment as an argument")


def code_lines(file: Path) -> list[str]:
    """The lines with docstrings blanked."""
    lines = file.read_text(encoding="utf-8").splitlines()
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            for number in range(node.lineno - 1, node.end_lineno or node.lineno):
                lines[number] = ""
    return lines


def test_no_any_on_floors_0_and_1() -> None:
    problems = [
        f"{inside(file)}:{node.lineno}"
        for file in pure_modules()
        for node in ast.walk(tree(file))
        if (isinstance(node, ast.Name) and node.id == "Any") or (isinstance(node, ast.Attribute) and node.attr == "Any")
    ]
    listed(problems, "say the type; for what is truly unknown write object and narrow it with isinstance or match")


def test_no_import_hides_under_type_checking() -> None:
    problems = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file in [*MODULES, *OWN_TESTS]
        for node in ast.walk(tree(file))
        if (isinstance(node, ast.Name) and node.id == "TYPE_CHECKING")
        or (isinstance(node, ast.Attribute) and node.attr == "TYPE_CHECKING")
    ]
    listed(problems, "import it plainly; where that makes a cycle, move the shared value down a floor")


def test_files_keep_to_their_size() -> None:
    problems = []
    for file in MODULES:
        allowed, _ = LONGER_FILES.get(inside(file), (FILE_LINES, ""))
        lines = len(file.read_text(encoding="utf-8").splitlines())
        if lines > allowed:
            problems.append(f"{inside(file)} has {lines} lines, {allowed} are allowed")
    listed(problems, "split it by nouns; where it must be one file, add it to LONGER_FILES with a reason")


def functions(node: ast.AST, prefix: str = "") -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{prefix}{child.name}", child
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield from functions(child, f"{prefix}{child.name}.")
        else:
            yield from functions(child, prefix)


def test_functions_keep_to_their_size() -> None:
    problems = []
    for file in MODULES:
        for name, function in functions(tree(file)):
            full = f"{inside(file)}:{name}"
            allowed, _ = LONGER_FUNCTIONS.get(full, (FUNCTION_LINES, ""))
            lines = (function.end_lineno or function.lineno) - function.lineno + 1
            if lines > allowed:
                problems.append(f"{full} has {lines} lines, {allowed} are allowed")
    listed(problems, "name a part of it; where it must be one function, add it to LONGER_FUNCTIONS with a reason")


def test_no_allowance_is_stale() -> None:
    files = {inside(file): file for file in MODULES}
    stale = [name for name in LONGER_FILES if name not in files]
    known = {f"{name}:{function}" for name, file in files.items() for function, _ in functions(tree(file))}
    stale += [name for name in LONGER_FUNCTIONS if name not in known]
    listed(stale, "take it out of the allowances in tests/test_house.py")


def test_names_say_what_a_thing_is() -> None:
    problems = [inside(file) for file in MODULES if set(re.split(r"[/_.]", inside(file))) & FORBIDDEN_NAMES]
    problems += [
        f"{inside(file)}:{node.lineno} {node.name}"
        for file in MODULES
        for node in ast.walk(tree(file))
        if isinstance(node, ast.ClassDef) and re.search(r"(Utils?|Helpers?|Manager|Base|Common)$", node.name)
    ]
    listed(problems, "name it by the noun that it is; a module that only helps belongs to the one that it helps")


def plugins() -> list[Path]:
    """A plugin is a file, or a folder where it needs rooms: its __init__.py speaks for it then."""
    return [
        file / "__init__.py" if file.is_dir() else file
        for folder in PLUGIN_FOLDERS
        for file in sorted((SOURCE / folder).glob("*"))
        if not file.name.startswith("_") and (file.suffix == ".py" or (file / "__init__.py").exists())
    ]


@pytest.mark.parametrize("file", plugins(), ids=inside)
def test_one_thing_one_file_one_docstring_one_test(file: Path) -> None:
    """A check, perturbation, wire, report or command explains itself, and has a test of its name."""
    docstring = ast.get_docstring(tree(file)) or ""
    assert len(docstring.split()) >= 4, f"{inside(file)} needs a docstring: `hotfire explain` and the docs show it"
    named = file.parent if file.name == "__init__.py" else file
    folder, name = ROOT / "tests" / named.parent.name, f"test_{named.stem}"
    if named.parent.name == "cli":  # the whole command line is one story, told by snapshot
        told = "".join(each.read_text(encoding="utf-8") for each in folder.glob("test_*.py"))
        assert f'"{named.stem}' in told or "@click.command" not in file.read_text(), f"fire {named.stem} there"
        return
    assert [*folder.glob(f"{name}.py"), *folder.glob(f"{name}_*.py")], f"write {folder.relative_to(ROOT)}/{name}.py"


def test_every_module_explains_itself() -> None:
    problems = [inside(file) for file in MODULES if not (ast.get_docstring(tree(file)) or "").strip()]
    listed(problems, "open it with one good sentence that says what it is")


def test_a_newcomer_is_led_through_every_module() -> None:
    guide = (ROOT / "WHATS-HERE.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^- `([\w/.-]+\.(?:py|jinja))`", guide, re.MULTILINE))
    here = {inside(file) for file in MODULES if file.name != "__init__.py"}
    listed([f"{name} is not in WHATS-HERE.md" for name in sorted(here - named)], "give it a line, in reading order")
    gone = {name for name in named if not (SOURCE / name).exists() and not (ROOT / name).exists()}
    listed([f"WHATS-HERE.md names {name}, which is gone" for name in sorted(gone)], "take its line out")


def texts() -> Iterator[Path]:
    suffixes = {".py", ".md", ".toml", ".ini", ".cfg", ".jinja", ".sql", ".patch", ".html", ".txt"}
    for folder in ("src", "tests", "examples", "docs", "news"):
        yield from (file for file in sorted((ROOT / folder).rglob("*")) if file.suffix in suffixes and file.is_file())
    yield from (file for file in sorted(ROOT.iterdir()) if file.suffix in suffixes)
    yield from (ROOT / name for name in ("dev", ".ci/run", ".importlinter"))


def test_nothing_names_a_path_of_one_machine() -> None:
    machine = re.compile(r"(?<![\w.}>])/(?:root|work|home/\w+|Users/\w+)/")
    problems = [
        f"{file.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for file in texts()
        if ".hotfire" not in file.parts and file != Path(__file__)
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if machine.search(line)
    ]
    listed(problems, "take it from the environment, from tmp_path, or relative to the project")


def test_an_ignore_names_its_rule_and_its_reason() -> None:
    bare = re.compile(r"#\s*(?:noqa(?!:)|type:\s*ignore(?!\[)|noqa:[\sA-Z0-9,]+$|type:\s*ignore\[[^\]]*\]\s*$)")
    problems = [
        f"{file.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for file in MODULES
        for number, line in enumerate(code_lines(file), 1)
        if bare.search(line)
    ]
    listed(problems, "write the rule and the reason: `# noqa: S603  # we built the command`")


def test_every_lint_exception_has_its_reason() -> None:
    rules = re.compile(r'^\s*"[A-Z]+\d*",(?P<rest>.*)$')
    lines = (ROOT / "ruff.toml").read_text(encoding="utf-8").splitlines()
    problems = [
        f"ruff.toml:{number}: {line.strip()}"
        for number, line in enumerate(lines, 1)
        if (found := rules.match(line)) and len(found["rest"].strip(" #")) < 6
    ]
    listed(problems, "say behind it why the rule does not fit this house")


@pytest.mark.parametrize("name", ["dev", ".ci/run"])
def test_scripts_are_portable_and_can_be_started(name: str) -> None:
    script = ROOT / name
    assert script.stat().st_mode & 0o111, f"chmod +x {name}"
    assert script.read_text(encoding="utf-8").startswith("#!/bin/sh\n"), f"{name} opens with #!/bin/sh"
    subprocess.run(["/bin/sh", "-n", str(script)], check=True, timeout=10)


def test_news_fragments_are_named_for_their_issue_and_kind() -> None:
    name = re.compile(r"\d+\.(feature|fix|change|removal|doc)\.md$")
    strange = [
        file.name for file in (ROOT / "news").iterdir() if file.name != "README.md" and not name.match(file.name)
    ]
    listed(strange, "name it ISSUE.KIND.md, KIND one of feature, fix, change, removal, doc")


def test_documents_do_not_link_to_what_is_not_there() -> None:
    link = re.compile(r"\]\((?!https?:|#|mailto:)([^)#]+)")
    problems = [
        f"{file.name} links to {target}"
        for file in DOCUMENTS
        for target in link.findall(file.read_text(encoding="utf-8"))
        if not (ROOT / target).exists()
    ]
    listed(problems, "correct the link, or write the file")


def blocks(language: str) -> Iterator[tuple[str, str]]:
    fence = re.compile(rf"^ *```{language}\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
    for file in DOCUMENTS:
        for block in fence.findall(file.read_text(encoding="utf-8")):
            yield file.name, textwrap.dedent(block)


def test_toml_in_the_documents_is_accepted() -> None:
    found = list(blocks("toml"))
    assert found
    for name, block in found:
        if "[[waiver]]" in block:
            parse_waivers(block, name)
        else:
            parse(block, name)


def test_python_in_the_documents_declares_critical_paths() -> None:
    found = list(blocks("python"))
    assert found
    for name, block in found:
        with collecting(name) as declared:
            exec(compile(block, name, "exec"), {})  # noqa: S102  # our own documents
        assert declared.paths


def test_architecture_stays_one_page() -> None:
    lines = len((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").splitlines())
    assert lines <= 80, (
        f"ARCHITECTURE.md has {lines} lines: a page that is read whole has 60; move detail into docstrings"
    )
