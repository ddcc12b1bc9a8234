"""One cause, one finding: which findings are merged, and which speaks for the others."""

from dataclasses import replace

from hotfire.causes import merged
from hotfire.model.judgement import Evidence, Finding

STEP = "ann POST /orders #1"


def found(category: str, *columns: str, step: str = STEP, point: str = "sent twice") -> Finding:
    return Finding(
        line="retry",
        severity="blocker",
        path="buy",
        step=step,
        category=category,
        title=f"{category} in {', '.join(columns)}",
        points=(point,),
        fix="a unique key",
        columns=columns,
        evidence=(Evidence(trial="1234", pointer="state"),),
        trial="1234",
    )


def told(*findings: Finding) -> list[tuple[str, tuple[str, ...]]]:
    return [(finding.category, finding.points) for finding in merged(findings)]


def test_tables_that_meet_are_one_cause_and_the_fewest_columns_speak() -> None:
    wide, narrow = found("lost", "orders", "orders.paid", point="killed"), found("lost", "orders", point="cut")
    assert told(wide, narrow) == [("lost", ("cut", "killed"))]


def test_other_tables_classes_and_endpoints_are_other_causes() -> None:
    others = [found("lost", "jobs"), found("duplicate", "orders"), found("lost", "orders", step="bob POST /orders #1")]
    assert len(told(found("lost", "orders"), *others)) == 4


def test_an_endpoint_that_a_path_asks_twice_is_one_cause() -> None:
    again = found("lost", "orders", step="ann POST /orders #2", point="killed")
    assert told(found("lost", "orders"), again) == [("lost", ("sent twice", "ann POST /orders #2: killed"))]


def test_a_race_that_doubles_what_a_retry_doubles_comes_behind_it_whatever_it_names() -> None:
    race = found("race", "orders", point="two at once")
    duplicate = found("duplicate", "orders", "orders.paid")
    for order in ([race, duplicate], [duplicate, race]):
        assert told(*order) == [("duplicate", ("sent twice", "race: two at once"))]


def test_what_is_of_one_cause_with_a_race_is_so_with_what_speaks_for_it() -> None:
    race, answered = found("race", "orders", point="two at once"), found("race", point="two at once, answered 500")
    assert told(race, answered, found("duplicate", "orders")) == [
        ("duplicate", ("sent twice", "race: two at once", "race: two at once, answered 500"))
    ]


def test_a_race_that_shows_in_other_tables_or_alone_is_a_cause_of_its_own() -> None:
    assert len(told(found("duplicate", "orders"), found("race", "orders", "payments"))) == 2
    assert len(told(found("duplicate", "orders"), replace(found("race"), columns=()))) == 2
    assert told(found("race", "orders")) == [("race", ("sent twice",))]


def test_what_a_refusal_leaves_comes_behind_the_half_that_is_left() -> None:
    refused = found("effect on a refused request", "locks", point="answered 400")
    partial = found("partial state", "locks", "reports", point="killed")
    assert told(refused, partial) == [("partial state", ("killed", "effect on a refused request: answered 400"))]
