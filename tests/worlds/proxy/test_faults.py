"""Faults that last, as real clients meet them: refused, stalled, failing at COMMIT; all is well when they are gone."""

import asyncio
import os
import signal
import threading
import time

import asyncpg
import psycopg
import psycopg2
import pytest

from hotfire.model.action import Action
from hotfire.model.call import Call
from hotfire.model.perturbation import Script
from hotfire.perturbations.erroring import Erroring
from hotfire.perturbations.none import Undisturbed
from hotfire.perturbations.refused import Refused
from hotfire.perturbations.stalled import Stalled
from tests.worlds.proxy.bordered import Bordered, bordered, embedded, looping
from tests.worlds.proxy.clients import DRIVERS, Asyncpg, Psycopg2, Psycopg3

DATABASE = "hotfire_faults"
LOST = (psycopg.OperationalError, psycopg2.OperationalError, asyncpg.PostgresError, OSError, asyncpg.InterfaceError)
CANCELLED = (psycopg.errors.QueryCanceled, psycopg2.errors.QueryCanceled, asyncpg.QueryCanceledError)
STALL = Script.of(Stalled(dependency="db"))


@pytest.fixture(scope="module")
def loop():
    with looping() as loop:
        yield loop


@pytest.fixture(scope="module")
def border(loop):
    with embedded(loop, DATABASE) as server, bordered(loop, server.service, DATABASE, None) as border:
        yield border


def dsn(border: Bordered) -> str:
    return f"postgresql://user:secret@127.0.0.1:{border.port}/app"


@pytest.fixture(params=DRIVERS, ids=lambda driver: driver.__name__)
def client(request, border):
    border.arm(Script.of(Undisturbed()))
    client = request.param(dsn(border))
    yield client
    client.close()
    assert border.settled()


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_connection_is_refused_and_the_next_one_is_none_when_the_fault_is_gone(border, driver) -> None:
    window = border.arm(Script.of(Refused(dependency="db")))
    with pytest.raises(LOST):
        driver(dsn(border))
    assert window.reached
    border.calm()
    client = driver(dsn(border))
    assert client.value("SELECT 7") == 7
    client.close()
    assert border.border.unmet == ""


def test_an_open_connection_is_reset_at_its_next_call(border, client) -> None:
    border.arm(Script.of(Refused(dependency="db")))
    with pytest.raises(LOST):
        client.value("SELECT 7")


def test_a_stall_ends_with_the_services_own_statement_timeout(border, client) -> None:
    client.do("SET statement_timeout = 50")
    border.arm(STALL)
    with pytest.raises(CANCELLED):
        client.value("SELECT 7")
    border.calm()
    assert client.value("SELECT 7") == 7


def test_a_stall_is_over_when_the_fault_is_gone(border, client) -> None:
    window = border.arm(STALL)
    met: list[BaseException] = []

    def ask() -> None:
        try:
            client.value("SELECT 7")
        except LOST as error:
            met.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    while not window.reached:
        asking.join(0.01)
    border.calm()
    asking.join(20)
    assert len(met) == 1


def test_a_stall_that_is_over_before_the_server_has_begun_it(border, client) -> None:
    backend = int(client.value("SELECT pg_backend_pid()"))

    class Brief(Stalled):
        def on_call(self, call: Call) -> Action:
            os.kill(backend, signal.SIGSTOP)
            asyncio.get_running_loop().call_soon(border.border.calm)
            return super().on_call(call)

    border.arm(Script.of(Brief(dependency="db")))
    with pytest.raises(LOST):
        client.value("SELECT 7")
    time.sleep(0.2)  # nobody tells when the server has passed the first request to cancel on
    os.kill(backend, signal.SIGCONT)
    assert border.settled()


def test_a_client_that_waits_no_longer_cancels_what_stalls(border) -> None:
    border.arm(Script.of(Undisturbed()))
    client = Asyncpg(dsn(border))
    border.arm(STALL)
    with pytest.raises(TimeoutError):
        client.runner.run(client.connection.fetchval("SELECT 7", timeout=0.05))
    border.arm(Script.of(Undisturbed()))
    assert client.value("SELECT 7") == 7
    client.close()
    assert border.settled()


def test_a_connection_is_accepted_and_never_answered(border) -> None:
    window = border.arm(STALL)
    with pytest.raises(TimeoutError):
        asyncio.run(asyncpg.connect(dsn(border), timeout=0.05))
    assert window.reached
    border.calm()
    assert border.settled()


@pytest.mark.parametrize("driver", [Psycopg3, Psycopg2])
@pytest.mark.parametrize("fault", ["erroring", "stalled"])
def test_a_commit_that_fails_ends_its_transaction(border, driver, fault) -> None:
    border.arm(Script.of(Undisturbed()))
    client = driver(dsn(border))
    client.do("SET statement_timeout = 50")
    client.connection.autocommit = False
    where = {"dependency": "db", "signature": "BEGIN; SELECT ?; COMMIT"}
    border.arm(Script.of(Erroring(**where, code="57014") if fault == "erroring" else Stalled(**where)))
    assert client.value("SELECT 7") == 7
    with pytest.raises(CANCELLED):
        client.connection.commit()
    assert client.value("SELECT 8") == 8
    client.connection.rollback()
    client.close()
    assert border.settled()


def test_no_server_refuses_to_roll_back(border, client) -> None:
    client.do("BEGIN")
    border.arm(STALL)
    client.do("ROLLBACK")
    border.calm()
    assert client.value("SELECT 7") == 7
