"""The oracle under generated states: renaming never matters, a lost, doubled, altered or re-tied row always does."""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hotfire.equality import Different, Equal, Oracle, State
from hotfire.model.history import Reply, RowChange

TYPES = {"db.nodes": {"made_at": "timestamp with time zone"}, "db.leaves": {"id": "uuid"}}
PRIMES = (0, 1009, 2027, 4001, 6007)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run leaves, without the generated values: nodes with a label and a parent, and leaves on nodes."""

    nodes: tuple[tuple[str, int | None], ...]
    leaves: tuple[tuple[int, str, int], ...]


few = settings(max_examples=40)
labels = st.sampled_from(["", "red", "blue", "a longer text"])


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    size = draw(st.integers(1, 7))
    nodes = tuple((draw(labels), draw(st.none() | st.integers(0, at - 1)) if at else None) for at in range(size))
    leaf = st.tuples(st.integers(0, size - 1), labels, st.integers(0, 2))
    return Plan(nodes=nodes, leaves=tuple(draw(st.lists(leaf, max_size=6))))


def left(plan: Plan, run: int, *, base: int = 3_000_000, burnt: int = 0) -> State:
    """The state that a run of the plan leaves; ids, instants and order are the run's own."""
    luck = random.Random(f"{run} {burnt}")  # noqa: S311 (luck from a seed)
    ids = [base + PRIMES[run] + at + burnt * luck.randint(0, 1) * (at > 0) for at in range(len(plan.nodes))]
    ids = [each + at * burnt for at, each in enumerate(ids)]
    rows = [_node(ids, at, label, parent, run) for at, (label, parent) in enumerate(plan.nodes)]
    rows += [_leaf(ids[node], label, number, luck) for node, label, number in plan.leaves]
    luck.shuffle(rows)
    body = json.dumps({"id": ids[0], "url": f"/nodes/{ids[0]}", "count": len(ids)})
    return State(rows=tuple(rows), replies=(Reply(send=0, attempt=1, actor="ann", status=201, body=body),))


def _node(ids: Sequence[int], at: int, label: str, parent: int | None, run: int) -> RowChange:
    after = {
        "id": str(ids[at]),
        "label": label,
        "parent_id": None if parent is None else str(ids[parent]),
        "slug": f"{label or 'x'}-{ids[at]}",
        "made_at": f"2026-11-24 14:0{run}:{at:02}.5+00",
    }
    return RowChange(store="db", table="nodes", before=None, after=after)


def _leaf(node: int, label: str, number: int, luck: random.Random) -> RowChange:
    about = json.dumps({"node": {"id": node}, "number": number, "token": f"{luck.getrandbits(64):016x}"})
    after = {"id": str(uuid.UUID(int=luck.getrandbits(128))), "node_id": str(node), "label": label, "about": about}
    return RowChange(store="db", table="leaves", before=None, after=after)


def learned(plan: Plan, base: int = 3_000_000) -> Oracle:
    oracle = Oracle.learn([left(plan, run, base=base) for run in (0, 1, 2)], TYPES)
    assert oracle.trouble is None
    return oracle


def canonical(plan: Plan) -> object:
    """Independent of the oracle: forests are the same when their nested, sorted forms are (Aho, Hopcroft, Ullman)."""

    def form(at: int | None) -> object:
        under = sorted(repr(form(child)) for child, (_, parent) in enumerate(plan.nodes) if parent == at)
        if at is None:
            return under
        hung = sorted((label, number) for node, label, number in plan.leaves if node == at)
        return (plan.nodes[at][0], at == 0, hung, under)

    return form(None)


@few
@given(plan=plans(), burnt=st.integers(0, 5))
def test_renamed_and_shuffled_is_equal(plan: Plan, burnt: int) -> None:
    assert learned(plan).compare(left(plan, 3, burnt=burnt)) == Equal()


@few
@given(plan=plans(), base=st.sampled_from([1, 400, 100_000]))
def test_short_ids_too(plan: Plan, base: int) -> None:
    """Without ranges of their own: what is shared is learned."""
    assert learned(plan, base).compare(left(plan, 3, base=base)) == Equal()


@few
@given(plan=plans(), data=st.data())
def test_a_lost_row_differs(plan: Plan, data: st.DataObject) -> None:
    whole = left(plan, 3)
    at = data.draw(st.integers(0, len(whole.rows) - 1))
    comparison = learned(plan).compare(replace(whole, rows=whole.rows[:at] + whole.rows[at + 1 :]))
    assert isinstance(comparison, Different)
    assert whole.rows[at].table in {difference.table for difference in comparison.differences}


@few
@given(plan=plans(), data=st.data())
def test_a_doubled_row_differs(plan: Plan, data: st.DataObject) -> None:
    whole = left(plan, 3)
    row = data.draw(st.sampled_from(whole.rows))
    new_id = "3999999" if row.table == "nodes" else str(uuid.UUID(int=1))
    double = replace(row, after={**(row.after or {}), "id": new_id})
    comparison = learned(plan).compare(replace(whole, rows=(*whole.rows, double)))
    assert isinstance(comparison, Different)
    assert [difference.columns for difference in comparison.differences] == [(row.table,)]


@few
@given(plan=plans(), data=st.data())
def test_an_altered_literal_differs(plan: Plan, data: st.DataObject) -> None:
    whole = left(plan, 3)
    at = data.draw(st.integers(0, len(whole.rows) - 1))
    row = whole.rows[at]
    altered = replace(row, after={**(row.after or {}), "label": "altered"})
    comparison = learned(plan).compare(replace(whole, rows=(*whole.rows[:at], altered, *whole.rows[at + 1 :])))
    assert isinstance(comparison, Different)
    assert any(row.table in difference.columns[0] for difference in comparison.differences)


@settings(max_examples=100)
@given(plan=plans(), data=st.data())
def test_tied_otherwise_differs_unless_the_same_but_for_names(plan: Plan, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(plan.nodes) - 1))
    assume(at > 0)
    nodes = list(plan.nodes)
    nodes[at] = (nodes[at][0], data.draw(st.none() | st.integers(0, at - 1)))
    other = replace(plan, nodes=tuple(nodes))
    comparison = learned(plan).compare(left(other, 3))
    assert isinstance(comparison, Equal) == (canonical(plan) == canonical(other))


@few
@given(plan=plans(), other=plans())
def test_two_plans(plan: Plan, other: Plan) -> None:
    comparison = learned(plan).compare(left(other, 3))
    assert isinstance(comparison, Equal) == (canonical(plan) == canonical(other))
    if isinstance(comparison, Different):
        assert comparison.differences
        assert all(difference.text and difference.columns for difference in comparison.differences)
