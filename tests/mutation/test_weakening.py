"""What a document may lose is noticed: for nearly every constraint taken away, some case was wrong by it alone."""

from hotfire.openapi import Judge
from tests.bench.weakening import bodies, weighed


def test_nearly_every_constraint_that_a_document_loses_is_noticed() -> None:
    found = [weighed(body) for body in bodies()]
    noticed, missed = sum(len(each.noticed) for each in found), [place for each in found for place in each.missed]
    assert len(found) >= 30
    assert noticed > 1_000
    assert noticed / (noticed + len(missed)) >= 0.98, missed


def test_the_recorded_bodies_are_valid_and_so_are_the_filled_ones() -> None:
    for body in bodies():
        judge = Judge.of(body.operation())
        assert judge.objection(body.request) == ""
        assert judge.objection(body.filled()) == ""
