"""./dev bench --path: a critical path of ten steps with six fields each and some forty calls, fired with all lines.

The service is correct, and all that a person reviews is reviewed: the verdict is GO. The goal: at most sixty seconds on
two cores from the first trial to the verdict.
"""

from hotfire.worlds.nursery import Nursery
from tests.bench.benched import HERE
from tests.bench.figures import Figures
from tests.bench.fired import fired

GOALS = {
    "seconds": ("at most", 60.0),
    "processor_s": ("told", 0.0),
    "waiting_s": ("told", 0.0),
    "trials": ("told", 0.0),
    "executed": ("at least", 40.0),
    "go": ("at least", 1.0),
}


async def measure(nursery: Nursery) -> Figures:
    """Fire the project, and tell what took how long."""
    record = await fired(nursery, HERE / "path")
    return Figures(goals=GOALS, values=record.values(), details=record.details())
