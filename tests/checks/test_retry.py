"""The check of `retry`, by value: what it plans, and what each trial proves."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from hotfire.checks import check_named
from hotfire.checks.retry import Retry
from hotfire.model.call import Outcome
from hotfire.model.check import Judged
from hotfire.model.history import Baseline, History, Reply, RowChange
from hotfire.model.judgement import Finding, Judgement, Remark, Unknown
from hotfire.model.trial import Trial
from hotfire.testing import (
    STEP,
    baseline,
    deleted,
    effect,
    exchange,
    history,
    inserted,
    judged,
    reply,
    serial,
    trial,
    updated,
)

CHECK = Retry()
ORDER, MAIL = effect("insert orders", call=1), effect("insert mails", call=2)
LATE = effect("insert mails", call=2, answered=True)
POINT = {
    "dependency": ORDER.point.dependency,
    "signature": ORDER.point.signature,
    "occurrence": ORDER.point.occurrence,
}
TRIAL = 9  # the number of the run in which trials get their generated values


def order(run: int, number: int = 1) -> RowChange:
    return inserted("orders", id=serial(run, number), item="tea")


def mail(run: int, number: int = 1) -> RowChange:
    return inserted("mails", id=serial(run, 500 + number), order_id=serial(run, number), text="thank you")


def rows(run: int) -> list[RowChange]:
    return [order(run), mail(run)]


def twice(run: int) -> list[RowChange]:
    return [order(run), mail(run), order(run, 2), mail(run, 2)]


def answered(run: int) -> Reply:
    return reply(201, {"id": int(serial(run))})


BOTH = baseline(rows, effects=[ORDER, MAIL], answer=answered)
RIGHT = rows(TRIAL)
RETRIED = (reply(500), replace(answered(TRIAL), attempt=2))


def say(of: Baseline, one: Trial, shown: History, before: Sequence[Judged] = ()) -> list[Judgement]:
    return list(CHECK.judge(of, one, shown, before))


def killed(of: Baseline = BOTH, **changes: object) -> Trial:
    return trial(of, "retry", "kill", **{**POINT, "when": "after", **changes})  # type: ignore[arg-type]


def one_finding(said: Sequence[Judgement]) -> Finding:
    found = [each for each in said if isinstance(each, Finding)]
    assert len(said) == len(found) == 1, said
    return found[0]


def sequence(of: Baseline, left: Sequence[RowChange], *replies: Reply, **arguments: str | bool) -> Judged:
    shown = history(left, replies or (reply(201), reply(201, send=1)))
    return judged(trial(of, "retry", "in_sequence", **arguments), shown)


# plan


def planned(of: Baseline, before: Sequence[Judged] | None = None) -> list[tuple[str, str]]:
    done = [sequence(of, RIGHT)] if before is None else before
    return [
        (each.perturbation, str(each.arguments.get("when", "")))
        for each in CHECK.plan(of, done)
        if each.perturbation != "in_sequence"
    ]


def test_the_check_is_found_by_its_line() -> None:
    assert check_named("retry") == CHECK


def test_first_what_the_others_are_judged_against() -> None:
    kinds = [each.perturbation for each in CHECK.plan(BOTH, ())]
    assert kinds[0] == "in_sequence"
    assert "in_sequence" not in kinds[1:]
    peers = replace(BOTH, step=replace(STEP, peers=("bob",)))
    assert [each.arguments for each in CHECK.plan(peers, ())][:3] == [
        {},
        {"peer": "bob"},
        {"peer": "bob", "peer_first": True},
    ]


def test_e_effects_give_e_plus_1_kills_and_2e_lost_messages() -> None:
    kinds = [kind for kind, _ in planned(BOTH)]
    assert [when for kind, when in planned(BOTH) if kind == "kill"] == ["before", "after", "after"]
    assert (kinds.count("lost_call"), kinds.count("lost_reply")) == (2, 2)
    assert (kinds.count("terminated"), kinds.count("client_gone"), kinds.count("at_once")) == (1, 2, 2)


def test_the_answer_to_the_client_is_an_event_between_two_effects() -> None:
    late = baseline(rows, effects=[ORDER, LATE])
    assert [when for kind, when in planned(late) if kind == "kill"] == ["before", "after", "before", "after"]
    assert [kind for kind, _ in planned(late)].count("at_once") == 1


def test_peers_race_too() -> None:
    peers = replace(BOTH, step=replace(STEP, peers=("bob",)))
    races = [
        each.arguments.get("peer")
        for each in CHECK.plan(peers, [sequence(peers, RIGHT)])
        if each.perturbation == "at_once"
    ]
    assert races == [None, "bob", None, "bob"]


def test_one_process_in_production_races_in_one_process() -> None:
    one = replace(BOTH, processes=1)
    races = [each for each in CHECK.plan(one, [sequence(one, RIGHT)]) if each.perturbation == "at_once"]
    assert {race.arguments["processes"] for race in races} == {1}


def test_where_the_runtime_cancels_each_effect_is_a_point_of_its_own() -> None:
    gone = judged(trial(BOTH, "retry", "client_gone", **POINT), history([order(TRIAL)], effects=[ORDER]))
    kinds = [kind for kind, _ in planned(BOTH, [sequence(BOTH, RIGHT), gone])]
    assert kinds.count("client_gone") == 4


def test_a_step_without_effects_is_only_sent_twice() -> None:
    read = baseline(lambda _: [])
    assert planned(read) == []


def test_the_same_trials_with_the_same_ids_any_day() -> None:
    done = [sequence(BOTH, RIGHT)]
    ids = [each.id for each in CHECK.plan(BOTH, done)]
    assert ids == [each.id for each in CHECK.plan(BOTH, done)]
    assert len(set(ids)) == len(ids)


def test_another_answer_with_the_right_state_asks_for_the_rest() -> None:
    one = killed()
    done = judged(one, history(RIGHT), [Remark(text="another one", rest=True)])
    assert replace(one, rest=True) in list(CHECK.plan(BOTH, [done]))


def test_nothing_is_planned_where_undisturbed_runs_do_not_agree() -> None:
    unsteady = baseline(lambda run: [order(run)] * (run + 1), effects=[ORDER])
    assert list(CHECK.plan(unsteady, ())) == []
    moody = baseline(rows, effects=[ORDER], answer=lambda run: reply(401 if run else 200))
    assert list(CHECK.plan(moody, ())) == []
    (unknown,) = CHECK.conclude([moody], ())
    assert isinstance(unknown, Unknown)
    assert "answered 200 or 401" in unknown.missing


# what passes


def test_the_state_of_one_run_and_the_same_answer_pass() -> None:
    assert say(BOTH, killed(), history(RIGHT, RETRIED)) == []


def test_a_conflict_with_the_right_state_passes_with_a_note() -> None:
    (remark,) = say(BOTH, killed(), history(RIGHT, (reply(500), reply(409, attempt=2))))
    assert remark == Remark(text="the retry is answered 409; the state is right")


def test_another_success_with_the_right_state_is_played_on() -> None:
    longer = replace(BOTH, steps=(STEP, replace(STEP, method="GET")))
    (remark,) = say(longer, killed(longer), history(RIGHT, (reply(500), reply(200, "there already", attempt=2))))
    assert isinstance(remark, Remark)
    assert remark.rest


def test_another_success_at_the_last_step_leads_nowhere_else() -> None:
    assert say(BOTH, killed(), history(RIGHT, (reply(500), reply(200, "there already", attempt=2)))) == []


def test_the_rest_that_ends_equal_is_a_proof() -> None:
    one = replace(killed(), rest=True)
    (remark,) = say(BOTH, one, history(RIGHT, RETRIED, final=RIGHT))
    assert remark == Remark(text="played to the end: the rest is equal too")


def test_nothing_at_all_is_right_for_a_client_that_went_away() -> None:
    one = trial(BOTH, "retry", "client_gone", **POINT)
    assert say(BOTH, one, history([], (reply(None),))) == []
    assert say(BOTH, one, history(RIGHT, (reply(None),))) == []


def test_nothing_at_all_is_right_for_a_client_that_was_told_no() -> None:
    one = trial(BOTH, "retry", "lost_call", **POINT)
    assert [type(each) for each in say(BOTH, one, history([], (reply(423),)))] == [Remark]


# what is found, by class


def test_partial_state() -> None:
    finding = one_finding(say(BOTH, killed(), history([order(TRIAL)], (reply(500), reply(409, attempt=2)))))
    assert (finding.category, finding.severity, finding.columns) == ("partial state", "blocker", ("mails",))
    assert finding.title.startswith("no row in mails where one run leaves 1")
    assert finding.points == ("killed after COMMIT of INSERT INTO orders",)
    assert [each.pointer for each in finding.evidence] == ["state"]


def test_a_half_that_the_gone_client_leaves_is_partial_state() -> None:
    one = trial(BOTH, "retry", "client_gone", **POINT)
    finding = one_finding(say(BOTH, one, history([order(TRIAL)], (reply(None),))))
    assert finding.category == "partial state"


def test_duplicate() -> None:
    left = [*RIGHT, inserted("mails", id=serial(TRIAL, 777), order_id=serial(TRIAL), text="thank you")]
    finding = one_finding(say(BOTH, killed(), history(left, RETRIED)))
    assert finding.category == "duplicate"
    assert finding.title.startswith("2 rows in mails where one run leaves 1")
    assert 'repeat="each"' in finding.fix


def test_duplicate_by_a_number_that_grew_twice() -> None:
    def paid(run: int) -> list[RowChange]:
        return [updated("accounts", {"id": "1", "balance": 100}, balance=150), inserted("log", id=serial(run))]

    of = baseline(paid, effects=[effect("update accounts")])
    left = [updated("accounts", {"id": "1", "balance": 100}, balance=200), inserted("log", id=serial(TRIAL))]
    finding = one_finding(say(of, trial(of, "retry", "in_sequence"), history(left, (reply(), reply(send=1)))))
    assert (finding.category, finding.columns) == ("duplicate", ("accounts.balance",))


def test_lost() -> None:
    finding = one_finding(say(BOTH, trial(BOTH, "retry", "kill", **POINT), history([order(TRIAL)], (answered(TRIAL),))))
    assert finding.category == "lost"
    assert "outbox" in finding.fix


def test_effect_on_a_refused_request() -> None:
    left = [*RIGHT, inserted("mails", id=serial(TRIAL, 777), order_id=serial(TRIAL), text="thank you")]
    finding = one_finding(say(BOTH, killed(), history(left, (reply(500), reply(409, attempt=2)))))
    assert finding.category == "effect on a refused request"


def test_told_no_at_once_though_all_of_it_was_done() -> None:
    one = trial(BOTH, "retry", "lost_reply", **POINT)
    finding = one_finding(say(BOTH, one, history(RIGHT, (reply(422),))))
    assert (finding.category, finding.title) == (
        "effect on a refused request",
        "answered 422, and done all the same",
    )


@pytest.mark.parametrize(("status", "outcome"), [(409, "unknown"), (400, "error")])
def test_a_service_that_tries_again_itself_may_meet_its_own_conflict(status: int, outcome: Outcome) -> None:
    one = trial(BOTH, "retry", "lost_reply", **POINT)
    crossed = [exchange(ORDER.first_write, outcome=outcome)]
    (remark,) = say(BOTH, one, history(RIGHT, (reply(status),), exchanges=crossed))
    assert remark == Remark(text=f"the request is answered {status}; the state is right")


def test_a_step_whose_right_answer_is_a_refusal_may_leave_what_it_leaves() -> None:
    refused = baseline(rows, effects=[ORDER, MAIL], answer=lambda _: reply(403))
    one = trial(refused, "retry", "lost_reply", **POINT)
    assert not [each for each in say(refused, one, history(RIGHT, (reply(403),))) if isinstance(each, Finding)]


@pytest.mark.parametrize(
    ("answer", "told"),
    [(reply(500, attempt=2), "500"), (reply(None, attempt=2, cut="no answer within 5 s"), "no answer within 5 s")],
)
def test_5xx_on_retry_though_the_state_is_right(answer: Reply, told: str) -> None:
    finding = one_finding(say(BOTH, killed(), history(RIGHT, (reply(None), answer))))
    assert (finding.category, finding.title) == ("5xx on retry", f"the retry is answered {told}")
    assert [each.pointer for each in finding.evidence] == ["replies[1]"]


def test_5xx_on_the_second_of_two() -> None:
    one = trial(BOTH, "retry", "in_sequence")
    finding = one_finding(say(BOTH, one, history(RIGHT, (answered(TRIAL), reply(500, send=1)))))
    assert (finding.category, finding.title) == ("5xx on retry", "the same request again is answered 500")


def test_a_first_answer_of_5xx_is_no_finding_of_this_line() -> None:
    one = trial(BOTH, "retry", "terminated", **POINT)
    assert say(BOTH, one, history(RIGHT, (reply(503), replace(answered(TRIAL), attempt=2)))) == []


# races


def raced(of: Baseline, left: Sequence[RowChange], *replies: Reply, peer: str = "") -> tuple[Trial, History]:
    arguments = {**POINT, "peer": peer} if peer else POINT
    shown = history(left, replies or (reply(201), reply(201, send=1)))
    return trial(of, "retry", "at_once", **arguments), shown


def test_a_race_is_judged_against_the_two_in_sequence() -> None:
    both = [sequence(BOTH, twice(TRIAL + 1))]
    assert say(BOTH, *raced(BOTH, twice(TRIAL)), both) == []
    once = [sequence(BOTH, rows(TRIAL + 1), reply(201), reply(409, send=1))]
    finding = one_finding(say(BOTH, *raced(BOTH, twice(TRIAL)), once))
    assert finding.category == "race"
    assert "where one after the other leaves 1" in finding.title
    assert [each.trial for each in finding.evidence] == [finding.trial, once[0].trial.id]


def test_a_race_of_peers_is_judged_against_either_order_of_them() -> None:
    def won(run: int, who: str) -> list[RowChange]:
        return [inserted("tickets", id=serial(run), owner=who)]

    of = baseline(lambda run: won(run, "ann"), effects=[effect("insert tickets")], step=replace(STEP, peers=("bob",)))
    orders = [
        sequence(of, won(TRIAL + 1, "ann"), peer="bob"),
        sequence(of, won(TRIAL + 2, "bob"), peer="bob", peer_first=True),
    ]
    assert say(of, *raced(of, won(TRIAL, "bob"), peer="bob"), orders) == []
    both = [*won(TRIAL, "ann"), inserted("tickets", id=serial(TRIAL, 2), owner="bob")]
    assert one_finding(say(of, *raced(of, both, peer="bob"), orders)).category == "race"


def test_one_of_two_at_once_that_is_answered_5xx_is_a_race() -> None:
    done = [sequence(BOTH, rows(TRIAL + 1), reply(201), reply(409, send=1))]
    finding = one_finding(say(BOTH, *raced(BOTH, RIGHT, reply(201), reply(500, send=1)), done))
    assert (finding.category, finding.title) == ("race", "one of two requests at once is answered 500")


def test_what_fails_one_after_the_other_is_no_race() -> None:
    done = [sequence(BOTH, rows(TRIAL + 1), reply(201), reply(500, send=1))]
    assert say(BOTH, *raced(BOTH, RIGHT, reply(201), reply(500, send=1)), done) == []


def test_a_race_without_its_sequence_is_not_judged() -> None:
    (unknown,) = say(BOTH, *raced(BOTH, RIGHT), [])
    assert isinstance(unknown, Unknown)
    assert "in sequence" in unknown.missing


def test_a_service_that_puts_two_in_order_is_judged_all_the_same() -> None:
    one, shown = raced(BOTH, twice(TRIAL))
    once = [sequence(BOTH, rows(TRIAL + 1))]
    assert one_finding(say(BOTH, one, replace(shown, serialised=True), once)).category == "race"


# steps that may happen again

EACH = replace(BOTH, step=replace(STEP, repeat="each"), steps=(replace(STEP, repeat="each"),))


def test_a_step_that_may_happen_again_may_leave_one_or_two_runs() -> None:
    done = [sequence(EACH, twice(TRIAL + 1))]
    assert say(EACH, killed(EACH), history(RIGHT, RETRIED), done) == []
    assert say(EACH, killed(EACH), history(twice(TRIAL), RETRIED), done) == []
    assert say(EACH, done[0].trial, done[0].history) == []


def test_never_a_part_of_one() -> None:
    done = [sequence(EACH, twice(TRIAL + 1))]
    half = [*RIGHT, order(TRIAL, 2)]
    finding = one_finding(say(EACH, killed(EACH), history(half, RETRIED), done))
    assert finding.severity == "blocker"
    assert done[0].trial.id in {each.trial for each in finding.evidence}
    assert 'repeat="each"' not in finding.fix


# safe methods

SEEN = [updated("posts", {"id": "7", "views": 4}, views=5)]
READ = baseline(lambda _: SEEN, effects=[effect("update posts")], step=replace(STEP, method="GET", route="/posts/{id}"))


def test_a_read_that_writes_is_a_note() -> None:
    (note,) = CHECK.conclude([READ], ())
    assert isinstance(note, Finding)
    assert (note.severity, note.category) == ("note", "safe method writes")
    assert note.title == "GET changes rows (update posts)"
    assert note.columns == ("posts",)


def test_a_read_that_writes_nothing_is_none() -> None:
    assert list(CHECK.conclude([baseline(lambda _: [], step=READ.step)], ())) == []


def test_a_read_may_leave_any_number_of_whole_ones() -> None:
    done = [sequence(READ, [updated("posts", {"id": "7", "views": 4}, views=6)])]
    for left in ([], SEEN, done[0].history.state):
        said = say(READ, killed(READ), history(left, (reply(500), reply(200, attempt=2))), done)
        assert not [each for each in said if isinstance(each, Finding)]


def test_a_read_that_leaves_what_no_number_of_whole_ones_leaves_is_a_blocker() -> None:
    done = [sequence(READ, [updated("posts", {"id": "7", "views": 4}, views=6)])]
    left = [deleted("posts", id="7", views=4)]
    assert one_finding(say(READ, killed(READ), history(left, RETRIED), done)).severity == "blocker"


# what cannot be judged


def test_a_point_that_is_not_reached_is_told_and_never_passed() -> None:
    one, shown = killed(), history(RIGHT, reached=False)
    assert say(BOTH, one, shown) == []
    (unknown,) = CHECK.conclude([BOTH], [judged(one, shown)])
    assert isinstance(unknown, Unknown)
    assert unknown.missing == "not reached again: killed after COMMIT of INSERT INTO orders"
    assert unknown.trial == one.id


def test_what_is_still_at_work_is_named() -> None:
    (unknown,) = say(BOTH, killed(), history(RIGHT, RETRIED, unquiet=["task send_mail"]))
    assert isinstance(unknown, Unknown)
    assert "task send_mail" in unknown.missing
    assert "deadline=" in unknown.fix


def test_what_is_always_at_work_is_no_trouble() -> None:
    clean = tuple(replace(each, unquiet=("task ticker",)) for each in BOTH.clean)
    busy = replace(BOTH, clean=clean)
    assert say(busy, killed(busy), history(RIGHT, RETRIED, unquiet=["task ticker"])) == []


def test_trouble_of_ours_is_unknown() -> None:
    (unknown,) = say(BOTH, killed(), history(trouble="the store was gone"))
    assert isinstance(unknown, Unknown)
    assert unknown.missing == "the store was gone"


def test_the_same_unknown_is_told_once() -> None:
    said = say(BOTH, killed(), history(trouble="the store was gone"))
    twice_told = [judged(killed(when=when), history(), said) for when in ("before", "after")]
    assert len(list(CHECK.conclude([BOTH], twice_told))) == 1


# one cause, one finding


def test_one_cause_is_one_finding_with_all_its_points() -> None:
    left = [*RIGHT, inserted("mails", id=serial(TRIAL, 777), order_id=serial(TRIAL), text="thank you")]
    trials = [killed(), trial(BOTH, "retry", "lost_reply", **POINT), trial(BOTH, "retry", "in_sequence")]
    done = [judged(one, history(left, RETRIED), say(BOTH, one, history(left, RETRIED))) for one in trials]
    (finding,) = CHECK.conclude([BOTH], done)
    assert isinstance(finding, Finding)
    assert finding.points == (
        "killed after COMMIT of INSERT INTO orders",
        "reply lost at COMMIT of INSERT INTO orders",
        "sent twice, one after the other",
    )


def test_causes_in_different_tables_stay_apart() -> None:
    more_mails = [*RIGHT, inserted("mails", id=serial(TRIAL, 777), order_id=serial(TRIAL), text="thank you")]
    more_orders = [*RIGHT, order(TRIAL, 2)]
    done = [
        judged(killed(when=when), history(left, RETRIED), say(BOTH, killed(when=when), history(left, RETRIED)))
        for when, left in (("after", more_mails), ("before", more_orders))
    ]
    assert len(list(CHECK.conclude([BOTH], done))) == 2


def test_the_fingerprint_never_names_the_point() -> None:
    shown = history([order(TRIAL)], (reply(500), reply(409, attempt=2)))
    prints = {
        one_finding(say(BOTH, one, shown)).fingerprint
        for one in (killed(), trial(BOTH, "retry", "lost_reply", **POINT))
    }
    assert len(prints) == 1


# the rest of the path


def test_a_rest_that_ends_otherwise_is_a_finding() -> None:
    longer = baseline(
        rows,
        effects=[ORDER, MAIL],
        answer=answered,
        final=lambda run: [*rows(run), inserted("parcels", id=serial(run, 900), order_id=serial(run))],
        steps=(STEP, replace(STEP, route="/parcels")),
    )
    one = replace(killed(longer), rest=True)
    finding = one_finding(say(longer, one, history(RIGHT, RETRIED, final=RIGHT)))
    assert (finding.category, finding.columns) == ("lost", ("parcels",))


def test_an_answer_with_which_the_path_cannot_go_on_is_a_finding() -> None:
    longer = replace(BOTH, steps=(STEP, replace(STEP, method="GET")))
    one = replace(killed(longer), rest=True)
    shown = replace(history(RIGHT, RETRIED, final=RIGHT), mistake="KeyError: 'id'")
    finding = one_finding(say(longer, one, shown))
    assert finding.category == "lost"
    assert "KeyError: 'id'" in finding.title
