"""The other end of a hook's line, in place of a world: it answers each call, and keeps what was said."""

import contextlib
import socketserver
import threading
from collections.abc import Iterator

from hotfire.worlds.zygote import SCRIPT

LOADS = f"""
import importlib.util, sys
def beside(path):
    spec = importlib.util.spec_from_file_location("hotfire_" + path.rpartition("/")[2][:-3], path)
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
beside({str(SCRIPT.with_name("hook_line.py"))!r})
"""
"""What a program begins with that loads a hook as the zygote does: `beside` and the hook's path."""

Transcript = list[str]


class World(socketserver.ThreadingTCPServer):
    """`answering` hears one connection; `fail` is what may not be done, `said` what was."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, answering: type[socketserver.BaseRequestHandler], fail: str) -> None:
        super().__init__(("127.0.0.1", 0), answering)
        self.fail = fail
        self.said: Transcript = []


@contextlib.contextmanager
def world(answering: type[socketserver.BaseRequestHandler], fail: str = "") -> Iterator[World]:
    """One that serves, for the length of a block."""
    with World(answering, fail) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:  # else a test that fails would never end
            server.shutdown()
            thread.join()
