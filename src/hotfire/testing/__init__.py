"""What authors of checks test with: a world without a service, and builders of the values that a check is given.

    from hotfire.testing import baseline, effect, history, inserted, reply, serial, trial

    def rows(run):                                # what is generated differs from one run to the next
        return [inserted("orders", id=serial(run), item="tea")]

    undisturbed = baseline(rows, effects=[effect("insert orders")])
    killed = trial(undisturbed, "my_line", "kill", when="after")
    said = list(MyCheck().judge(undisturbed, killed, history(rows=[], replies=[reply(200)]), ()))

Everything is pure and gives equal values every time; nothing here is used by hotfire itself.
"""

from hotfire.testing.baselines import PATH, STEP, baseline, history, judged, serial, trial
from hotfire.testing.crossings import commit, effect, exchange, statement
from hotfire.testing.fake_world import FakeWorld
from hotfire.testing.rows import deleted, inserted, reply, updated

__all__ = [
    "PATH",
    "STEP",
    "FakeWorld",
    "baseline",
    "commit",
    "deleted",
    "effect",
    "exchange",
    "history",
    "inserted",
    "judged",
    "reply",
    "serial",
    "statement",
    "trial",
    "updated",
]
