"""The oracle: learns from clean runs what is generated, and compares a state with every one of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from hotfire.equality.alternatives import with_alternatives
from hotfire.equality.graph import Graph, draw, vocabulary
from hotfire.equality.noise import ENOUGH, Noise, learn
from hotfire.equality.outcome import Comparison, Different, Equal, NotComparable, State
from hotfire.equality.record import Layout, Record, is_answer, objects, records
from hotfire.equality.wording import differences

Columns = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Oracle:
    """What one undisturbed run leaves, in canonical form. Made once for a baseline by `learn`.

    `trouble` is what keeps states from being compared at all: then every comparison answers it.
    """

    layout: Layout
    noise: Noise
    clean: tuple[Graph, ...]
    trouble: NotComparable | None = None
    reference: str = "one run"

    @classmethod
    def learn(
        cls,
        clean: Sequence[State],
        columns: Columns,
        ignore: Sequence[str] = (),
        constants: Collection[str] = (),
        like: "Oracle | None" = None,
        reference: str = "one run",
    ) -> "Oracle":
        """Learn from three clean runs or more; from one or more where an oracle of the same step lends its noise.

        `columns` maps "store.table" to column → the server's type name; `ignore` names what is no state ("audit_log",
        "jobs.attempts", "jobs.result:took", "answer body.took"); `constants` are values that are never generated.
        `reference` is what differences call the clean runs, in the singular ("one sending after the other").
        """
        layout = _layout(clean, frozenset(ignore), like)
        known = _known(like, clean, layout) if like else Noise()
        noise, graphs = _learned(clean, layout, _types(columns), constants, known)
        if not _agree(graphs) and not layout.unordered:
            loose = replace(layout, unordered=True)
            noise_of_sets, sets = _learned(clean, loose, _types(columns), constants, known)
            if _agree(sets):
                layout, noise, graphs = loose, noise_of_sets, sets
        return cls(layout=layout, noise=noise, clean=graphs, trouble=_trouble(noise, graphs, like), reference=reference)

    @property
    def generated(self) -> frozenset[str]:
        """The columns that are masked: "table.column", "table.column:json.path", "answer POST /x body.id"."""
        return frozenset(self.noise.columns)

    @property
    def ignored(self) -> frozenset[str]:
        """What the team declared to be no state."""
        return self.layout.ignore

    def compare(self, state: State) -> Comparison:
        """Whether the state is that of one clean run."""
        if self.trouble:
            return self.trouble
        graph = draw(records(state, self.layout), self.noise)
        if any(graph.form == clean.form for clean in self.clean):
            return Equal()
        return Different(differences=differences(graph, self.clean[-1], self.reference))


def compare_any(state: State, references: Sequence[Oracle]) -> Comparison:
    """Equal if the state equals any reference, else its difference from the nearest one.

    A reference that cannot be compared with could have been equal: then the answer is NotComparable.
    """
    answers = [reference.compare(state) for reference in references]
    equal = [answer for answer in answers if isinstance(answer, Equal)]
    unknown = [answer for answer in answers if isinstance(answer, NotComparable)]
    if equal or unknown:
        return (equal or unknown)[0]
    different = [answer for answer in answers if isinstance(answer, Different)]
    return min(different, key=lambda answer: len(answer.differences))


def _learned(
    clean: Sequence[State], layout: Layout, types: Mapping[str, str], constants: Collection[str], known: Noise
) -> tuple[Noise, tuple[Graph, ...]]:
    runs = [records(state, layout) for state in clean]
    noise = _with_words(learn(runs, types, constants, known), runs, known)
    return noise, tuple(draw(run, noise) for run in runs)


def _known(like: Oracle, clean: Sequence[State], layout: Layout) -> Noise:
    seen = [[vertex.record for vertex in graph.vertices] for graph in like.clean]
    return with_alternatives(like.noise, seen, [records(state, layout) for state in clean])


def _agree(graphs: Sequence[Graph]) -> bool:
    return len({graph.form for graph in graphs}) == 1


def _trouble(noise: Noise, graphs: Sequence[Graph], like: Oracle | None) -> NotComparable | None:
    if like and like.trouble:
        return like.trouble
    if len(graphs) < (1 if like else ENOUGH):
        return NotComparable(
            reason=f"{len(graphs)} undisturbed runs are too few to learn what is generated",
            fix=f"run the step undisturbed {ENOUGH} times",
        )
    if noise.unstable:
        return _unstable(noise.unstable)
    return None if _agree(graphs) else _disagreeing(graphs)


def _types(columns: Columns) -> dict[str, str]:
    return {
        f"{table.partition('.')[2] or table}.{column}": kind
        for table, kinds in columns.items()
        for column, kind in kinds.items()
    }


def _layout(clean: Sequence[State], ignore: frozenset[str], like: Oracle | None) -> Layout:
    if like:
        return replace(like.layout, ignore=like.layout.ignore | ignore)
    layout = Layout(ignore=ignore)
    while True:  # an object with generated keys may hold others
        keyed = layout.keyed | _keyed([objects(state, layout) for state in clean])
        if keyed == layout.keyed:
            return layout
        layout = replace(layout, keyed=keyed)


def _keyed(runs: Sequence[Mapping[str, set[str]]]) -> frozenset[str]:
    """The objects of which every run has keys of its own, as many as the others: they are generated."""
    names = set.intersection(*(set(run) for run in runs)) if runs else set()
    return frozenset(name for name in names if _has_own([run[name] for run in runs]))


def _has_own(keys: Sequence[set[str]]) -> bool:
    common = set.intersection(*keys)
    own = [each - common for each in keys]
    return all(own) and len({len(each) for each in own}) == 1 and not set.intersection(*own[:2])


def _with_words(noise: Noise, runs: Sequence[Sequence[Record]], known: Noise) -> Noise:
    found = [vocabulary(run, noise) for run in runs]
    columns = {
        name: column
        if name in known.columns
        else replace(column, words=frozenset(set.intersection(*(each.get(name, set()) for each in found))))
        for name, column in noise.columns.items()
    }
    return replace(noise, columns=columns)


def _unstable(unstable: Mapping[str, tuple[str, ...]]) -> NotComparable:
    name, values = next(iter(unstable.items()))
    shown = " or ".join(repr(value) for value in values)
    return NotComparable(
        reason=f"undisturbed runs do not agree in {name}: {shown}",
        fix=_ignore(tuple(unstable)),
        columns=tuple(unstable),
    )


def _disagreeing(clean: Sequence[Graph]) -> NotComparable:
    other = next(graph for graph in clean if graph.form != clean[0].form)
    found = differences(other, clean[0], "another")
    columns = tuple(sorted({column for difference in found for column in difference.columns}))
    return NotComparable(
        reason="undisturbed runs do not agree: " + "; ".join(difference.text for difference in found[:3]),
        fix=_ignore(columns),
        columns=columns,
    )


def _ignore(columns: tuple[str, ...]) -> str:
    shown = ", ".join(f'"{column}"' for column in columns)
    why = "make the answer repeatable, or " if any(map(is_answer, columns)) else ""
    return f"if this is no state of yours, {why}write [tool.hotfire.state] ignore = [{shown}]"
