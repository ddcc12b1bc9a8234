"""Worlds are forked on demand: each a process of its own, which holds nothing of the engine's and leaves nothing."""

import asyncio
import os
import signal
import socket
from pathlib import Path

import pytest

from hotfire.errors import HotfireError
from hotfire.model.world import LostWorldError
from hotfire.worlds.marks import started
from hotfire.worlds.nursery import Nursery
from hotfire.worlds.remote import RemoteWorld


def test_a_world_leads_a_session_of_its_own_and_holds_nothing_of_the_engines():
    ours, theirs = socket.socketpair()
    with Path(__file__).open() as engines, Nursery() as nursery:
        with theirs:
            pid = nursery.fork("w0", theirs)
        held = {each.readlink() for each in Path(f"/proc/{pid}/fd").iterdir()}
        assert os.getsid(pid) == pid
        assert Path(engines.name) not in held
        ours.close()
        assert nursery.ended(pid) == 0
        assert started(pid) is None


def test_a_world_that_is_there_answers_and_one_that_is_killed_is_told():
    async def story(nursery: Nursery) -> list[int]:
        first, second = RemoteWorld("w0", nursery), RemoteWorld("w1", nursery)
        await first.launch()
        await second.launch()
        with pytest.raises(HotfireError, match="before it was opened"):
            await first.survey("publish")
        os.kill(first.pid, signal.SIGKILL)
        with pytest.raises(LostWorldError, match="signal 9"):
            await first.survey("publish")
        with pytest.raises(HotfireError, match="before it was opened"):
            await second.survey("publish")
        await first.close()
        await second.close()
        return [first.pid, second.pid]

    with Nursery() as nursery:
        pids = asyncio.run(story(nursery))
    assert [started(pid) for pid in pids] == [None, None]


def test_a_world_that_does_not_end_is_killed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("hotfire.worlds.remote._CLOSE_DEADLINE", 0.01)

    async def story(nursery: Nursery) -> int:
        world = RemoteWorld("w0", nursery)
        await world.launch()
        os.kill(world.pid, signal.SIGSTOP)
        await world.close()
        return world.pid

    with Nursery() as nursery:
        assert started(asyncio.run(story(nursery))) is None


def test_a_nursery_that_is_gone_forks_no_world():
    ours, theirs = socket.socketpair()
    with ours, theirs, Nursery() as nursery:
        os.kill(nursery._pid, signal.SIGKILL)
        with pytest.raises(OSError, match=r"gone|Broken pipe|reset"):
            nursery.fork("w0", theirs)
