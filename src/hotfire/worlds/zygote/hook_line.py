"""The line of a hook inside of the service to the world: lines of JSON, over a connection to the world's port.

One file of the standard library, Python 3.8 and newer, which the zygote loads by its path, before the hooks. Before
each call the thread that makes it asks the world and waits for the answer: it is let go, held, told to fail, or killed;
afterwards it tells what came of it, and waits where the world wants to hold the reply.
"""

from __future__ import annotations

import json
import os
import socket
from typing import Any, Callable, Dict, Optional

Message = Dict[str, Any]


class Line:
    """One connection to the world, made anew in a fork: the parent's is the parent's."""

    def __init__(self, port: int, error: Callable[[str], Exception]) -> None:
        self.port = port
        self.error = error  # what the library raises when its file cannot be reached
        self.pid = 0
        self.sock: Optional[socket.socket] = None
        self.rest = b""

    def ask(self, message: Message) -> Message:
        """Say something and wait for the answer."""
        self.tell(message)
        return self.hear()

    def tell(self, message: Message) -> None:
        """Say something."""
        try:
            self.reach().sendall(json.dumps(message).encode() + b"\n")
        except OSError as problem:
            raise self.error("hotfire: the world cannot be reached: %s" % problem) from None

    def hear(self) -> Message:
        """Wait for an answer, as long as it takes."""
        while b"\n" not in self.rest:
            try:
                data = self.reach().recv(65536)
            except OSError:
                data = b""
            if not data:
                raise self.error("hotfire: the world is gone")
            self.rest += data
        line, _, self.rest = self.rest.partition(b"\n")
        heard: Message = json.loads(line)
        return heard

    def reach(self) -> socket.socket:
        """The socket of this process."""
        if self.sock is None or self.pid != os.getpid():
            self.close()
            self.sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            self.sock.connect(("127.0.0.1", self.port))
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.pid, self.rest = os.getpid(), b""
        return self.sock

    def close(self) -> None:
        """End it."""
        if self.sock is not None:
            self.sock.close()
            self.sock = None

    __del__ = close
