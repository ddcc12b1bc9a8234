"""The hook in front of SQLite, in each Python that is here: what crosses the border, as a transcript."""

# The programs are written here, nothing in them comes from outside.
# ruff: noqa: S608

import ast
import json
import os
import socketserver
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from hotfire.wire.hook import Call, Lines
from hotfire.wire.sqlite import Dialogue
from hotfire.worlds.zygote import SCRIPT
from tests.worlds.zygote.hooked import LOADS, Transcript, world
from tests.worlds.zygote.test_old_python import pythons

HOOK = SCRIPT.with_name("sqlite_hook.py")
TABLES = "CREATE TABLE a (id INTEGER PRIMARY KEY, t TEXT); CREATE TABLE b (id INTEGER PRIMARY KEY, a INTEGER);"


class Answering(socketserver.BaseRequestHandler):
    """One connection of the service."""

    def handle(self) -> None:
        lines, dialogue, asked = Lines(), Dialogue(), ""
        while data := self.request.recv(65536):
            for said in lines.feed(data):
                if isinstance(said, Call):
                    asked = dialogue.call(said).text
                    refused = bool(self.server.fail) and asked.startswith(self.server.fail)  # type: ignore[attr-defined]
                    answer = {"fail": "disk I/O error"} if refused else {"wait": False}
                    if refused:
                        self.server.said.append(f"{asked} refused")  # type: ignore[attr-defined]
                    self.request.sendall(json.dumps(answer).encode() + b"\n")
                else:
                    outcome = dialogue.done(said)
                    wrote = f" wrote {', '.join(' '.join(each) for each in outcome.wrote)}" if outcome.wrote else ""
                    ended = " durable" if outcome.durable else ""
                    failed = "" if said.outcome == "ok" else f" {said.detail}"
                    self.server.said.append(f"{asked}{wrote}{ended}{failed}")  # type: ignore[attr-defined]


def crossed(python: str, folder: Path, program: str, *, fail: str = "", expect: str = "") -> Transcript:
    """What crosses the border while a program runs over a fresh file; `expect` is what the program prints."""
    file = folder / "app.sqlite3"
    with world(Answering, fail) as server:
        source = (
            LOADS + f"beside({str(HOOK)!r})\n" + f"import sqlite3\nFILE = {str(file)!r}\n" + textwrap.dedent(program)
        )
        environment = {**os.environ, f"HOTFIRE_SQLITE_{server.server_address[1]}": str(file)}
        done = subprocess.run(
            [python, "-W", "error", "-c", source], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.strip() == expect
        return [line for line in server.said if not line.startswith(("CREATE", "PRAGMA"))]


BOTH = pytest.mark.parametrize("python", pythons(), ids=lambda path: Path(path).parts[-3])
OPEN = f"connection = sqlite3.connect(FILE)\nconnection.executescript({TABLES!r})\n"


def test_its_syntax_is_that_of_3_8_and_it_imports_the_standard_library_alone() -> None:
    tree = ast.parse(HOOK.read_text(), feature_version=(3, 8))
    names = {
        (node.module or "" if isinstance(node, ast.ImportFrom) else alias.name).partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert names <= set(sys.stdlib_module_names)


@BOTH
def test_a_transaction_is_durable_at_its_commit_and_not_before(tmp_path: Path, python: str) -> None:
    program = OPEN + (
        "connection.execute('INSERT INTO a (t) VALUES (?)', ('x',))\n"
        "connection.cursor().execute('UPDATE a SET t = ?', ('y',))\n"
        "connection.commit()\n"
        "connection.commit()\n"
        "connection.execute('DELETE FROM a')\n"
        "connection.rollback()\n"
        "with connection:\n"
        "    connection.executemany('INSERT INTO b (a) VALUES (?)', [(1,), (2,)])\n"
        "print(connection.execute('SELECT count(*) FROM b').fetchone()[0])\n"
        "connection.close()\n"
    )
    assert crossed(python, tmp_path, program, expect="2") == [
        "INSERT INTO a (t) VALUES (…) wrote insert a",
        "UPDATE a SET t = ? wrote update a",
        "COMMIT durable",
        "DELETE FROM a wrote delete a",
        "ROLLBACK",
        "INSERT INTO b (a) VALUES (…) wrote insert b",
        "COMMIT durable",
        "SELECT count(*) FROM b",
    ]


@BOTH
def test_without_transactions_each_write_is_durable_and_one_that_changes_nothing_is_none(
    tmp_path: Path, python: str
) -> None:
    program = OPEN + (
        "connection.isolation_level = None\n"
        "print(connection.execute('INSERT INTO a (t) VALUES (1) RETURNING id').fetchone())\n"
        "print(list(connection.execute('INSERT INTO a (t) VALUES (1), (2) RETURNING id')))\n"
        "connection.execute('UPDATE a SET t = 1 WHERE id = 9')\n"
        "connection.execute('BEGIN')\n"
        "connection.execute('DELETE FROM a WHERE id = 1')\n"
        "connection.execute('END')\n"
        "connection.execute('INSERT INTO a (t) VALUES (3)')\n"
        "connection.execute('INSERT INTO a (t) VALUES (3)')\n"
        "connection.close()\n"
    )
    assert crossed(python, tmp_path, program, expect="(1,)\n[(2,), (3,)]") == [
        "INSERT INTO a (t) VALUES (…) RETURNING id wrote insert a durable",
        "INSERT INTO a (t) VALUES (…) RETURNING id wrote insert a durable",
        "UPDATE a SET t = ? WHERE id = ?",
        "BEGIN",
        "DELETE FROM a WHERE id = ? wrote delete a",
        "END durable",
        "INSERT INTO a (t) VALUES (…) wrote insert a durable",
        "INSERT INTO a (t) VALUES (…) wrote insert a durable",
    ]


@BOTH
def test_a_script_crosses_statement_by_statement_and_commits_what_was_open(tmp_path: Path, python: str) -> None:
    program = OPEN + (
        "connection.execute('INSERT INTO a (t) VALUES (1)')\n"
        "connection.executescript('INSERT INTO b (a) VALUES (\\';\\'); BEGIN; DELETE FROM b; COMMIT; -- the end')\n"
        "connection.execute('INSERT INTO a (t) VALUES (1)')\n"
        "print(connection.in_transaction)\n"
        "connection.close()\n"
    )
    assert crossed(python, tmp_path, program, expect="True") == [
        "INSERT INTO a (t) VALUES (…) wrote insert a",
        "COMMIT durable",
        "INSERT INTO b (a) VALUES (…) wrote insert b durable",
        "BEGIN",
        "DELETE FROM b wrote delete b",
        "COMMIT durable",
        "(empty)",
        "INSERT INTO a (t) VALUES (…) wrote insert a",
    ]


@BOTH
def test_triggers_and_cascades_are_told_by_sqlite_not_by_the_text(tmp_path: Path, python: str) -> None:
    program = OPEN + (
        "connection.execute('CREATE TRIGGER t AFTER INSERT ON a BEGIN INSERT INTO b (a) VALUES (new.id); END')\n"
        "for _ in range(2):\n"
        "    connection.execute('INSERT INTO a (t) VALUES (1)')\n"
        "connection.commit()\n"
        "connection.close()\n"
    )
    assert crossed(python, tmp_path, program) == [
        "INSERT INTO a (t) VALUES (…) wrote insert a, insert b",
        "INSERT INTO a (t) VALUES (…) wrote insert a, insert b",
        "COMMIT durable",
    ]


@BOTH
def test_an_exception_that_lives_on_holds_no_lock(tmp_path: Path, python: str) -> None:
    """A frame of ours in its traceback would keep the cursor; that keeps, on Python 3.11, a lock of a closed file."""
    program = OPEN + (
        "connection.execute('INSERT INTO a (id) VALUES (1)')\n"
        "connection.commit()\n"
        "try:\n"
        "    connection.execute('INSERT INTO a (id) VALUES (1)')\n"
        "except sqlite3.IntegrityError as problem:\n"
        "    kept = problem\n"
        "connection.close()\n"
        "other = sqlite3.connect(FILE, timeout=0)\n"
        "print(other.execute('INSERT INTO a (id) VALUES (2)').rowcount)\n"
        "other.close()\n"
    )
    crossed(python, tmp_path, program, expect="1")


@BOTH
def test_classes_and_functions_of_the_application_are_tapped_too(tmp_path: Path, python: str) -> None:
    program = OPEN + (
        "from _sqlite3 import Connection, Cursor\n"
        "class Old(Cursor):\n"
        "    def execute(self, sql, parameters=()):\n"
        "        return super().execute(sql.replace('%s', '?'), parameters)\n"
        "class New(sqlite3.Cursor):\n"
        "    def execute(self, sql, parameters=()):\n"
        "        return sqlite3.Cursor.execute(self, sql.replace('%s', '?'), parameters)\n"
        "class Mine(Connection):\n"
        "    def mine(self):\n"
        "        return self.cursor(factory=Old)\n"
        "for factory in (Old, New, lambda c: New(c), lambda c: Old(c)):\n"
        "    connection.cursor(factory).execute('INSERT INTO a (t) VALUES (%s)', ('x',))\n"
        "    connection.commit()\n"
        "mine = sqlite3.connect(FILE, factory=Mine)\n"
        "mine.mine().execute('DELETE FROM a')\n"
        "mine.commit()\n"
        "print(isinstance(mine, Mine), isinstance(mine, sqlite3.Connection))\n"
        "mine.close()\n"
        "connection.close()\n"
    )
    told = crossed(python, tmp_path, program, expect="True True")
    assert [line for line in told if "wrote" not in line] == ["COMMIT durable"] * 5
    assert [line.partition(" wrote ")[2] for line in told[:8:2]] == [
        "insert a",
        "change rows",
        "change rows",
        "insert a",
    ]
    assert told[-2] == "DELETE FROM a wrote delete a"


@BOTH
def test_other_files_and_memory_pass_untouched(tmp_path: Path, python: str) -> None:
    program = (
        "for name in (':memory:', FILE + '.other'):\n"
        "    connection = sqlite3.connect(name)\n"
        "    with connection:\n"
        "        connection.execute('CREATE TABLE x (y)')\n"
        "        connection.execute('INSERT INTO x VALUES (1)')\n"
        "    connection.executescript('DELETE FROM x')\n"
        "    connection.close()\n"
    )
    assert crossed(python, tmp_path, program) == []


@BOTH
def test_a_file_is_known_by_where_it_lies(tmp_path: Path, python: str) -> None:
    program = (
        "import os, pathlib\n"
        "os.chdir(os.path.dirname(FILE))\n"
        "names = ['app.sqlite3', b'app.sqlite3', pathlib.Path(FILE), 'file:' + FILE + '?mode=rwc']\n"
        "for number, name in enumerate(names):\n"
        "    connection = sqlite3.connect(name, uri=number == 3)\n"
        "    connection.execute('SELECT ' + 'abcd'[number] + ' FROM (SELECT 1 AS ' + 'abcd'[number] + ')')\n"
        "    connection.close()\n"
    )
    assert len(crossed(python, tmp_path, program)) == 4


@BOTH
def test_what_the_world_refuses_is_not_done(tmp_path: Path, python: str) -> None:
    program = OPEN + (
        "connection.execute('INSERT INTO a (t) VALUES (1)')\n"
        "try:\n"
        "    connection.commit()\n"
        "except sqlite3.OperationalError as error:\n"
        "    print(error, connection.in_transaction)\n"
        "connection.close()\n"
    )
    told = crossed(python, tmp_path, program, fail="COMMIT", expect="disk I/O error True")
    assert told == ["INSERT INTO a (t) VALUES (…) wrote insert a", "COMMIT refused"]


@BOTH
def test_an_error_of_sqlite_is_told_and_the_application_has_it(tmp_path: Path, python: str) -> None:
    program = OPEN + (
        "connection.set_authorizer(lambda action, *_: 1 if action == 9 else 0)\n"
        "for text in ('INSERT INTO a (id) VALUES (1)', 'INSERT INTO a (id) VALUES (1)', 'DELETE FROM a'):\n"
        "    try:\n"
        "        connection.execute(text)\n"
        "    except sqlite3.DatabaseError as error:\n"
        "        print(error)\n"
        "connection.close()\n"
    )
    told = crossed(python, tmp_path, program, expect="UNIQUE constraint failed: a.id\nnot authorized")
    assert told == [
        "INSERT INTO a (id) VALUES (…) wrote insert a",
        "INSERT INTO a (id) VALUES (…) IntegrityError: UNIQUE constraint failed: a.id",
        "DELETE FROM a DatabaseError: not authorized",
    ]


@BOTH
def test_a_forked_process_has_a_line_of_its_own(tmp_path: Path, python: str) -> None:
    program = OPEN + (
        "import os\n"
        "connection.execute('SELECT 1')\n"
        "if os.fork() == 0:\n"
        "    connection.execute('SELECT 1')\n"
        "    os._exit(0)\n"
        "os.wait()\n"
        "connection.execute('SELECT 1')\n"
        "connection.close()\n"
    )
    assert crossed(python, tmp_path, program) == ["SELECT ?"] * 3


NEW = pytest.mark.parametrize(
    "python", [each for each in pythons() if "3.12" in each or "3.13" in each], ids=lambda path: Path(path).parts[-3]
)


@NEW
def test_the_autocommit_attribute(tmp_path: Path, python: str) -> None:
    program = (
        "connection = sqlite3.connect(FILE, autocommit=False)\n"
        f"connection.executescript({TABLES!r})\n"
        "connection.execute('INSERT INTO a (t) VALUES (1)')\n"
        "connection.commit()\n"
        "connection.execute('INSERT INTO a (t) VALUES (2)')\n"
        "connection.rollback()\n"
        "connection.execute('INSERT INTO a (t) VALUES (3)')\n"
        "connection.autocommit = True\n"
        "connection.execute('INSERT INTO a (t) VALUES (4)')\n"
        "connection.commit()\n"
        "print(connection.execute('SELECT count(*) FROM a').fetchone(), connection.autocommit)\n"
        "connection.close()\n"
    )
    assert crossed(python, tmp_path, program, expect="(3,) True") == [
        "INSERT INTO a (t) VALUES (…) wrote insert a",
        "COMMIT durable",
        "INSERT INTO a (t) VALUES (…) wrote insert a",
        "ROLLBACK",
        "INSERT INTO a (t) VALUES (…) wrote insert a",
        "COMMIT durable",
        "INSERT INTO a (t) VALUES (…) wrote insert a durable",
        "SELECT count(*) FROM a",
    ]
