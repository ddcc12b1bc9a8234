"""A border reaches a server that lets nobody in without TLS and SCRAM: Debian's, with hostssl alone in pg_hba.conf."""

import asyncio
import shutil
import signal
import socket
from pathlib import Path

import asyncpg
import pytest

from hotfire.errors import SetupError
from hotfire.worlds.marks import ProcessMark, RunDirectory, end_processes, started
from hotfire.worlds.proxy.certificate import Certificate
from hotfire.worlds.proxy.reach import reach
from hotfire.worlds.stores.address import Address
from hotfire.worlds.stores.binaries import find_binaries
from hotfire.worlds.stores.cluster import SUPERUSER, make_cluster
from hotfire.worlds.stores.foreign import attach, read_dsn
from hotfire.worlds.stores.process import spawn, unprivileged
from hotfire.worlds.stores.server import Server
from tests.worlds.proxy.bordered import bordered, looping
from tests.worlds.proxy.clients import Psycopg3

FOLDERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
SUPER_PASSWORD = "5e6f7a8b"
DATABASE = "hotfire_reach"


@pytest.fixture(scope="module")
def loop():
    with looping() as loop:
        yield loop


@pytest.fixture(scope="module")
def run():
    run = RunDirectory.open()
    yield run
    run.close()


@pytest.fixture(scope="module")
def strict(loop, run):
    """The DSN of a server that demands TLS and SCRAM of everybody who comes by TCP, and its authority's file."""
    if not FOLDERS:
        pytest.skip("no PostgreSQL with TLS: apt-get install postgresql")
    binaries, account, folder = find_binaries(str(FOLDERS[-1])), unprivileged(), run.path / "strict"
    folder.mkdir(mode=0o700)
    if account:
        shutil.chown(folder, account.uid, account.gid)
    make_cluster(binaries, folder, account)
    loop(Certificate.of(folder, "strict").make())
    for name in ("server.pem", "server.key"):
        kept = folder / "data" / name
        shutil.copy(folder / "tls-strict" / name, kept)
        kept.chmod(0o600)
        if account:
            shutil.chown(kept, account.uid, account.gid)
    (folder / "data" / "pg_hba.conf").write_text("local all all trust\nhostssl all all 127.0.0.1/32 scram-sha-256\n")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = {
        "listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": folder, "fsync": "off", "ssl": "on",
        "ssl_cert_file": "server.pem", "ssl_key_file": "server.key", "password_encryption": "scram-sha-256",
    }  # fmt: skip
    options = [f"--{name}={value}" for name, value in settings.items()]
    argv = [str(binaries.folder / "postgres"), "-D", str(folder / "data"), *options]
    process = spawn(argv, account=account, log=folder / "log", environment={})
    loop(_password(Address(host=str(folder), port=port, user=SUPERUSER), folder / "log"))
    yield f"postgresql://{SUPERUSER}:{SUPER_PASSWORD}@127.0.0.1:{port}", folder / "tls-strict" / "ca.pem"
    end_processes([ProcessMark(pid=process.pid, started=started(process.pid) or 0, end=signal.SIGQUIT)])
    process.wait()


async def _password(address: Address, log: Path) -> None:
    async with asyncio.timeout(30):
        while True:
            try:
                connection = await address.connect("postgres")
                break
            except (OSError, asyncpg.CannotConnectNowError):
                await asyncio.sleep(0.01)
    await connection.execute(f"ALTER ROLE {SUPERUSER} PASSWORD '{SUPER_PASSWORD}'")
    await connection.close()


@pytest.mark.parametrize("mode", ["require", "prefer", "allow", "verify-ca", "verify-full"])
def test_the_service_gets_through_in_clear_to_a_server_in_tls(mode, strict, loop, run) -> None:
    dsn, authority = strict
    root = f"&sslrootcert={authority}" if mode.startswith("verify") else ""
    server = loop(Server.start(f"{dsn}/postgres?sslmode={mode}{root}", run))
    try:
        loop(server.create_database(DATABASE))
        with bordered(loop, server.service, DATABASE, None) as border:
            client = Psycopg3(f"postgresql://service@127.0.0.1:{border.port}/app?sslmode=disable")
            ours = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
            assert client.value(ours) is True
            assert client.value("SELECT repeat('x', 3 << 20)") == "x" * (3 << 20)
            assert client.value("SELECT length($1::text)", "y" * (3 << 20)) == 3 << 20
            client.connection.execute("CREATE TABLE kept (n int)")
            client.connection.execute("BEGIN; INSERT INTO kept VALUES (1)")
            client.connection.pgconn.finish()  # gone in the middle: the border half-closes, the server rolls back
            assert border.settled()
            assert loop(_count(server)) == (0, 0)
    finally:
        loop(server.stop())


async def _count(server: Server) -> tuple[int, int]:
    """Rows, and sessions of the service's."""
    connection = await server.superuser.connect(DATABASE)
    rows = await connection.fetchval("SELECT count(*) FROM kept")
    sessions = "SELECT count(*) FROM pg_stat_activity WHERE usename = $1"
    left = await connection.fetchval(sessions, server.service.user)
    await connection.close()
    return rows, left


def test_prefer_is_settled_once(strict, loop) -> None:
    async def settled() -> Address:
        address, connection, _ = await attach(f"{strict[0]}/postgres")
        await connection.close()
        return address

    assert loop(settled()).ssl == "require"


def test_a_stranger_is_not_spoken_to(strict, loop, run, tmp_path) -> None:
    loop(Certificate.of(tmp_path, "strict").make())
    stranger = f"?sslmode=verify-full&sslrootcert={tmp_path}/tls-strict/ca.pem"
    with pytest.raises(SetupError, match="certificate verify failed"):
        loop(Server.start(f"{strict[0]}/postgres{stranger}", run))
    with pytest.raises(OSError, match="certificate verify failed"):
        loop(reach(read_dsn(f"{strict[0]}/postgres{stranger}"), asyncio.Protocol()))


def test_a_server_without_tls_is_told(loop) -> None:
    async def ask() -> None:
        async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readexactly(8)
            writer.write(b"N")
            await writer.drain()
            await reader.read()
            writer.close()

        listener = await asyncio.start_server(refuse, "127.0.0.1", 0)
        port = listener.sockets[0].getsockname()[1]
        async with listener:
            await reach(Address(host="127.0.0.1", port=port, user="app", ssl="require"), asyncio.Protocol())

    with pytest.raises(ConnectionError, match="refuses TLS"):
        loop(ask())
