"""./dev bench --mutator: the one-place mutator of `inputs`: cases a second, and the constraints that it notices.

Cases are counted with all that they need: the spots read, validators compiled, each case judged by jsonschema-rs. The
processor's time is taken, for others may use the machine, too.
"""

import time

from hotfire.mutation import cases
from hotfire.worlds.nursery import Nursery
from tests.bench.figures import Figures, middle
from tests.bench.machine import load
from tests.bench.weakening import bodies, weighed

GOALS = {
    "cases_per_s": ("at least", 20_000.0),
    "noticed": ("at least", 0.98),
    "removals": ("told", 0.0),
    "bodies": ("at least", 30.0),
}
_TIMES = 5


async def measure(nursery: Nursery) -> Figures:
    """Make all cases of all bodies, five times; then weaken every document. No world is needed."""
    del nursery
    all_bodies = bodies()
    sent = {body.name: (body.filled(), body.operation()) for body in all_bodies}
    speeds, counts = [], {}
    for _ in range(_TIMES):
        begun = time.process_time()
        counts = {name: sum(1 for _ in cases(request, operation)) for name, (request, operation) in sent.items()}
        speeds.append(sum(counts.values()) / (time.process_time() - begun))
    found = {body.name: weighed(body) for body in all_bodies}
    noticed, missed = (sum(len(getattr(each, which)) for each in found.values()) for which in ("noticed", "missed"))
    figures = Figures(goals=GOALS)
    figures.values = {
        "cases_per_s": middle(speeds),
        "noticed": noticed / (noticed + missed),
        "removals": float(noticed + missed),
        "bodies": float(len(all_bodies)),
    }
    figures.details = {
        "missed": {name: each.missed for name, each in found.items() if each.missed},
        "cases": counts,
        "load": load(),
    }
    return figures
