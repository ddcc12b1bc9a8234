"""The zygote: imports a service once, in the service's own Python, and forks it for every trial, behind a seal.

Standard library only, Python 3.8 and newer; it imports nothing of hotfire and nothing of it is installed: what
lies beside it (finding.py, servers.py, seal.py, partners.py, the hooks) it loads by path.

    world ── keeper          outlives a zygote that hangs; when the world is gone it kills every descendant
              └─ zygote      sealed; imports the application, audits it, forks
                  ├─ child   serves the application with the service's own server, and says when it is quiet
                  └─ child … becomes a warm generation: a zygote that has already served

Rooms: messages · operating system · shim · audit · application · work left behind · child · zygote · doors.
Messages are JSON objects over SOCK_SEQPACKET, with descriptors where needed (DESIGN §5–§7).
"""

# Descriptors, fork and exec are this file's trade, and it looks inside the process that it runs in:
# ruff: noqa: FBT003, PTH100, PTH109, PTH115, PTH120, PTH123, PTH208, S606, SLF001
from __future__ import annotations

import array
import asyncio
import concurrent.futures
import concurrent.futures.thread
import contextlib
import contextvars
import ctypes
import errno
import functools
import gc
import importlib
import importlib.util
import itertools
import json
import os
import random
import select
import signal
import socket
import sys
import threading
import time
import traceback
import weakref
from typing import Any, Callable, Dict, Iterator, List, NoReturn, Optional, Sequence, Set, Tuple, Union

HERE = os.path.abspath(__file__)


def beside(name: str) -> Any:
    """Load another file of ours by its path: no package holds them here."""
    spec = importlib.util.spec_from_file_location("hotfire_" + name, "%s/%s.py" % (os.path.dirname(HERE), name))
    assert spec is not None and spec.loader is not None  # noqa: S101, PT018  # a path that ends with .py has a loader
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


FINDING, SERVERS, PARTNERS = beside("finding"), beside("servers"), beside("partners")
SEAL, PLACE = beside("seal"), beside("place")
HOOK = "HOTFIRE_%s_"  # and the world's port: what lies behind it, in front of which a hook stands inside of the service
ENVIRONMENT = dict(os.environ)  # as the world gave it: an application may change its own
Message = Dict[str, Any]

# ── Messages ──────────────────────────────────────────────────────────────────────────────────────────────────────


class Line:
    """One end of a SOCK_SEQPACKET pair: a message is one packet, and descriptors travel with it."""

    def __init__(self, fd: int) -> None:
        self.sock = socket.socket(fileno=fd)
        self.sock.setblocking(True)
        self.gone: Callable[[], NoReturn] = end_group

    def send(self, message: Message, fds: Sequence[int] = ()) -> None:
        """Send one message; when the world is gone, this process goes too."""
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", fds))] if fds else []
        try:
            self.sock.sendmsg([json.dumps(message).encode()], rights)
        except (BrokenPipeError, ConnectionResetError):
            self.gone()

    def receive(self) -> Optional[Tuple[Message, List[int]]]:
        """Take one message and its descriptors; None once the other end is closed."""
        data, rights, _, _ = self.sock.recvmsg(1 << 18, socket.CMSG_SPACE(32 * 4), socket.MSG_CMSG_CLOEXEC)
        fds = array.array("i")
        for _, _, content in rights:
            fds.frombytes(content[: len(content) - len(content) % fds.itemsize])
        return (json.loads(data), list(fds)) if data else None


# ── Operating system ──────────────────────────────────────────────────────────────────────────────────────────────

LIBC = ctypes.CDLL(None, use_errno=True)
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36


def die_with(parent: int) -> None:
    """Have the kernel kill this process when `parent`, its parent, ends."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def end_group() -> NoReturn:
    """End this process at once, with its group where it leads one."""
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def children_of(parent: int) -> Iterator[int]:
    """The living children of a process."""
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            with contextlib.suppress(OSError), open("/proc/%s/stat" % entry) as stat:
                state, owner = stat.read().rpartition(")")[2].split()[:2]
                if int(owner) == parent and state != "Z":
                    yield int(entry)


def run_detached(fds: Sequence[int], parent: int) -> None:
    """Make a forked process its own: session, log, signals, death with its parent."""
    os.setsid()
    die_with(parent)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (fds[0], 1), (fds[0], 2)):
        os.dup2(source, target)
    os.close(nothing)
    os.close(fds[0])
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)


# ── Shim: where the kernel refuses the seal, Python's own sockets are held ──────────────────────────────────────────

PORTS: Set[int] = set()
NUMERIC = ("127.0.0.1", "::1", "localhost", "", None)
ANY = ("0.0.0.0", "::")  # noqa: S104  # names to look up, nothing is bound


def install_shim() -> None:
    """Let Python's sockets reach loopback ports of ours alone. An audit hook stays for good, in every fork too."""
    sys.addaudithook(_hold)


def _hold(event: str, args: Tuple[Any, ...]) -> None:
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg") and args[1] is not None:
        address = args[1]
        if not (isinstance(address, tuple) and _text(address[0]) in NUMERIC and address[1] in PORTS):
            raise ConnectionRefusedError(errno.ECONNREFUSED, "hotfire holds the network: no border for %r" % (address,))
    elif event in ("socket.getaddrinfo", "socket.gethostbyname") and _text(args[0]) not in (*NUMERIC, *ANY):
        if str(_text(args[0])).startswith("127."):
            return  # a partner's stand-in; to ask for it reaches nobody
        raise ConnectionRefusedError(errno.ECONNREFUSED, "hotfire holds the network: no border for %r" % (args[0],))


def _text(host: object) -> object:
    return host.decode("ascii", "replace") if isinstance(host, (bytes, bytearray)) else host


# ── Audit: what an import, or a warm-up, left open ──────────────────────────────────────────────────────────────────


class Found:
    """Objects that a fork must treat specially; scanned before gc.freeze() hides them from the collector."""

    def __init__(self) -> None:
        self.engines: List[Any] = []
        self.asynchronous: List[Any] = []
        self.redis: List[Any] = []  # pools, which connect anew
        self.asynchronous_redis: List[Any] = []
        self.pools: List[Any] = []  # psycopg2's, which keep connections and connect anew where none is kept
        self.generators: List[random.Random] = []
        self.loops: List[Any] = []
        self.listeners: List[Any] = []  # of logging: a thread each, which can be stopped and started (Litestar has one)
        self.stopped: List[Any] = []

    def scan(self) -> None:
        """Look through everything that the collector knows."""
        roles = (
            (self.generators, (random.Random,)),
            (self.engines, _known("sqlalchemy.engine.base", "Engine")),
            (self.asynchronous, _known("sqlalchemy.ext.asyncio.engine", "AsyncEngine")),
            (self.redis, _known("redis.connection", "ConnectionPool")),
            (self.asynchronous_redis, _known("redis.asyncio.connection", "ConnectionPool")),
            (self.pools, _known("psycopg2.pool", "AbstractConnectionPool")),
            (self.loops, (asyncio.AbstractEventLoop,)),
            (self.listeners, _known("logging.handlers", "QueueListener")),
        )
        cache: Dict[type, Optional[List[Any]]] = {}  # a process holds some 300,000 objects of some 3,000 types
        for thing in gc.get_objects():
            kind = type(thing)
            if kind not in cache:
                cache[kind] = next((found for found, kinds in roles if issubclass(kind, kinds)), None)
            found = cache[kind]
            if found is not None and not any(thing is other for other in found):
                found.append(thing)

    def fork(self) -> None:
        """In a new child: no generator that repeats its sibling's numbers, no connection that is another's too."""
        for generator in self.generators:
            generator.seed()  # a no-op for SystemRandom; `random` itself does so on its own
        if "numpy.random" in sys.modules:
            sys.modules["numpy.random"].seed()
        for engine in self.engines:
            if _held(engine):
                engine.dispose(close=False)
        stopped, self.stopped = self.stopped, []
        for listener in stopped:
            listener.start()

    async def release(self) -> None:
        """Before a loop ends: close what pools hold open."""
        for engine in self.asynchronous:
            with contextlib.suppress(Exception):
                await engine.dispose()
        self.close()
        for pool in self.asynchronous_redis:
            with contextlib.suppress(Exception):
                await pool.disconnect()

    def close(self) -> None:
        """Close what engines without a loop hold open, and stop the threads that can be started again."""
        if "django.db" in sys.modules:  # this thread's: it connects again when it is asked (CONN_MAX_AGE keeps them)
            with contextlib.suppress(Exception):  # imported, and not configured
                sys.modules["django.db"].connections.close_all()
        for listener in self.listeners:
            if listener._thread is not None:
                listener.stop()
                self.stopped.append(listener)
        for pool in self.redis:
            with contextlib.suppress(Exception):
                pool.disconnect()
        for pool in self.pools:
            idle = getattr(pool, "_pool", [])  # it has no word for closing these alone
            while idle:
                idle.pop().close()
        inner = {id(engine.sync_engine) for engine in self.asynchronous}
        for engine in self.engines:
            if id(engine) not in inner and _held(engine):
                with contextlib.suppress(Exception):
                    engine.dispose()


def _known(module: str, name: str) -> Tuple[type, ...]:
    kind = getattr(sys.modules.get(module), name, None)
    return (kind,) if isinstance(kind, type) else ()


def _held(engine: Any) -> bool:
    """Connections are open to a server or a file; one to SQLite's memory is the database itself."""
    counts = [getattr(engine.pool, name, int)() for name in ("checkedin", "checkedout")]
    memory = engine.dialect.name == "sqlite" and (not engine.url.database or "memory" in engine.url.database)
    return not memory and any(count > 0 for count in counts)


def audit() -> Message:
    """What cannot be forked: living threads and connected sockets (ours are pairs, whose peers have no name)."""
    threads: List[threading.Thread] = []
    for _ in range(100):  # threads that are on their way out are given half a second
        threads = [thread for thread in threading.enumerate() if thread is not threading.main_thread()]
        if not threads:
            break
        time.sleep(0.005)
    sockets, epolls = _open_sockets()
    if sockets or epolls:  # what nobody holds any more is closed by the collector, which takes 50 ms
        gc.collect()
        sockets, epolls = _open_sockets()
    reason = ""
    if threads:
        reason = "a thread runs: " + ", ".join(_thread_name(thread) or thread.name for thread in threads)
    elif sockets:
        reason = "a connection is open: " + ", ".join(sockets)
    return {
        "threads": [thread.name for thread in threads],
        "sockets": sockets,
        "epolls": epolls,
        "native_threads": len(os.listdir("/proc/self/task")) - 1 - len(threads),
        "cold": reason,
    }


def _open_sockets() -> Tuple[List[str], int]:
    """Connected stream sockets, without loops' own pairs (their peer has no name), and the number of epolls."""
    sockets, epolls = [], 0
    for fd in map(int, os.listdir("/proc/self/fd")):
        with contextlib.suppress(OSError):
            target = os.readlink("/proc/self/fd/%d" % fd)
            epolls += target == "anon_inode:[eventpoll]"
            if target.startswith("socket:"):
                with socket.socket(fileno=os.dup(fd)) as found:
                    peer = found.getpeername() if found.type == socket.SOCK_STREAM else ""
                    if peer:
                        where = "%s:%s" % peer[:2] if isinstance(peer, tuple) else str(peer)
                        sockets.append(ENVIRONMENT.get("HOTFIRE_SQLITE_" + where.rpartition(":")[2], where))
    return sockets, epolls


# ── Application ─────────────────────────────────────────────────────────────────────────────────────────────────────


class Application:
    """The imported application, its server's name, and uvicorn's configuration for it, loaded once, if it is that."""

    def __init__(self, name: str, *, held: bool) -> None:
        self.name = name
        self.found = Found()
        before = set(sys.modules)
        config = self._configure(held=held)
        self.target = FINDING.find(name)
        if not callable(self.target):
            raise FINDING.Refused("attribute", "%s is of type %s, no application" % (name, type(self.target).__name__))
        self.kind = FINDING.kind_of(self.target)
        self.server = "uvicorn" if self.kind == "asgi" else SERVERS.choose()
        self.config: Any = None
        if self.server == "uvicorn":
            if config is None:
                raise FINDING.Refused("server", "the service's Python has no uvicorn")
            wsgi = self.kind == "wsgi"
            config.app = sys.modules["uvicorn.middleware.wsgi"].WSGIMiddleware(self.target) if wsgi else self.target
            config.load()
            self.config, self.target = config, config.loaded_app
        self.imported = len(set(sys.modules) - before)

    def _configure(self, *, held: bool) -> Any:
        """As `python -m uvicorn` does: its logging is set up before the application is imported."""
        try:
            import uvicorn  # noqa: PLC0415  # the service's own, and only after the seal
        except ImportError:
            return None
        options: Dict[str, Any] = {"loop": "asyncio"} if held else {}  # uvloop's C paths would pass the shim
        return uvicorn.Config(self.name, **options)

    def settle(self) -> Message:
        """Look for what cannot be forked, close what can be closed, and freeze the rest out of the collector's way."""
        self.found.scan()
        self.found.close()
        report = audit()
        loops = sum(not loop.is_closed() for loop in self.found.loops)
        report.update(kind=self.kind, server=self.server, modules=self.imported, loops=loops)
        report["generators"] = len(self.found.generators)
        gc.freeze()
        return report


# ── Work left behind ────────────────────────────────────────────────────────────────────────────────────────────────

JOBS: Dict[Any, Any] = {}
REQUESTS: weakref.WeakSet[Any] = weakref.WeakSet()
IDLE = (
    "RequestResponseCycle.run_asgi",
    "AsyncConnectionPool.worker",
    "AsyncScheduler.run",
    "ConnectionPool.worker",
    "Scheduler.run",
    "_connection_worker_thread",  # aiosqlite's; the border knows what is open
)
WAITS = ("Event.wait", "Queue.get", "Condition.wait")  # asyncio's: a worker's wait_for makes a task of it (3.11)
POOLED = getattr(concurrent.futures.thread, "_threads_queues", {})


def watch_executors() -> None:
    """Have every executor of the process say which of its jobs are not done."""
    for executor in (concurrent.futures.ThreadPoolExecutor, concurrent.futures.ProcessPoolExecutor):
        executor.submit = _submitting(executor.submit)  # type: ignore[method-assign]  # the one place that all executors share


def _submitting(submit: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(submit)
    def submit_watched(self: Any, *args: Any, **options: Any) -> Any:
        future = submit(self, *args, **options)
        JOBS[future] = args[0] if args else None
        future.add_done_callback(_job_done)
        return future

    return submit_watched


def _job_done(future: Any) -> None:
    JOBS.pop(future, None)


def at_work(loop: Optional[asyncio.AbstractEventLoop]) -> Set[Any]:
    """Tasks, executor jobs, threads and child processes that are there now; cheap: it is asked twice a request."""
    work: Set[Any] = set(JOBS)
    if loop is not None:
        work |= {task for task in asyncio.all_tasks(loop) if task not in REQUESTS}
    if threading.active_count() > 1:
        work |= {thread for thread in threading.enumerate() if _works(thread)}
    with contextlib.suppress(ChildProcessError):
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)  # raises at once where there is no child
        work |= set(children_of(os.getpid()))
    return work


def _works(thread: Any) -> bool:
    if (
        thread is threading.main_thread()
        or thread in POOLED
        or thread in REQUESTS
        or isinstance(thread, threading._DummyThread)
    ):
        return False
    idle = getattr(thread, "idle_workers", None)  # anyio's worker threads stay, and wait for work
    return idle is None or not (thread in idle or thread.stopping)


def describe(work: Any) -> str:
    """Name one thing at work so that a person finds it in the source; empty for what only waits to be given work."""
    if isinstance(work, asyncio.Future) and hasattr(work, "get_coro"):
        coroutine = work.get_coro()
        return _named("task", coroutine, getattr(coroutine, "cr_code", None), getattr(coroutine, "cr_frame", None))
    if isinstance(work, threading.Thread):
        return _thread_name(work)
    if isinstance(work, int):
        with contextlib.suppress(OSError), open("/proc/%d/cmdline" % work) as line:
            return "child process %d: %s" % (work, line.read().replace("\0", " ").strip() or "?")
        return ""
    job = JOBS.get(work)
    while isinstance(job, functools.partial):  # asyncio.to_thread submits partial(context.run, function)
        inside = isinstance(getattr(job.func, "__self__", None), contextvars.Context)
        job = job.args[0] if inside else job.func
    return _named("executor job", job, getattr(job, "__code__", None), None) if work in JOBS else ""


def _thread_name(thread: Any) -> str:
    frame = sys._current_frames().get(thread.ident)
    target = getattr(thread, "_target", None)
    if getattr(target, "__qualname__", "").endswith(IDLE) or type(thread).__module__ == "aiosqlite.core":
        return ""
    if target is None and hasattr(thread, "idle_workers"):
        while frame and frame.f_back and "anyio" not in frame.f_back.f_code.co_filename:
            frame = frame.f_back
        return _named("worker thread", frame and frame.f_code, frame and frame.f_code, frame)
    return _named("thread", target or type(thread).run, getattr(target or type(thread).run, "__code__", None), None)


def _named(what: str, thing: Any, code: Any, frame: Any) -> str:
    name = getattr(thing, "__qualname__", None) or getattr(thing, "co_name", None) or type(thing).__qualname__
    if name.endswith(IDLE) or (name in WAITS and os.path.dirname(asyncio.__file__) in getattr(code, "co_filename", "")):
        return ""
    line = frame.f_lineno if frame is not None else getattr(code, "co_firstlineno", 0)
    return "%s %s (%s:%d)" % (what, name, code.co_filename, line) if code is not None else "%s %s" % (what, name)


class Watch:
    """Tells the world when each call begins and ends, what it left behind, and when that has ended too."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.loop: Optional[asyncio.AbstractEventLoop] = None
        self.numbers = itertools.count(1)
        self.left: Dict[int, Set[Any]] = {}  # call → what was there before it
        self.looking = False

    def pass_over(self, owner: Any) -> None:
        """Never count this thread or task as something at work: it is ours, or carries a call."""
        REQUESTS.add(owner)

    def begin(self, owner: Any, method: str, path: str, port: int) -> Tuple[int, Set[Any]]:
        """A call begins; `owner` is the task or thread that carries it."""
        self.pass_over(owner)
        PARTNERS.TOLD.clear()
        call = next(self.numbers)
        self.line.send({"event": "begun", "call": call, "method": method, "path": path, "port": port})
        return call, at_work(self.loop)

    def end(self, call: int, before: Set[Any]) -> None:
        """A call has ended: name what it left."""
        left = self.names(before)
        self.line.send({"event": "ended", "call": call, "left": left})
        if left:
            self.left[call] = before
            if self.loop is not None and not self.looking:
                self.looking = True
                self.loop.call_later(0.005, self.look)

    def look(self) -> None:
        """See whether what was left has ended; ask again in 5 ms while there is something."""
        for call, before in list(self.left.items()):
            if not self.names(before):
                del self.left[call]
                self.line.send({"event": "quiet", "call": call})
        self.looking = bool(self.left)
        if self.looking and self.loop is not None:
            self.loop.call_later(0.005, self.look)

    def names(self, before: Set[Any]) -> List[str]:
        """What is at work that was not."""
        return [name for name in map(describe, at_work(self.loop) - before) if name]

    def now(self) -> List[str]:
        """What calls left that is still at work, over all of them."""
        return sorted({name for before in self.left.values() for name in self.names(before)})


# ── Child: one process of the service ───────────────────────────────────────────────────────────────────────────────


DEAF: Set[int] = set()  # log queues that nobody empties


def catch_up_logs() -> None:
    """Let a thread that writes records for the others (logging.handlers.QueueListener) write what it has been given."""
    for handler in [reference() for reference in getattr(sys.modules.get("logging"), "_handlerList", ())]:
        end = time.monotonic() + 1.0
        while getattr(getattr(handler, "queue", None), "unfinished_tasks", 0) and id(handler) not in DEAF:
            time.sleep(0.001)
            if time.monotonic() > end:
                DEAF.add(id(handler))


class Child:
    """A fork that serves; after `serve` it ends as any Python program does, or goes on as a warm generation."""

    def __init__(self, line: Line, listener: socket.socket, application: Application, zygote: Zygote) -> None:
        self.line = line
        self.listener = listener
        self.application = application
        self.zygote = zygote
        self.modules = len(sys.modules)  # they stay in order; a set of them would copy each name's page into the child
        self.watch = Watch(line)
        self.heir: Optional[Tuple[int, int]] = None  # the order's number, and the control descriptor
        self.status = 0
        self.stop: Callable[[], None] = end_group

    def settle(self) -> None:
        """After the fork: own streams, own numbers, no connection shared."""
        PARTNERS.World.tell = self.line.send
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(line_buffering=True)  # a line's time is evidence
        JOBS.clear()
        REQUESTS.clear()
        self.application.found.fork()

    def serve(self) -> Optional[Zygote]:
        """Serve until told to stop; the next zygote where this process was made one."""
        try:
            SERVERS.serve(self)
        except SystemExit as end:
            self.status = end.code if isinstance(end.code, int) else 1
            self.line.send({"event": "failed", "text": ""})
        except Exception as problem:  # noqa: BLE001  # told to the world, whatever it is
            self.status = 1
            self.line.send({"event": "failed", "text": FINDING.trace(problem)})
        return self.inherit() if self.heir else None

    def ready(self) -> None:
        """Tell that start-up is complete and connections are accepted."""
        self.line.send({"event": "ready"})

    def hear(self) -> None:
        """Answer the world; its end is the end."""
        heard = self.line.receive()
        if heard is None:
            end_group()
        message, fds = heard
        if message["do"] == "zygote":
            self.heir = (message["id"], fds[0])
            self.stop()
        else:
            self.line.send({"event": "answer", "id": message["id"], "data": self.told(message["do"])})

    def told(self, wish: str) -> List[str]:
        """The modules that were imported since the fork, who works here by himself, or what is at work now."""
        if wish == "modules":
            return sorted(name for name in list(sys.modules)[self.modules :] if name.isidentifier() or "." in name)
        if wish == "workers":
            return sorted(map(describe, filter(PLACE.is_worker, at_work(self.watch.loop))))
        catch_up_logs()
        return list(self.watch.now())

    def inherit(self) -> Optional[Zygote]:
        """Become a warm generation, unless something was left that cannot be forked."""
        number, control = self.heir or (0, -1)
        self.application.found.scan()  # what its requests have made
        self.application.found.close()
        reason = audit()["cold"]
        gc.freeze()
        self.line.send({"event": "answer", "id": number, "data": reason})
        self.line.sock.close()
        if reason:
            return None
        return Zygote(Line(control), self.zygote.seal, self.zygote.listeners, self.application)


# ── Zygote ──────────────────────────────────────────────────────────────────────────────────────────────────────────


class Zygote:
    """Does what the world orders, one order at a time; `serve` returns in a fork only."""

    def __init__(
        self,
        line: Line,
        seal: str,
        listeners: Dict[str, socket.socket],
        application: Optional[Application] = None,
        cold: str = "",
    ) -> None:
        self.line = line
        self.line.gone = self.end  # a child's end may be told to a world that has just gone
        self.seal = seal
        self.listeners = listeners
        self.application = application
        self.cold = cold  # the application to import in each child, where it cannot be forked
        self.pids: Dict[int, int] = {}  # pid → start number
        self.wake: Tuple[int, int] = (-1, -1)

    def serve(self) -> Optional[Child]:
        """Obey until the world is gone; then nothing of this process's remains."""
        PARTNERS.World.tell = self.line.send
        self.wake = os.pipe()
        os.set_blocking(self.wake[0], False)
        os.set_blocking(self.wake[1], False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self.wake[1])
        poller = select.poll()
        poller.register(self.line.sock, select.POLLIN)
        poller.register(self.wake[0], select.POLLIN)
        while True:
            ready = dict(poller.poll(1000))
            with contextlib.suppress(BlockingIOError):
                os.read(self.wake[0], 4096)
            self.reap()
            if self.line.sock.fileno() in ready:
                heard = self.line.receive()
                if heard is None:
                    self.end()
                child = self.obey(*heard)
                if child is not None:
                    return child

    def obey(self, message: Message, fds: List[int]) -> Optional[Child]:
        """Do one order and answer it."""
        answer: Message = {"event": "answer", "id": message["id"]}
        passed: List[socket.socket] = []
        try:
            done = getattr(self, "do_" + message["do"])(message, fds)
            if isinstance(done, Child):
                return done
            answer["data"], passed = done
        except FINDING.Refused as refused:
            answer.update(problem=str(refused), kind=refused.kind)
        except Exception as problem:  # noqa: BLE001  # told to the world, whatever it is
            answer.update(problem=str(problem), kind=type(problem).__name__)
        self.line.send(answer, [sock.fileno() for sock in passed])
        for sock in passed:
            sock.close()
        for fd in fds:
            os.close(fd)
        if message["do"] == "import" and isinstance(answer.get("data"), dict) and answer["data"]["cold"]:
            self.again(message["app"])
        return None

    def reap(self) -> None:
        """Tell of processes that ended. The rest of their group is killed while its number cannot be another's."""
        for pid, number in list(self.pids.items()):
            with contextlib.suppress(ChildProcessError):
                if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
                    continue
                with contextlib.suppress(OSError):
                    os.killpg(pid, signal.SIGKILL)
                status = os.waitpid(pid, 0)[1]
                code = -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
                self.line.send({"event": "exit", "number": number, "status": code})
            del self.pids[pid]

    def end(self) -> NoReturn:
        """Kill every child's group, wait for them, end."""
        for pid in self.pids:
            for kill in (os.killpg, os.kill):
                with contextlib.suppress(OSError):
                    kill(pid, signal.SIGKILL)
        for pid in self.pids:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)
        os._exit(0)

    def again(self, app: str) -> NoReturn:
        """Begin anew without the application, whose threads and connections must not live on in here."""
        state = {"control": self.line.sock.fileno(), "seal": self.seal, "cold": app, "pids": list(self.pids.items())}
        state["listeners"] = {name: sock.fileno() for name, sock in self.listeners.items()}
        state["ports"] = list(PORTS)
        for sock in (self.line.sock, *self.listeners.values()):
            sock.set_inheritable(True)
        os.execve(sys.executable, [sys.executable, HERE, "again", json.dumps(state)], ENVIRONMENT)

    # orders: each returns its answer's data and the sockets that travel with it; a fork returns its Child

    def do_listen(self, message: Message, _: List[int]) -> Tuple[object, List[socket.socket]]:
        """A listening socket of the namespace, for a border."""
        sock = listen(message["host"], message["port"])
        return sock.getsockname()[1], [sock]

    def do_sockets(self, message: Message, _: List[int]) -> Tuple[object, List[socket.socket]]:
        """Fresh sockets, with which the world reaches the service inside."""
        made = [socket.socket(socket.AF_INET, socket.SOCK_STREAM) for _ in range(message["count"])]
        return None, made

    def do_import(self, message: Message, _: List[int]) -> Tuple[object, List[socket.socket]]:
        """Import the application, once."""
        self.application = Application(message["app"], held=bool(self.seal))
        return self.application.settle(), []

    def do_preload(self, message: Message, _: List[int]) -> Tuple[object, List[socket.socket]]:
        """Import modules that children imported late; those that cannot be imported alone are left out."""
        for name in message["modules"]:
            with contextlib.suppress(BaseException):
                importlib.import_module(name)
        reason = audit()["cold"]
        gc.freeze()
        return reason, []

    def do_start(self, message: Message, fds: List[int]) -> Union[Child, Tuple[object, List[socket.socket]]]:
        """Fork a process that serves. Its listening socket stays open here, so that a connect queues over restarts."""
        name, app = message["process"], self.application
        if app is None and not self.cold:
            raise RuntimeError("nothing was imported")
        listener = self.listeners.get(name) or self.listeners.setdefault(name, listen("127.0.0.1", message["port"]))
        PORTS.add(listener.getsockname()[1])
        parent = os.getpid()
        pid = os.fork()
        if pid:
            self.pids[pid] = message["number"]
            return [pid, listener.getsockname()[1]], []
        try:
            self.leave(fds, parent)
            if app is None:
                start_cold(fds[1], listener, self.cold, self.seal)
            child = Child(Line(fds[1]), listener, app, self)
            child.settle()
        except BaseException:  # noqa: BLE001  # a fork must not go on as the zygote
            traceback.print_exc()
            os._exit(1)
        return child

    def do_run(self, message: Message, fds: List[int]) -> Tuple[object, List[socket.socket]]:
        """Run a command behind the seal; `python` is the service's own."""
        parent = os.getpid()
        pid = os.fork()
        if pid:
            self.pids[pid] = message["number"]
            return pid, []
        try:
            self.leave(fds, parent)
            os.chdir(message["cwd"])
            argv, env = message["argv"], dict(ENVIRONMENT, **message["env"])
            PARTNERS.undeclare(env)
            env["PATH"] = os.path.dirname(sys.executable) + os.pathsep + env.get("PATH", os.defpath)
            signal.signal(signal.SIGPIPE, signal.SIG_DFL)
            os.execvpe(sys.executable if argv[0] in ("python", "python3") else argv[0], argv, env)
        except OSError as problem:
            os.write(2, ("%s: %s\n" % (message["argv"][0], problem.strerror)).encode())
        finally:
            os._exit(127)

    def leave(self, fds: List[int], parent: int) -> None:
        """In a fork: be nobody's zygote any more."""
        run_detached(fds, parent)
        self.line.sock.close()
        for fd in self.wake:
            os.close(fd)
        self.pids = {}


def listen(host: str, port: int) -> socket.socket:
    """A listening TCP socket; IPv6 where the host is written so."""
    sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host, port))
    except OSError as problem:
        sock.close()
        raise OSError(problem.errno, "%s:%d: %s" % (host, port, problem.strerror)) from None
    sock.listen(2048)
    PORTS.add(sock.getsockname()[1])
    return sock


# ── Doors ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def start_cold(line: int, listener: socket.socket, app: str, seal: str) -> NoReturn:
    """Serve from a fresh Python, where the application cannot be forked."""
    os.set_inheritable(line, True)
    listener.set_inheritable(True)
    state = {"line": line, "listener": listener.fileno(), "app": app, "seal": seal, "ports": list(PORTS)}
    os.execve(sys.executable, [sys.executable, HERE, "cold", json.dumps(state)], ENVIRONMENT)


def keep(control: int, life: int, *, sealed: bool) -> Zygote:
    """Fork the zygote and stay behind: when the world closes `life`, everything below is killed."""
    LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # orphans end without a trace
    keeper = os.getpid()
    if os.fork() == 0:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.close(life)
        os.setsid()
        reason = SEAL.seal(PARTNERS.SHADOWS, PARTNERS.AUTHORITIES) if sealed else "not asked for"
        die_with(keeper)
        return born(Line(control), reason)
    os.close(control)
    poller = select.poll()
    poller.register(life, 0)  # POLLHUP alone
    poller.poll()
    for _ in range(2000):
        below = list(children_of(keeper))
        for pid in below:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        if not below:
            break
        time.sleep(0.002)
    os._exit(0)


def born(line: Line, reason: str) -> Zygote:
    """Tell the world that orders are taken, and whether the network is sealed."""
    shadows = {} if reason else PARTNERS.SHADOWS
    line.send({"event": "born", "reason": reason, "python": "%d.%d.%d" % sys.version_info[:3], "shadows": shadows})
    return Zygote(line, reason, {})


def reborn(state: Message) -> Zygote:
    """Go on as the zygote of children that each import the application themselves."""
    listeners = {name: socket.socket(fileno=fd) for name, fd in state["listeners"].items()}
    for sock in listeners.values():
        sock.set_inheritable(False)
    os.set_inheritable(state["control"], False)
    PORTS.update(state["ports"])
    zygote = Zygote(Line(state["control"]), state["seal"], listeners, cold=state["cold"])
    zygote.pids = {int(pid): number for pid, number in state["pids"]}
    return zygote


def chilled(state: Message) -> Child:
    """Import the application in this fresh process and serve it."""
    os.set_inheritable(state["line"], False)
    line, listener = Line(state["line"]), socket.socket(fileno=state["listener"])
    listener.set_inheritable(False)
    PORTS.update(state["ports"])
    modules = len(sys.modules)
    try:
        application = Application(state["app"], held=bool(state["seal"]))
    except FINDING.Refused as refused:
        line.send({"event": "failed", "text": str(refused)})
        sys.exit(1)
    child = Child(line, listener, application, Zygote(line, state["seal"], {}))
    child.modules = modules
    child.settle()
    return child


def main(argv: List[str]) -> int:
    """Take the door that the first argument names, then be zygote and child in turn."""
    if sys.path and os.path.abspath(sys.path[0] or ".") == os.path.dirname(HERE):
        del sys.path[0]
    sys.path.insert(0, os.getcwd())
    sys.argv = [HERE]  # an application that reads its arguments finds none
    hooks = [each for each in ("sqlite", "files") if any(name.startswith(HOOK % each.upper()) for name in ENVIRONMENT)]
    for name in ("hook_line", *(each + "_hook" for each in hooks)) if hooks else ():  # before the application
        beside(name)
    PARTNERS.install(os.environ)
    PARTNERS.World.ports, PARTNERS.World.place = PORTS, PLACE.service_line
    part: Union[Zygote, Child, None]
    if argv[1] == "keep":
        part = keep(int(argv[2]), int(argv[3]), sealed=argv[4] == "sealed")
    else:
        state = json.loads(argv[2])
        part = reborn(state) if argv[1] == "again" else chilled(state)
    if (part.seal if isinstance(part, Zygote) else part.zygote.seal) != "":
        install_shim()
    watch_executors()
    last: Union[Zygote, Child] = part
    while part is not None:
        last, part = part, part.serve()
    return last.status if isinstance(last, Child) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
