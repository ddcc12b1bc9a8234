"""How a service is started, once it is known: in which way, served by what, and what a person must be told of it."""

from hotfire.config import Service
from hotfire.errors import SetupError
from hotfire.worlds.processes import Zygote

_SERVERS = {
    "gunicorn": "one of gunicorn's sync workers",
    "waitress": "waitress",
    "uvicorn": "uvicorn's WSGI middleware",
    "wsgiref": "the standard library's wsgiref, a thread a request",
}
_SILENCE = "where the process cannot be asked, work that begins after a long silence is not seen"


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
