"""The nursery: a process with all imports done, which forks a world whenever one is wanted.

A world's imports take half a second of a core; a fork of them takes milliseconds, and most of its memory is shared.
The nursery itself is forked of the engine, before that has a loop or a thread, and holds nothing of the engine's but
one line. It ends when that is closed; its worlds end by their own lines.
"""

import gc
import os
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import NoReturn, Self

from hotfire import perturbations
from hotfire.worlds import dependencies, post

_DEADLINE = 10.0  # seconds
_MOST = 64  # bytes of a message: a name, a number


class Nursery:
    """The engine's handle of it. One serves any number of runs, of any loop.

    Its methods block for as long as a fork takes: some milliseconds.
    """

    def __init__(self) -> None:
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._line.settimeout(_DEADLINE)
        perturbations.kinds()  # are found by importing them
        dependencies.kinds()
        gc.freeze()  # what is here stays, and stays shared: no look for garbage goes through it, or writes to it
        sys.stdout.flush()  # what is buffered here must not be told twice
        sys.stderr.flush()
        self._pid = os.fork()
        if self._pid == 0:
            _alone(partial(_tend, theirs))
        theirs.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def fork(self, name: str, line: socket.socket) -> int:
        """A new world, which is asked over `line`: its process, which leads a session of its own.

        Raises:
            OSError: there is no room for another process, or the nursery is gone.
        """
        socket.send_fds(self._line, [name.encode()], [line.fileno()])
        answer = self._answer()
        if answer < 0:
            raise OSError(-answer, os.strerror(-answer))
        return answer

    def ended(self, pid: int) -> int:
        """The status of a world that has closed its line: an exit code, or a signal's number below zero.

        Raises:
            OSError: the nursery is gone, or the world has not ended.
        """
        self._line.send(str(pid).encode())
        return self._answer()

    def close(self) -> None:
        """End it, which has nothing to leave in order. Worlds live on as long as somebody holds their lines."""
        self._line.close()
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)

    def _answer(self) -> int:
        try:
            answer = self._line.recv(_MOST)
        except TimeoutError:
            self._line.close()  # a late answer would be taken for the next one's
            raise
        if not answer:
            raise ConnectionResetError("the process that forks worlds is gone")
        return int(answer)


def _alone(serve: Callable[[], None]) -> NoReturn:
    """In a fork: do this and nothing else; what lies below on the stack is the parent's."""
    status = 1
    try:
        os.setsid()  # Ctrl-C goes to the engine, which closes its worlds in order
        serve()
        status = 0
    except BaseException:  # noqa: BLE001  # the last line of this process
        traceback.print_exc()
    finally:
        os._exit(status)


def _tend(line: socket.socket) -> None:
    """Fork a world for each line that comes, and tell how one ended that is asked for, until the engine is gone."""
    _disown(line.fileno())
    while True:
        message, lines, _, _ = socket.recv_fds(line, _MOST, 1, socket.MSG_CMSG_CLOEXEC)
        if not message:
            return
        if lines:
            _fork(partial(_live, message.decode(), lines[0], line), line)
            os.close(lines[0])
        else:
            _tell(line, os.waitstatus_to_exitcode(os.waitpid(int(message), 0)[1]))


def _fork(serve: Callable[[], None], line: socket.socket) -> None:
    try:
        pid = os.fork()
    except OSError as error:
        _tell(line, -(error.errno or 0))
    else:
        if pid == 0:
            _alone(serve)


def _live(name: str, fd: int, line: socket.socket) -> None:
    """Be a world: tell the engine that it is there, then let go of the nursery's line."""
    with suppress(OSError):
        Path("/proc/self/comm").write_text(f"hotfire {name}", encoding="utf-8")  # as ps and top tell it
    _tell(line, os.getpid())
    line.close()
    post.serve(socket.socket(fileno=fd))


def _tell(line: socket.socket, number: int) -> None:
    line.send(str(number).encode())


def _disown(line: int) -> None:
    """Let go of the engine's descriptors, signals and streams.

    A descriptor's number stays taken: an object of the engine's that ends here must not close another's.
    """
    nothing = os.open(os.devnull, os.O_RDWR)
    for fd in [int(each.name) for each in Path("/dev/fd").iterdir()]:
        if fd not in {2, line, nothing}:
            os.dup2(nothing, fd, inheritable=fd <= 2)
    os.dup2(2, 1)  # what critical_paths.py prints
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.stdout = sys.stderr = os.fdopen(2, "w", buffering=1, closefd=False)
