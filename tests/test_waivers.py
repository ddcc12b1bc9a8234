"""Waivers: what a person writes, what it covers, and when it ends."""

import textwrap
from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from hotfire import waivers
from hotfire.errors import UsageError
from hotfire.model.judgement import Finding, Unknown
from hotfire.model.run import PathResult, Run
from hotfire.model.waiver import Waiver
from hotfire.testing import PATH
from hotfire.waivers import entry, needless, parse

FINDING = Finding(
    line="retry",
    severity="blocker",
    path="buy",
    step="ann POST /orders #1",
    category="duplicate",
    title="2 rows",
    points=(),
    fix="",
    columns=("orders", "orders.state"),
    evidence=(),
    trial="",
)
UNKNOWN = Unknown(line="retry", path="buy", step="ann POST /orders #1", missing="task left", fix="")

WHO = """
owner = "Ann <ann@example.org>"
reason = "accepted"
until = 2026-12-31
"""
WHOLE = (
    """
[[waiver]]
line = "retry"
path = "buy"
step = "ann POST /orders"
class = "duplicate"
tables = ["orders"]
"""
    + WHO
)


def test_all_fields() -> None:
    assert parse(WHOLE) == (
        Waiver(
            owner="Ann <ann@example.org>",
            reason="accepted",
            until=date(2026, 12, 31),
            line="retry",
            path="buy",
            step="ann POST /orders",
            category="duplicate",
            tables=("orders",),
            place="launch/waivers.toml:2",
        ),
    )


def test_the_entry_that_explain_shows_is_accepted() -> None:
    shown = [line for line in (waivers.__doc__ or "").splitlines() if line.startswith("    ")]
    assert len(parse(textwrap.dedent("\n".join(shown)), known_lines=("retry",))) == 1


def test_none_is_fine() -> None:
    assert parse("# nothing accepted\n") == ()


@pytest.mark.parametrize(
    ("text", "problem", "hint"),
    [
        ("[[waiver", "is no TOML", "explain waivers"),
        ("[[waivers]]", "unknown key 'waivers'", "write [[waiver]]"),
        ("[waiver]", "must be a list of tables", "write [[waiver]]"),
        (WHOLE.replace("owner", "owners"), "waivers.toml:2 has the unknown key 'owners'", "did you mean 'owner'?"),
        (WHOLE.replace('owner = "Ann <ann@example.org>"', ""), "waivers.toml:2 has no owner", "write owner = "),
        (WHOLE.replace("Ann <ann@example.org>", " "), "has an owner that is no text", "write owner = "),
        (WHOLE.replace('"Ann <ann@example.org>"', "7"), "has an owner that is no text", "write owner = "),
        (WHOLE.replace('reason = "accepted"', ""), "waivers.toml:2 has no reason", "write reason = "),
        (WHOLE.replace('reason = "accepted"', 'reason = ""'), "waivers.toml:2 has no reason", "write reason = "),
        (WHOLE.replace("until = 2026-12-31", ""), "waivers.toml:2 has no until", "write until = 2027-01-31"),
        (WHOLE.replace("2026-12-31", '""'), "waivers.toml:2 has no until", "write until = "),
        (WHOLE.replace("2026-12-31", '"end of the year"'), "no day: 'end of the year'", "write until = "),
        (WHOLE.replace("2026-12-31", '"2026-02-30"'), "no day: '2026-02-30'", "write until = "),
        (WHOLE.replace("2026-12-31", "2026-12-31T09:00:00"), "an until that is no day", "write until = "),
        (WHOLE.replace("2026-12-31", "20261231"), "an until that is no day", "write until = "),
        (WHOLE.replace('line = "retry"', 'line = "retri"'), "the line 'retri', which does not exist", "retry"),
        (WHOLE.replace('["orders"]', '"orders"'), "tables that are no list of texts", "write tables = "),
        (WHOLE.replace('step = "ann POST /orders"', ""), "names a finding, and has no step", "write step = "),
        (WHOLE.replace('class = "duplicate"', ""), "names a finding, and has no class", "write class = "),
        (f"[[waiver]]\n{WHO}", "names nothing", "write line = "),
        (f'[[waiver]]\nline = "retry"\n{WHO}', "neither step nor path", "write step = "),
        (f'[[waiver]]\nfingerprint = "3F9C"\n{WHO}', "twelve hex digits: '3F9C'", "fingerprint = "),
        (f"{WHOLE}\n[[waiver]]\n", "waivers.toml:13 has no owner", "write owner = "),
    ],
)
def test_what_cannot_be_meant_names_the_file_the_entry_and_the_field(text: str, problem: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(text, known_lines=("retry",))
    assert caught.value.problem.startswith("launch/waivers.toml")
    assert problem in caught.value.problem
    assert hint in caught.value.hint


def test_a_day_may_be_a_text() -> None:
    (waiver,) = parse(WHOLE.replace("2026-12-31", '"2026-12-31"'))
    assert waiver.until == date(2026, 12, 31)


def read(text: str) -> Waiver:
    (waiver,) = parse(f"[[waiver]]\n{text}\n{WHO}")
    return waiver


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        (f'fingerprint = "{FINDING.fingerprint}"', True),
        ('fingerprint = "0123456789ab"', False),
        ('line = "retry"\nstep = "ann POST /orders"\nclass = "duplicate"', True),
        ('line = "retry"\nstep = "ann POST /orders #1"\nclass = "duplicate"', True),
        ('line = "retry"\nstep = "ann POST /orders #2"\nclass = "duplicate"', False),
        ('line = "retry"\nstep = "ann POST /orders"\nclass = "lost"', False),
        ('line = "inputs"\nstep = "ann POST /orders"\nclass = "duplicate"', False),
        ('line = "retry"\nstep = "ann POST /orders"\nclass = "duplicate"\npath = "sell"', False),
        ('line = "retry"\nstep = "ann POST /orders"\nclass = "duplicate"\ntables = ["orders"]', True),
        ('line = "retry"\nstep = "ann POST /orders"\nclass = "duplicate"\ntables = ["orders", "mails"]', True),
        ('line = "retry"\nstep = "ann POST /orders"\nclass = "duplicate"\ntables = ["orders.state"]', False),
        ('line = "retry"\nstep = "ann POST /orders"\nclass = "duplicate"\ntables = ["mails"]', False),
        (f'fingerprint = "{FINDING.fingerprint}"\nclass = "lost"', False),
        ('line = "retry"\nstep = "ann POST /orders"', False),
    ],
)
def test_which_finding_it_covers(text: str, *, covered: bool) -> None:
    assert read(text).covers(FINDING) is covered


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ('line = "retry"\nstep = "ann POST /orders"', True),
        ('line = "retry"\npath = "buy"', True),
        ('line = "retry"\npath = "sell"', False),
        ('line = "inputs"\nstep = "ann POST /orders"', False),
        (f'fingerprint = "{UNKNOWN.fingerprint}"', True),
        ('line = "retry"\nstep = "ann POST /orders"\nclass = "duplicate"', False),
    ],
)
def test_which_unknown_it_covers(text: str, *, covered: bool) -> None:
    assert read(text).covers(UNKNOWN) is covered
    assert not read(text).covers(replace(UNKNOWN, ours=True)), "nobody may waive a fault of ours"


def test_what_is_accepted_of_a_table_is_not_accepted_where_none_is_told() -> None:
    assert not read('line = "retry"\nstep = "ann POST /orders"\nclass = "duplicate"\ntables = ["orders"]').covers(
        replace(FINDING, columns=())
    )


def test_it_counts_up_to_its_last_day() -> None:
    (waiver,) = parse(WHOLE)
    days = (date(2026, 11, 24), date(2026, 12, 31), date(2027, 1, 1))
    assert [waiver.in_force(day) for day in days] == [True, True, False]


def run(*waivers: Waiver, whole: bool = True, **of_path: object) -> Run:
    result = replace(PathResult(path=PATH, cells={"retry": "passed"}), **of_path)  # type: ignore[arg-type]
    started = "2026-11-24T09:00:00+00:00"
    return Run(
        id="r",
        project="",
        started=started,
        lines=("retry",),
        paths=(result,),
        verdict="GO",
        waivers=waivers,
        whole=whole,
    )


def test_an_expired_one_covers_no_more_and_is_remembered() -> None:
    expired = replace(read(f'fingerprint = "{FINDING.fingerprint}"'), until=date(2026, 11, 23))
    told = run(expired, findings=(FINDING,))
    assert told.waiver_of(FINDING) is None
    assert told.expired_waiver_of(FINDING) == expired
    renewed = replace(expired, until=date(2026, 11, 24))
    assert run(expired, renewed).waiver_of(FINDING) == renewed
    assert run(expired, renewed).expired_waiver_of(FINDING) is None


def test_one_that_nothing_meets_is_told_only_where_all_was_fired_and_judged() -> None:
    waiver = parse(WHOLE)[0]
    assert list(needless(run(waiver))) == [waiver]
    assert not list(needless(run(waiver, findings=(FINDING,))))
    assert not list(needless(run(waiver, whole=False)))
    assert not list(needless(run(waiver, mistake="answered 422")))
    assert not list(needless(run(waiver, unknowns=(UNKNOWN,))))
    assert not list(needless(replace(run(waiver), verdict=None)))
    assert not list(needless(run(replace(waiver, line="inputs")))), "the line was not asked"


@pytest.mark.parametrize(
    ("judgement", "change"),
    list(product((FINDING, replace(FINDING, columns=()), UNKNOWN), ({}, {"step": 'ann GET /a"b\\c\td #1'}))),
)
def test_the_entry_that_is_offered_covers_it_once_it_is_complete(
    judgement: Finding | Unknown, change: dict[str, str]
) -> None:
    met = replace(judgement, **change)
    offered = entry(met)
    with pytest.raises(UsageError, match="has no owner"):
        parse(offered)
    for key, value in (("owner", "Ann"), ("reason", "why"), ("until", "2026-12-31")):
        offered = offered.replace(f'{key} = ""', f'{key} = "{value}"')
    assert parse(offered)[0].covers(met)


def test_a_whole_path_that_was_not_judged_is_named_by_its_path() -> None:
    assert 'path = "buy"' in entry(replace(UNKNOWN, step=""))


def test_what_is_of_a_whole_path_is_accepted_of_this_path_alone() -> None:
    met = replace(FINDING, line="rollback", category="rollback")
    assert 'path = "buy"\nstep = "ann POST /orders"' in entry(met)
    assert met.fingerprint != replace(met, path="gift").fingerprint
    assert FINDING.fingerprint == replace(FINDING, path="gift").fingerprint
