"""A small project in a folder of its own, and the command line run on it as a user runs it."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

HOTFIRE = (sys.executable, "-c", "from hotfire.cli import main; main()")
SOURCES = Path(__file__).parents[2] / "src"
PATIENCE = 300.0  # seconds: far more than any of this takes, also on a machine that is kept busy

SCHEMA = """\
import os
import psycopg

with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
    connection.execute("CREATE TABLE posts (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, title text UNIQUE)")
"""

SERVICE = """\
import os

import psycopg
from fastapi import FastAPI, Header, HTTPException

app = FastAPI()


@app.post("/posts", status_code=201)
def write(post: dict) -> dict:
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        connection.execute("INSERT INTO posts (title) VALUES (%s) ON CONFLICT DO NOTHING", (post["title"],))
    return {"title": post["title"]}


@app.get("/posts/{title}")
def read(title: str) -> dict:
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        found = connection.execute("SELECT title FROM posts WHERE title = %s", (title,)).fetchone()
    if not found:
        raise HTTPException(404, "there is no such post")
    return {"title": found[0]}
"""

PATHS = """\
from hotfire import Actor, critical_path


@critical_path(owner="content team", expected="The post can be read.", rollback="Delete it.")
def publish(author: Actor):
    title = author.unique("hello")
    author.post("/posts", json={"title": title})
    author.get(f"/posts/{title}")
"""

CONFIGURATION = """\
[tool.hotfire]
lines = ["retry"]

[tool.hotfire.service]
app = "service:app"
prepare = ["python schema.py"]
start_deadline = 60
"""

REST = """
[tool.hotfire.service.environment]
DATABASE_URL = "{db.url}"

[tool.hotfire.dependency.db]
kind = "postgres"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a command ended: its exit code, and what it wrote to each stream."""

    code: int
    out: str
    err: str


@dataclass(slots=True, kw_only=True)
class Project:
    """A folder with a project in it; `room` is where runs keep their directories, so that what is left is seen."""

    folder: Path
    room: Path
    environment: dict[str, str] = field(default_factory=dict)

    def write(self, **files: str) -> "Project":
        """Write files by short names: service, schema, paths, configuration."""
        places = {"paths": "launch/critical_paths.py", "configuration": "pyproject.toml"}
        for name, text in files.items():
            file = self.folder / places.get(name, f"{name}.py")
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return self

    @property
    def cache(self) -> Path:
        """A cache of its own, so that what another run prepared is not met."""
        return self.room.parent / "cache"

    @property
    def surroundings(self) -> Mapping[str, str]:
        """The environment of a command: ours, with runs in the room and plain output."""
        ours = {"TMPDIR": str(self.room), "PYTHONPATH": str(SOURCES), "NO_COLOR": "1", "COLUMNS": "100"}
        ours |= {"XDG_CACHE_HOME": str(self.cache)}
        return {**os.environ, **ours, **self.environment}

    def run(self, *arguments: str, given: str = "") -> Ended:
        """Run `hotfire ARGUMENTS` in the folder, to its end."""
        done = subprocess.run(
            [*HOTFIRE, *arguments],
            cwd=self.folder,
            env=self.surroundings,
            input=given,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
        return Ended(code=done.returncode, out=done.stdout, err=done.stderr)

    def start(self, *arguments: str, stderr: IO[str] | int = subprocess.PIPE) -> "subprocess.Popen[str]":
        """Start `hotfire ARGUMENTS` in the folder, in a process group of its own."""
        return subprocess.Popen(
            [*HOTFIRE, *arguments],
            cwd=self.folder,
            env=self.surroundings,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            start_new_session=True,
        )

    def plain(self, text: str) -> str:
        """The text without what differs from run to run: folders, ids, times, process numbers."""
        text = text.replace(str(self.folder), "PROJECT").replace(str(self.room), "ROOM")
        for pattern, word in _VOLATILE:
            text = re.sub(pattern, word, text)
        return text


_VOLATILE = (
    (r"swept what the dead run \S+ left behind\n", ""),
    (r"(prepared \(cached\)|preparing \(\S+ has changed\)): ", "preparing: "),
    (r"\b\d{8}-\d{6}-[0-9a-f]{4}\b", "RUN"),
    (r"hotfire_[0-9a-f]{8}", "hotfire_RUN"),
    (r"hotfire-\d+/[0-9a-f]{8}", "hotfire-UID/RUN"),
    (r"\(pid \d+\)", "(pid N)"),
    (r"process \[\d+\]", "process [N]"),
    (r" *(\B-)?\b\d+(\.\d+)? (s|ms)\b", r" N \3"),
    (r"\b\d+ min N s\b", "N s"),
    (r"\( N ", "(N "),
    (r"127\.0\.0\.1:\d{5}\b", "127.0.0.1:PORT"),
    (r"\b[0-9a-f]{8}\b", "ID"),
)


def _clusters() -> Path:
    kept = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "hotfire" / "clusters"
    kept.mkdir(parents=True, exist_ok=True)
    return kept


@contextmanager
def project(**files: str) -> Iterator[Project]:
    """A project that works, with these files in place of its own; all is removed at the end."""
    top = Path(tempfile.mkdtemp(prefix="hfr-", dir="/tmp"))
    top.chmod(0o711)  # a server that root starts runs as another user, and must pass
    room = top / "room"
    room.mkdir()
    room.chmod(0o711)
    (top / "project").mkdir()
    (top / "cache" / "hotfire").mkdir(parents=True)
    (top / "cache" / "hotfire" / "clusters").symlink_to(_clusters())  # initdb's work, which is the same for all
    written = {"service": SERVICE, "schema": SCHEMA, "paths": PATHS, "configuration": CONFIGURATION + REST} | files
    try:
        yield Project(folder=top / "project", room=room).write(**written)
    finally:
        shutil.rmtree(top, ignore_errors=True)
