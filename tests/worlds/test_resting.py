"""When a world rests: next to nothing is done, and nobody wants to run."""

import asyncio
import os
import signal
import subprocess
import sys
from dataclasses import replace

from hotfire.worlds.resting import Look, asleep, look, rest, rests, session_of

BEFORE = Look(at=5.0, pids=frozenset({7, 8}), spent=1.0, asleep=True)


def test_who_has_done_nothing_rests():
    assert rests(BEFORE, BEFORE)
    assert rests(BEFORE, replace(BEFORE, spent=1.02))


def test_who_has_worked_does_not():
    assert not rests(BEFORE, replace(BEFORE, spent=1.05))


def test_who_wants_to_run_and_may_not_does_not():
    assert not rests(BEFORE, replace(BEFORE, asleep=False))


def test_where_a_process_was_started_there_is_work():
    assert not rests(BEFORE, replace(BEFORE, pids=frozenset({7, 9})))


def test_who_looks_late_was_kept_waiting_and_so_may_others():
    assert rests(BEFORE, replace(BEFORE, at=5.22))
    assert not rests(BEFORE, replace(BEFORE, at=5.3))


def test_what_nobody_knows_is_no_rest():
    assert not rests(None, BEFORE)
    assert not rests(BEFORE, None)


def test_processes_are_looked_at_by_what_the_kernel_says():
    seen = look([os.getpid()])
    assert seen
    assert not seen.asleep  # it is looking
    assert look([]) is None
    assert look([2**22 + 1]) is None  # beyond what a pid may be
    assert asleep([2**22 + 1])


WORKS = """
import threading

def work():
    while True:
        pass

threading.Thread(target=work).start()
print("up", flush=True)
"""


def test_a_thread_that_works_is_not_asleep():
    with subprocess.Popen([sys.executable, "-c", WORKS], stdout=subprocess.PIPE, text=True) as working:
        assert working.stdout.readline() == "up\n"
        assert not asleep([working.pid])
        working.kill()


def test_a_worker_that_works_is_known_by_the_session_of_who_started_it():
    program = f"import subprocess, sys; sys.exit(subprocess.call([sys.executable, '-c', {WORKS!r}]))"
    command = [sys.executable, "-c", program]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as waiting:
        assert waiting.stdout.readline() == "up\n"
        leader, worker = sorted(session_of([waiting.pid]), key=lambda pid: pid != waiting.pid)
        assert leader == waiting.pid
        assert asleep([leader])
        assert not asleep([leader, worker])
        os.killpg(waiting.pid, signal.SIGKILL)


def test_a_process_that_waits_rests():
    program = "import sys; print('ready', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as waiting:
        assert waiting.stdout.readline() == "ready\n"
        asyncio.run(asyncio.wait_for(rest(lambda: [waiting.pid]), 60))
        assert asleep([waiting.pid])
        waiting.stdin.close()
        assert waiting.wait() == 0
