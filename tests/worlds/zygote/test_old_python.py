"""The zygote runs in the service's Python, from 3.8 on, with its standard library alone; WSGI needs no more either."""

import ast
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from hotfire.worlds.zygote import SCRIPT
from tests.worlds.zygote.bench import Heard, get, launched, play, started, write

WSGI = """
    import threading, time

    def app(environ, start_response):
        if environ["PATH_INFO"] == "/left":
            threading.Thread(target=work).start()
        body = b"hello from " + environ["PATH_INFO"].encode()
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
        return [body]

    def work():
        time.sleep(0.3)
"""


def pythons() -> list[str]:
    installed = [shutil.which(f"python3.{minor}") for minor in range(8, 15)]
    kept = Path.home().glob(".pyenv/versions/3.*/bin/python")
    found = [path for path in [*installed, *map(str, kept)] if path]
    return [sys.executable, *(python for python in found if _version(python) >= (3, 8))]


def _version(python: str) -> tuple[int, ...]:
    said = subprocess.run([python, "-V"], capture_output=True, text=True, check=False).stdout
    return tuple(int(part) for part in said.removeprefix("Python ").split(".")[:2] if part.isdigit())


FILES = [SCRIPT, *(SCRIPT.with_name(f"{name}.py") for name in ("servers", "partners", "place"))]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_its_syntax_is_that_of_3_8(file):
    ast.parse(file.read_text(), feature_version=(3, 8))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_it_imports_the_standard_library_alone(file):
    tree = ast.parse(file.read_text())
    names = {
        (node.module or "" if isinstance(node, ast.ImportFrom) else alias.name).partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert names - set(sys.stdlib_module_names) <= {"uvicorn", "gunicorn", "waitress"}  # the service's own


@pytest.mark.parametrize("python", pythons(), ids=lambda path: ".".join(map(str, _version(path))))
def test_wsgi_in_each_python_that_is_here(tmp_path, python):
    write(tmp_path, WSGI)

    async def story() -> None:
        async with launched(tmp_path, python=python) as zygote:
            imported = await zygote.import_app("service:app")
            assert (imported.kind, imported.cold) == ("wsgi", "")
            heard = Heard()
            process = await started(zygote, heard)
            assert await get(zygote, "/a") == "hello from /a"
            assert await process.quiet(2) == ()
            await get(zygote, "/left")
            assert "thread work" in " ".join(await process.quiet(0.05))
            assert await process.quiet(2) == ()
            process.terminate()
            assert await process.exited(5) == 0
            killed = await started(zygote)
            killed.kill()
            assert await killed.exited(5) == -signal.SIGKILL

    play(story())
