"""The figures, their goals, and how they are told."""

import json
from dataclasses import dataclass, field
from statistics import median

GOALS: dict[str, tuple[str, float]] = {
    "trial_ratio": ("at most", 6.0),
    "trial_cpu_ms": ("at most", 135.0),
    "trials_per_s": ("told", 0.0),
    "two_worlds_factor": ("at least", 1.6),
    "border_share": ("at most", 0.10),
    "restore_ratio": ("at most", 0.05),
    "restore_growth": ("at most", 2.0),
    "start_cpu_ms": ("at most", 30.0),
}
OF_A_TRIAL: dict[str, tuple[str, float]] = {
    "trial_ratio": ("at most", 8.0),
    "trial_cpu_ms": ("told", 0.0),
    "trials_per_s": ("told", 0.0),
}
"""Django's and Flask's: their bare requests are cheaper than FastAPI's, a trial's two starts are not."""
MEANINGS = {
    "trial_ratio": "a kill trial over two bare warm requests",
    "trial_cpu_ms": "processor time of a kill trial, all processes",
    "trials_per_s": "kill trials a second of one world",
    "two_worlds_factor": "trials a second of two worlds over one",
    "border_share": "of a warm request's time",
    "restore_ratio": "undo of 8 rows in 3 transactions over a template copy, 10 MB",
    "restore_growth": "undo at 1 GB over undo at 10 MB",
    "seconds": "from the first trial to the verdict",
    "processor_s": "processor time meanwhile, all processes",
    "waiting_s": "of the trials that mostly wait, one by one",
    "trials": "trials of all lines",
    "calls": "calls of the path's steps to their dependencies, set-up of connections and statements with them",
    "executed": "calls of the path's steps that do anything",
    "go": "whether the verdict is GO",
    "cases_per_s": "cases of the one-place mutator, each validated, a second of processor time",
    "noticed": "of the constraints that a document may lose, those that some case notices",
    "removals": "constraints taken away, one at a time",
    "bodies": "request bodies of varied documents",
    "start_cpu_ms": "processor time from fork to first response",
}


def middle(values: list[float]) -> float:
    """The median, to four figures."""
    return float(f"{median(values):.4g}")


@dataclass(slots=True)
class Figures:
    """What was measured: the figures that have goals, and the details that they were made of."""

    goals: dict[str, tuple[str, float]] = field(default_factory=lambda: GOALS)
    values: dict[str, float] = field(default_factory=dict)
    details: dict[str, object] = field(default_factory=dict)

    def missed(self) -> list[str]:
        """Names of the figures that do not reach their goal."""
        return [name for name, (kind, goal) in self.goals.items() if not reached(self.values[name], kind, goal)]

    def told(self) -> str:
        """A line a figure, and the details."""
        lines = [self._line(name, kind, goal) for name, (kind, goal) in self.goals.items()]
        return "\n".join([*lines, json.dumps(self.details, indent=2)])

    def document(self) -> dict[str, object]:
        """One object: the figures, their goals, which are missed, the details."""
        goals = {name: f"{kind} {goal:g}" for name, (kind, goal) in self.goals.items() if kind != "told"}
        values = {name: round(value, 4) for name, value in self.values.items()}
        return {**values, "goals": goals, "missed": self.missed(), **self.details}

    def _line(self, name: str, kind: str, goal: float) -> str:
        value = self.values[name]
        wanted = "" if kind == "told" else f"{kind} {goal:g}"
        mark = " " if reached(value, kind, goal) else "!"
        return f"{mark} {name:<18} {value:>9.4g}   {wanted:<14} {MEANINGS[name]}"


def reached(value: float, kind: str, goal: float) -> bool:
    """Whether a figure reaches its goal."""
    return value <= goal if kind == "at most" else value >= goal
