"""A real server for all tests of the stores, and one event loop that it lives on."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from typing import TypeVar

import pytest

from hotfire.errors import SetupError
from hotfire.worlds.marks import RunDirectory
from hotfire.worlds.stores.binaries import find_binaries
from hotfire.worlds.stores.server import Server

T = TypeVar("T")
Run = Callable[[Coroutine[object, object, T]], T]


@pytest.fixture(scope="session")
def run() -> Iterator[Run]:
    with asyncio.Runner() as runner:
        yield runner.run


@pytest.fixture(scope="session")
def run_directory() -> Iterator[RunDirectory]:
    directory = RunDirectory.open()
    yield directory
    directory.close()


@pytest.fixture(scope="session")
def server(run: Run, run_directory: RunDirectory) -> Iterator[Server]:
    try:
        find_binaries("embedded")
    except SetupError as error:
        pytest.skip(str(error))
    server = run(Server.start("embedded", run_directory))
    yield server
    run(server.stop())
