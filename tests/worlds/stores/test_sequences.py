"""Sequences are moved to ranges of their own, and never out of their column's room."""

from hypothesis import given
from hypothesis import strategies as st

from hotfire.worlds.stores.postgres.sequences import Sequence, advanced, spread

WIDE, NARROW = 2**63 - 1, 32767


def sequence(oid, limit=WIDE, last=1, increment=1, least=1):
    return Sequence(oid=oid, name=f"s{oid:04}", last=last, increment=increment, least=least, limit=limit)


def test_ranges_are_a_million_apart_in_the_order_of_names():
    assert spread([sequence(2), sequence(1)]) == {1: 1_000_000, 2: 2_000_000}


def test_numbers_in_use_are_left_below():
    assert spread([sequence(1, last=2_500_000), sequence(2), sequence(3)]) == {1: 3_000_000, 2: 2_000_000, 3: 4_000_000}


def test_small_types_share_what_there_is():
    moved = spread([sequence(1, limit=NARROW), sequence(2, limit=NARROW), sequence(3)])
    assert moved[1] < moved[2] < NARROW
    assert moved[3] == 1_000_000


def test_many_integers_move_closer_together():
    moved = spread(sequence(oid, limit=2**31 - 1) for oid in range(1, 4000))
    assert len(set(moved.values())) == 3999
    assert max(moved.values()) < 2**31 - 1


def test_one_that_counts_down_stays():
    assert spread([sequence(1, increment=-1)]) == {}


@given(
    last=st.integers(1, NARROW),
    increment=st.sampled_from([-50, -1, 1, 50]),
    limit=st.sampled_from([100, NARROW, WIDE]),
    prime=st.sampled_from([1009, 2003, 99991]),
)
def test_a_sequence_never_leaves_its_room(last, increment, limit, prime):
    given_one = sequence(1, limit=limit, last=min(last, limit), increment=increment)
    assert 1 <= advanced(given_one, prime) <= limit
    assert spread([given_one]).get(1, 0) < limit
