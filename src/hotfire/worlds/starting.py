"""How a service is started, once it is known: in which way, served by what, and what a person must be told of it."""

from pathlib import Path

from hotfire.config import Service
from hotfire.errors import SetupError
from hotfire.worlds.command import CommandProcess
from hotfire.worlds.processes import ServiceProcess, Zygote
from hotfire.worlds.silence import Silence

_SERVERS = {
    "gunicorn": "one of gunicorn's sync workers",
    "waitress": "waitress",
    "uvicorn": "uvicorn's WSGI middleware",
    "wsgiref": "the standard library's wsgiref, a thread a request",
}
_FIRST = "web.0"
_REST = 10.0  # seconds
_SILENCE = "where the process cannot be asked, work that begins after a long silence is not seen"


async def first_start(zygote: Zygote, service: Service, project: Path) -> None:
    """Start the service once and end it as a supervisor does, so that what its start makes is in the template.

    Tables by `create_all`, a first user: later starts find them, as in production.

    Raises:
        SetupError: it does not start.
    """
    process: ServiceProcess | CommandProcess
    if service.command:
        process = await zygote.command(_FIRST, service.command, project, service.port, Silence())
    else:
        await zygote.import_app(service.app, service.start_deadline)
        process = await zygote.start(_FIRST, service.port)
    await process.ready(service.start_deadline)
    await process.quiet(_REST)
    process.terminate()
    try:
        await process.exited(_REST)
    except SetupError:  # what hangs in its shutdown has made its tables all the same
        process.kill()
        await process.exited(_REST)


async def manners(zygote: Zygote, service: Service) -> list[str]:
    """Import the application, where there is one, and say in which way the service is started.

    Raises:
        SetupError: it cannot be imported; or a command would reach the network, which the kernel does not let us seal.
    """
    if service.command:
        if not zygote.sealed:
            raise SetupError(
                f"the network cannot be sealed here ({zygote.reason}), and a command cannot be held in another way",
                hint='write app = "module:application" in place of command, or allow network namespaces',
            )
        return [f"started by its command, cold each time; at rest when it is silent: {_SILENCE}"]
    imported = await zygote.import_app(service.app, service.start_deadline)
    told = []
    if imported.cold:
        told.append(f"the service starts cold each time: {imported.cold}")
    if imported.kind == "wsgi":
        told.append(f"a WSGI application, served by {_SERVERS[imported.server]}; another server: write command = […]")
    return told
