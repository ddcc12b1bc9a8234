"""Real clients through a border in TLS: what they say and hear, what a cut is to them, and what they may insist on."""

import contextlib
import os
import select
import socket
import ssl
import struct

import asyncpg
import psycopg
import psycopg2
import pytest

from hotfire.model.perturbation import Script
from hotfire.perturbations.kill import Kill
from hotfire.perturbations.lost_call import LostCall
from hotfire.perturbations.lost_reply import LostReply
from hotfire.perturbations.none import Undisturbed
from hotfire.wire.postgres import ssl_request, startup_message
from tests.worlds.proxy.bordered import PASSWORD, Bordered, bordered, embedded, looping, manner_of
from tests.worlds.proxy.clients import DRIVERS, Asyncpg, AsyncpgContext, Psycopg2, Psycopg3

LARGE = 3 << 20
DATABASE = "hotfire_tls"
LIBPQ = (Psycopg3, Psycopg2)


@pytest.fixture(scope="module")
def loop():
    with looping() as loop:
        yield loop


@pytest.fixture(scope="module")
def server(loop):
    with embedded(loop, DATABASE) as server:
        yield server


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("tls")


@pytest.fixture(scope="module")
def border(loop, server, folder):
    """A border that offers TLS."""
    with bordered(loop, server.service, DATABASE, manner_of(loop, folder)) as border:
        yield border


@pytest.fixture(scope="module")
def asking(loop, server, folder):
    """A border that asks for the password too."""
    with bordered(loop, server.service, DATABASE, manner_of(loop, folder, password=True)) as border:
        yield border


@pytest.fixture(scope="module")
def clear(loop, server):
    """A border that nobody demands anything of."""
    with bordered(loop, server.service, DATABASE, None) as border:
        yield border


def dsn(border: Bordered, folder, mode: str = "require", password: str = PASSWORD, **more: str) -> str:
    query = {"sslmode": mode, **more}
    if mode.startswith("verify"):
        query["sslrootcert"] = f"{folder}/tls-db/ca.pem"
    said = "&".join(f"{name}={value}" for name, value in query.items())
    return f"postgresql://service:{password}@127.0.0.1:{border.port}/app?{said}"


@contextlib.contextmanager
def connected(driver, address: str):
    client = driver(address)
    try:
        yield client
    finally:
        client.close()


@pytest.mark.parametrize("mode", ["require", "verify-ca", "verify-full"])
@pytest.mark.parametrize("driver", DRIVERS)
def test_large_values_and_copies_cross_in_tls(driver, mode, border, folder) -> None:
    with connected(driver, dsn(border, folder, mode)) as client:
        assert client.encrypted
        assert client.value("SELECT repeat('x', 3 << 20)") == "x" * LARGE
        assert client.value("SELECT length($1::text)", "y" * LARGE) == LARGE
        client.do("CREATE TEMPORARY TABLE lines (line text)")
        lines = b"".join(b"%d\n" % number + b"z" * 99 + b"\n" for number in range(20_000))
        client.copy_in("lines", lines)
        assert client.copy_out("lines") == lines
    assert border.settled()


def test_a_context_of_the_users_own(border, folder) -> None:
    with connected(AsyncpgContext, dsn(border, folder, "verify-full")) as client:
        assert client.encrypted
        assert client.value("SELECT 1") == 1


@pytest.mark.parametrize("driver", LIBPQ)
def test_tls_without_asking_first(driver, border, folder) -> None:
    with connected(driver, dsn(border, folder, sslnegotiation="direct")) as client:
        assert client.encrypted
        assert client.value("SELECT 1") == 1


@pytest.mark.parametrize("driver", DRIVERS)
def test_who_wants_no_tls_needs_none(driver, border, folder) -> None:
    with connected(driver, dsn(border, folder, "disable")) as client:
        assert not client.encrypted
        assert client.value("SELECT 1") == 1


@pytest.mark.parametrize("driver", DRIVERS)
def test_who_would_be_content_gets_a_clear_line(driver, clear, folder) -> None:
    with connected(driver, dsn(clear, folder, "prefer")) as client:
        assert not client.encrypted
    assert not clear.border.unmet


@pytest.mark.parametrize("driver", DRIVERS)
def test_who_insists_and_is_refused_is_told_of(driver, clear, folder) -> None:
    clear.border.unmet = ""
    with pytest.raises((OSError, psycopg.OperationalError, psycopg2.OperationalError), match="SSL"):
        driver(dsn(clear, folder, "require"))
    assert clear.settled()
    assert "{db.ca}" in clear.border.unmet


def test_who_does_not_trust_the_certificate_is_told_of(border, tmp_path, loop) -> None:
    manner_of(loop, tmp_path)  # another authority
    with pytest.raises(psycopg.OperationalError, match="certificate verify failed"):
        Psycopg3(dsn(border, tmp_path, "verify-full"))
    with connected(Psycopg3, dsn(border, tmp_path)):  # the loop has heard of the other's end by now
        assert "{db.ca}" in border.border.unmet


@pytest.mark.parametrize("mode", ["require", "disable"])
@pytest.mark.parametrize("driver", LIBPQ)
def test_scram_is_there_for_who_insists(driver, mode, asking, folder) -> None:
    with connected(driver, dsn(asking, folder, mode, require_auth="scram-sha-256")) as client:
        assert client.value("SELECT 1") == 1


@pytest.mark.parametrize("driver", LIBPQ)
def test_scram_is_bound_to_the_channel(driver, asking, folder) -> None:
    with connected(driver, dsn(asking, folder, "verify-full", channel_binding="require")) as client:
        assert client.value("SELECT 1") == 1


@pytest.mark.parametrize("mode", ["require", "disable"])
def test_asyncpg_proves_its_password(mode, asking, folder) -> None:
    with connected(Asyncpg, dsn(asking, folder, mode)) as client:
        assert client.value("SELECT 1") == 1


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_wrong_password_is_refused_as_a_server_would(driver, asking, folder) -> None:
    with pytest.raises(Exception, match="password authentication failed") as caught:
        driver(dsn(asking, folder, password="another"))
    if driver is Asyncpg:
        assert caught.value.sqlstate == "28P01"
    assert asking.settled()


STATEMENT = "INSERT INTO cuts VALUES ($1) RETURNING n"


@pytest.mark.parametrize("perturbation", [LostReply, LostCall, Kill])
@pytest.mark.parametrize("driver", DRIVERS)
def test_a_cut_is_a_cut(driver, perturbation, border, clear, folder, server, loop) -> None:
    """What the driver raises, and what is left in the database, are those of a clear line."""
    seen = []
    for place, mode in ((clear, "disable"), (border, "require")):
        loop(_anew(server))
        window = place.arm(Script.of(Undisturbed()))
        with connected(driver, dsn(place, folder, mode)) as client:
            client.value(STATEMENT, 1)
        (exchange,) = [each for each in place.crossings(window) if each.call.executes and "cuts" in each.call.text]
        point = exchange.call.point
        script = Script.of(perturbation(dependency="db", signature=point.signature, occurrence=1))
        client = driver(dsn(place, folder, mode))
        window = place.arm(script)
        with pytest.raises((OSError, psycopg.Error, psycopg2.Error, asyncpg.PostgresConnectionError)) as caught:
            client.value(STATEMENT, 2)
        assert window.reached
        with contextlib.suppress(Exception):
            client.close()
        assert place.settled()
        seen.append((type(caught.value), loop(_rows(server))))
        place.arm(Script.of(Undisturbed()))
    assert seen[0] == seen[1]
    assert seen[1][1] == ([1] if perturbation is LostCall else [1, 2])


async def _anew(server) -> None:
    connection = await server.superuser.connect(DATABASE)
    await connection.execute("CREATE TABLE IF NOT EXISTS cuts (n int); TRUNCATE cuts; GRANT ALL ON cuts TO PUBLIC")
    await connection.close()


async def _rows(server) -> list[int]:
    connection = await server.superuser.connect(DATABASE)
    rows = await connection.fetch("SELECT n FROM cuts ORDER BY n")
    await connection.close()
    return [row["n"] for row in rows]


@pytest.mark.parametrize("driver", DRIVERS)
def test_what_the_server_says_at_its_end_is_heard(driver, border, folder, server, loop) -> None:
    client = driver(dsn(border, folder))
    pid = client.value("SELECT pg_backend_pid()")
    said = "closed unexpectedly" if driver is Psycopg2 else "terminating connection"  # that of a clear line, too
    with pytest.raises(Exception, match=said):
        client.value("SELECT pg_terminate_backend($1), pg_sleep(20)", pid)
    with contextlib.suppress(Exception):
        client.close()
    assert border.settled()


@contextlib.contextmanager
def in_tls(border: Bordered, folder):
    """A line of our own in TLS, and its raw socket."""
    raw = socket.create_connection(("127.0.0.1", border.port), 20)
    raw.sendall(ssl_request())
    assert raw.recv(1) == b"S"
    context = ssl.create_default_context(cafile=f"{folder}/tls-db/ca.pem")
    with context.wrap_socket(raw, server_hostname="localhost") as line:
        yield line


def _until_ready(line: ssl.SSLSocket) -> bytes:
    heard = b""
    while not heard.endswith(b"Z\0\0\0\5I"):
        heard += line.recv(65536)
    return heard


def test_a_reset_is_a_reset_on_the_wire(border, folder) -> None:
    query = b"Q" + struct.pack("!I", 13) + b"SELECT 7\0"
    window = border.arm(Script.of(Undisturbed()))
    with in_tls(border, folder) as line:
        line.sendall(startup_message({"user": "service", "database": "app"}))
        _until_ready(line)
        line.sendall(query)
        assert b"7" in _until_ready(line)
        (exchange,) = border.crossings(window)
        border.arm(Script.of(LostReply(dependency="db", signature=exchange.call.point.signature, occurrence=1)))
        line.sendall(query)
        select.select([line], [], [], 20)
        with pytest.raises(ConnectionResetError):  # below TLS: Python's takes a reset for an end
            os.read(line.fileno(), 1)
    border.arm(Script.of(Undisturbed()))
    assert border.settled()


def test_bytes_in_clear_after_the_question_are_not_taken_for_the_clients(border) -> None:
    """As PostgreSQL since CVE-2021-23214."""
    with socket.create_connection(("127.0.0.1", border.port), 20) as raw:
        raw.sendall(ssl_request() + startup_message({"user": "service", "database": "app"}))
        said = b""
        while part := raw.recv(65536):
            said += part
    assert b"unencrypted bytes" in said
