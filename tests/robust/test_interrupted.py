"""Ctrl-C, and a world that dies: a clear message, the exit code, and nothing left."""

import os
import signal

import pytest

from tests.robust import remains
from tests.robust.project import PATIENCE, Project, project

SLOW = "import time; time.sleep(600)\n"


def _trials(target: Project) -> int:
    return len(list(target.folder.glob(".hotfire/2*/trials/*.json")))


def _text(target: Project) -> str:
    return (target.room.parent / "stderr").read_text()


MOMENTS = {
    "while the server starts": lambda target: "starting the database server" in _text(target),
    "while it prepares": lambda target: "preparing" in _text(target),
    "while worlds open": lambda target: "opening" in _text(target),
    "while trials run": lambda target: _trials(target) > 0,
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_ctrl_c_leaves_nothing_and_exits_2(moment):
    with project() as target:
        with (target.room.parent / "stderr").open("w") as said:
            engine = target.start("check", "-j", "2", stderr=said)
            assert remains.wait(lambda: MOMENTS[moment](target)), _text(target)
            engine.send_signal(signal.SIGINT)
            engine.communicate(timeout=PATIENCE)
        assert engine.returncode == 2, _text(target)
        assert "interrupted; what has ended is kept" in _text(target)
        assert "Traceback" not in _text(target)
        remains.nothing_left(target)


def test_ctrl_c_ends_a_prepare_that_hangs():
    with project(schema="print('waiting', flush=True)\n" + SLOW) as target:
        with (target.room.parent / "stderr").open("w") as said:
            engine = target.start("check", "-j", "1", stderr=said)
            assert remains.wait(lambda: any("schema.py" in each.says for each in remains.processes(target)))
            engine.send_signal(signal.SIGINT)
            engine.communicate(timeout=PATIENCE)
        assert engine.returncode == 2, _text(target)
        remains.nothing_left(target)


def test_what_was_interrupted_can_be_read():
    with project() as target:
        with (target.room.parent / "stderr").open("w") as said:
            engine = target.start("check", "-j", "1", stderr=said)
            assert remains.wait(lambda: _trials(target) > 1), _text(target)
            engine.send_signal(signal.SIGINT)
            engine.communicate(timeout=PATIENCE)
        ended = target.run("report", "latest")
        assert ended.code == 0, ended
        assert "interrupted before its end" in ended.out
        trial = next(target.folder.glob(".hotfire/2*/trials/*.json")).stem
        assert target.run("show", trial).code == 0


def test_a_world_that_is_killed_is_told_plainly():
    with project() as target:
        with (target.room.parent / "stderr").open("w") as said:
            engine = target.start("check", "-j", "1", stderr=said)
            assert remains.wait(lambda: _trials(target) > 0), _text(target)
            world = next(each for each in remains.processes(target) if each.name == "hotfire w0")
            os.kill(world.pid, signal.SIGKILL)
            engine.communicate(timeout=PATIENCE)
        told = _text(target)
        assert engine.returncode == 3, told
        assert "ended in the middle of its work (signal 9: did the machine run out of memory?)" in told
        assert "hotfire report latest" in told
        assert "Traceback" not in told
        remains.nothing_left(target)
