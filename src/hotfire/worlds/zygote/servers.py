"""The servers that a child of the zygote serves with: the service's own uvicorn, gunicorn or waitress, or wsgiref.

The second standard-library file that runs in the service's own Python; zygote.py loads it by its path and hands its
`Child` in. A WSGI application is served by the first of `WSGI` that its Python has, in this process: gunicorn's sync
worker without the arbiter around it, waitress with its threads, uvicorn's middleware, or wsgiref, a thread a request.
"""

# As in zygote.py: the servers are the service's own, imported only after the seal, and read from inside.
# ruff: noqa: FBT003, SLF001
from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import functools
import importlib
import os
import select
import signal
import socketserver
import sys
import threading
from typing import Any, Callable, Dict, Iterator, Tuple

WSGI: Dict[str, Tuple[str, ...]] = {
    "gunicorn": ("gunicorn.workers.sync", "gunicorn.glogging", "gunicorn.config"),
    "waitress": ("waitress.server",),
    "uvicorn": ("uvicorn.middleware.wsgi",),
    "wsgiref": ("wsgiref.simple_server",),
}
"""Server → the modules that it needs, in the order of preference."""


def choose() -> str:
    """The server for a WSGI application: the first of `WSGI` that can be imported, which it is from then on."""
    for name, modules in WSGI.items():
        with contextlib.suppress(ImportError):
            for module in modules:
                importlib.import_module(module)
            return name
    raise ImportError("this Python has no wsgiref, which belongs to it")


def serve(child: Any) -> None:
    """Serve the child's application until it is told to stop."""
    _SERVE[child.application.server](child)


# ── ASGI ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def serve_uvicorn(child: Any) -> None:
    """Serve with the service's own uvicorn, as it would in production."""
    import uvicorn  # noqa: PLC0415  # as above

    class Server(uvicorn.Server):
        async def startup(self, sockets: Any = None) -> None:
            await super().startup(sockets=sockets)
            if self.started:
                loop = child.watch.loop = asyncio.get_running_loop()
                loop.add_reader(child.line.sock.fileno(), child.hear)
                child.ready()

        async def shutdown(self, sockets: Any = None) -> None:
            await super().shutdown(sockets=sockets)
            if child.heir is not None:
                asyncio.get_running_loop().remove_reader(child.line.sock.fileno())
                child.application.found.scan()
                await child.application.found.release()
                renew_threads(config.app)

    config = child.application.config
    config.loaded_app = watched_asgi(child)
    server = Server(config)
    child.stop = functools.partial(setattr, server, "should_exit", True)
    server.run(sockets=[child.listener.dup()])
    if not server.started:
        raise SystemExit(3)


def renew_threads(app: Any) -> None:
    """Uvicorn's WSGI middleware keeps ten threads: they end before a fork, and begin again when they are asked."""
    pool = getattr(app, "executor", None)
    if isinstance(pool, concurrent.futures.ThreadPoolExecutor):
        pool.shutdown()
        app.executor = type(pool)(pool._max_workers)


def watched_asgi(child: Any) -> Callable[..., Any]:
    """The application, with each HTTP call announced; outermost, so that the client's port is the socket's own."""

    async def call_application(scope: Dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await child.application.target(scope, receive, send)
            return
        client = scope.get("client") or ("", 0)
        call, before = child.watch.begin(asyncio.current_task(), scope["method"], scope["path"], client[1])
        try:
            await child.application.target(scope, receive, send)
        finally:
            child.watch.end(call, before)

    return call_application


# ── WSGI ────────────────────────────────────────────────────────────────────────────────────────────────────────────


class Answer:
    """What an application answered; the call has ended when the server closes it, as it must (PEP 3333)."""

    def __init__(self, answer: Any, end: Callable[[], None]) -> None:
        self.answer = answer
        self.end = end
        self.closed = False

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.answer)

    def close(self) -> None:
        """Close the application's answer, then end the call, once."""
        try:
            getattr(self.answer, "close", bool)()
        finally:
            if not self.closed:
                self.closed = True
                self.end()


class Sized(Answer):
    """An answer that tells its length, from which servers make a Content-Length."""

    def __len__(self) -> int:
        return len(self.answer)


def watched_wsgi(child: Any) -> Callable[..., Any]:
    """The application, with each call announced."""

    def call_application(environ: Dict[str, Any], start_response: Any) -> Any:
        path, port = environ.get("PATH_INFO", ""), int(environ.get("REMOTE_PORT") or 0)
        call, before = child.watch.begin(threading.current_thread(), environ["REQUEST_METHOD"], path, port)
        end = functools.partial(child.watch.end, call, before)
        try:
            answer = child.application.target(environ, start_response)
        except BaseException:
            end()
            raise
        return (Sized if hasattr(type(answer), "__len__") else Answer)(answer, end)

    return call_application


def serve_gunicorn(child: Any) -> None:
    """Serve as one of gunicorn's sync workers does: one request at a time, in the main thread."""
    from gunicorn.config import Config  # noqa: PLC0415  # as above
    from gunicorn.glogging import Logger  # noqa: PLC0415  # as above
    from gunicorn.workers.sync import SyncWorker  # noqa: PLC0415  # as above

    class Worker(SyncWorker):  # type: ignore[misc]  # the service's own has no types
        def load_wsgi(self) -> None:
            self.wsgi = watched_wsgi(child)

        def run(self) -> None:
            child.ready()
            super().run()

    config = Config()
    worker = Worker(0, os.getppid(), [child.listener.dup()], None, config.timeout, config, Logger(config))

    def stop() -> None:
        worker.alive = False
        os.write(worker.PIPE[1], b"1")

    child.stop = stop
    listen_to_world(child)
    worker.init_process()
    signal.set_wakeup_fd(-1)
    for sock in worker.sockets:
        sock.close()


def serve_waitress(child: Any) -> None:
    """Serve as waitress does: four threads, and SIGTERM ends the process at once."""
    from waitress.server import create_server  # noqa: PLC0415  # as above

    server = create_server(watched_wsgi(child), sockets=[child.listener.dup()])
    main = threading.main_thread().ident or 0
    child.stop = functools.partial(signal.pthread_kill, main, signal.SIGINT)  # its loop ends by KeyboardInterrupt
    listen_to_world(child)
    child.ready()
    server.run()
    server.close()


def serve_wsgiref(child: Any) -> None:
    """Serve with a thread a request, from the standard library."""
    from wsgiref.simple_server import WSGIRequestHandler, WSGIServer  # noqa: PLC0415  # only where nothing else is

    class Server(socketserver.ThreadingMixIn, WSGIServer):
        daemon_threads = False

    class Handler(WSGIRequestHandler):
        def get_environ(self) -> Any:
            return dict(super().get_environ(), REMOTE_PORT=str(self.client_address[1]))

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the parent's name
            sys.stderr.write(format % args + "\n")

    server = Server(child.listener.getsockname()[:2], Handler, bind_and_activate=False)
    server.socket.close()
    server.socket = child.listener.dup()
    server.server_name, server.server_port = child.listener.getsockname()[:2]
    server.setup_environ()
    server.set_app(watched_wsgi(child))
    child.stop = lambda: threading.Thread(target=server.shutdown).start()  # it waits for the loop that it stops
    signal.signal(signal.SIGTERM, lambda *_: child.stop())
    listen_to_world(child)
    child.ready()
    server.serve_forever(poll_interval=0.02)
    server.server_close()


def listen_to_world(child: Any) -> None:
    """What the event loop does for ASGI: hear the world, look whether what was left has ended; in a thread of ours."""

    def listen() -> None:
        while child.heir is None:
            if select.select([child.line.sock], [], [], 0.005 if child.watch.left else 0.02)[0]:
                child.hear()
            child.watch.look()

    control = threading.Thread(target=listen, daemon=True, name="hotfire")
    child.watch.pass_over(control)
    control.start()


_SERVE: Dict[str, Callable[[Any], None]] = {
    "uvicorn": serve_uvicorn,
    "gunicorn": serve_gunicorn,
    "waitress": serve_waitress,
    "wsgiref": serve_wsgiref,
}
