"""./dev bench --calls: a step of some forty calls over three dependencies, fired with all of `retry` and `failure`.

The goal: at most sixty seconds on two cores from the first trial to the verdict, stalls included.
"""

from hotfire.worlds.nursery import Nursery
from tests.bench.benched import HERE
from tests.bench.figures import Figures
from tests.bench.fired import fired

LINES = ("retry", "failure")
GOALS = {"seconds": ("at most", 60.0), "processor_s": ("told", 0.0), "calls": ("at least", 40.0)}


async def measure(nursery: Nursery) -> Figures:
    """Fire the project, and tell what took how long."""
    record = await fired(nursery, HERE / "calls", LINES)
    return Figures(goals=GOALS, values=record.values(), details=record.details())
