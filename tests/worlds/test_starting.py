"""How the service is started is told once, and a command that cannot be held is refused."""

import pytest

from hotfire.config import Service
from hotfire.errors import SetupError
from hotfire.worlds.starting import first_start, manners
from tests.worlds.zygote.bench import HELLO, launched, play, write

THREAD = "import threading, time\nthreading.Thread(target=time.sleep, args=[60], daemon=True, name='heart').start()\n"
WSGI = "def app(environ, start_response): ...\n"


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (HELLO, []),
        (WSGI, ["a WSGI application, served by one of gunicorn's sync workers; another server: write command = […]"]),
    ],
)
def test_what_a_person_must_know_of_an_application(tmp_path, source, told):
    write(tmp_path, source)

    async def story() -> None:
        async with launched(tmp_path) as zygote:
            assert await manners(zygote, Service(app="service:app")) == told

    play(story())


def test_a_cold_start_is_told_with_its_reason(tmp_path):
    write(tmp_path, THREAD + WSGI)

    async def story() -> None:
        async with launched(tmp_path) as zygote:
            told = await manners(zygote, Service(app="service:app"))
            assert told[0].startswith("the service starts cold each time: a thread runs: thread")

    play(story())


def test_a_command_is_told_by_its_silence(tmp_path):
    async def story() -> None:
        async with launched(tmp_path) as zygote:
            told = await manners(zygote, Service(command=("gunicorn", "service:app")))
            assert told[0].startswith("started by its command, cold each time")

    play(story())


def test_a_command_that_cannot_be_held_is_refused(tmp_path):
    async def story() -> None:
        async with launched(tmp_path, seal=False) as zygote:
            with pytest.raises(SetupError, match="cannot be sealed here") as problem:
                await manners(zygote, Service(command=("gunicorn", "service:app")))
            assert 'app = "module:application"' in problem.value.hint

    play(story())


@pytest.mark.parametrize("command", [(), ("python", "-m", "uvicorn", "--port", "8000", "service:app")])
def test_the_first_start_runs_the_lifespan_from_its_beginning_to_its_end(tmp_path, command):
    write(
        tmp_path,
        HELLO.replace('print("starts")', "open('starts', 'w')").replace('print("stops")', "open('stops', 'w')"),
    )

    async def story() -> None:
        async with launched(tmp_path) as zygote:
            await first_start(zygote, Service(app="" if command else "service:app", command=command), tmp_path)
            assert {path.name for path in tmp_path.glob("st*s")} == {"starts", "stops"}

    play(story())
