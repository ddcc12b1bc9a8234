"""Silence: the gaps of clean runs, by value."""

import asyncio

from hotfire.model.history import History, LogLine, Reply
from hotfire.worlds.silence import FACTOR, FIRST, LEAST, Hush, Silence, last_sign, longest_gap


def run(begun: float, ended: float, *lines: float) -> History:
    reply = Reply(send=0, attempt=1, actor="ann", status=200, headers=(), body="", cut="", begun=begun, ended=ended)
    logs = tuple(LogLine(process="web.0", text="", at=at) for at in lines)
    return History(trial="", world="w0", replies=(reply,), state=(), exchanges=(), effects=(), logs=logs)


def test_the_longest_gap_is_between_two_signs_of_one_run():
    assert longest_gap(run(0.1, 0.3, 0.8)) == 0.5
    assert longest_gap(run(0.1, 0.1)) == 0.0


def test_lines_of_the_start_are_no_signs_of_the_step():
    assert longest_gap(run(0.1, 0.3, -4.0)) == 0.3 - 0.1


def test_the_last_sign_is_when_the_step_was_over():
    assert last_sign(run(0.1, 0.3, 0.8)) == 0.8


def test_silence_is_three_times_the_longest_gap_and_never_short():
    silence = Silence()
    silence.learn(run(0.125, 0.1875))
    assert silence.seconds == FIRST
    silence.learning = False
    assert silence.seconds == LEAST
    silence.learn(run(0.5, 1.5))
    silence.learn(run(0.125, 0.1875))
    assert silence.seconds == FACTOR * 1.0


def test_silence_is_counted_by_looks():
    hush = Hush(every=0.25, now=8.0, heard=7.0)
    assert hush.look(8.25, 7.0) == 0.25
    assert hush.look(8.75, 7.0) == 0.75
    assert hush.look(18.75, 7.0) == 1.25  # we were kept waiting, and so may others have been
    assert hush.look(19.0, 18.875) == 0.125
    assert hush.look(19.25, 18.875) == 0.375


def test_signs_that_go_on_are_named_at_the_deadline():
    async def story() -> None:
        silence = Silence()
        silence.learning = False
        loop = asyncio.get_running_loop()
        said = await silence.wait(loop.time, 0.05)
        assert said == ("no silence of 0.3 s within 0.05 s: the service goes on by itself",)

    asyncio.run(story())
