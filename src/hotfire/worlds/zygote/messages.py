"""What the zygote and its children say: a closed union for each line, decoded and checked by msgspec."""

import msgspec


class Said(msgspec.Struct, frozen=True, tag_field="event", tag=str.lower):
    """A message; its class is its `event`."""


class Born(Said, frozen=True):
    """The zygote takes orders. `reason`: why the network is not sealed; empty where it is."""

    reason: str
    python: str


class Answer(Said, frozen=True):
    """The answer to order `id`: its data, or a problem of a kind (module, attribute, raised, server, an exception)."""

    id: int
    data: msgspec.Raw = msgspec.Raw(b"null")
    problem: str = ""
    kind: str = ""


class Exit(Said, frozen=True):
    """A process has ended; a negative status is the signal that ended it."""

    number: int
    status: int


class Ready(Said, frozen=True):
    """Start-up is complete and connections are accepted."""


class Failed(Said, frozen=True):
    """The service did not start, or its server fell: the traceback where it is not in the log already."""

    text: str


class Begun(Said, frozen=True):
    """A call has begun, from the client's `port`."""

    call: int
    method: str
    path: str
    port: int


class Ended(Said, frozen=True):
    """A call has returned; `left` names what it left at work."""

    call: int
    left: tuple[str, ...]


class Quiet(Said, frozen=True):
    """All that a call left has ended."""

    call: int


class Undeclared(Said, frozen=True):
    """The service wanted to reach a host, or the unix socket of a path, that nothing stands for; `port` may be 0.

    `place`: the line of its own source, as "shop/pay.py:41"; empty where none is known.
    """

    host: str
    port: int
    place: str


class Pinned(Said, frozen=True):
    """A client of the service compares the certificate of a declared host with one that it knows."""

    host: str
    place: str


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What the import left open. `cold`: why the application cannot be forked; empty where it can.

    `epolls`, `loops`: event loops made at import, which siblings share. `generators`: of random numbers, reseeded.
    """

    kind: str
    server: str
    cold: str
    threads: tuple[str, ...]
    sockets: tuple[str, ...]
    epolls: int
    loops: int
    generators: int
    native_threads: int
    modules: int


Want = Undeclared | Pinned
FromZygote = Born | Answer | Exit | Want
FromProcess = Ready | Failed | Begun | Ended | Quiet | Answer | Want
