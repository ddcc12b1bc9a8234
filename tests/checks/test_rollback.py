"""The check of `rollback`, by value: what an undo leaves, and what that proves."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from hotfire.checks import check_named
from hotfire.checks.rollback import Rollback
from hotfire.model.check import asks
from hotfire.model.history import Baseline, History, Reply, RowChange, Undone
from hotfire.model.judgement import Finding, Judgement, Remark, Unknown
from hotfire.testing import PATH, STEP, baseline, deleted, history, inserted, judged, reply, serial, trial, updated

CHECK = Rollback()
LOOK = replace(STEP, method="GET", route="/orders/{id}")
CANCEL = "ann POST /orders/{id}/cancel"
BEFORE = {"name": "lamp", "left": 5, "counted": "2026-11-20 08:00:00+00"}


def of_path(*, undo: str = "cancel", keeps: Sequence[str] = (), kinds: dict[str, str] | None = None) -> Baseline:
    """A path of two steps that leaves an order, and a lamp less."""
    path = replace(PATH, undo=undo, keeps=tuple(keeps))
    kinds, keys = {"db": "postgres", **(kinds or {})}, {"db.members": [("id",)]}
    return baseline(left_by_the_path, path=path, steps=(STEP, LOOK), kinds=kinds, keys=keys)


def left_by_the_path(run: int) -> list[RowChange]:
    taken = updated("items", BEFORE, left=4, counted=f"2026-11-28 09:00:0{run}+00")
    return [inserted("orders", id=serial(run), state="new"), taken]


def done(
    *state: RowChange, replies: Sequence[Reply] = (reply(),), final: Sequence[RowChange] = (), **seen: object
) -> History:
    """The path played as undisturbed, and its undo, which left this."""
    steps = (CANCEL,) * len(replies)
    undone = Undone(state=state, steps=steps, replies=tuple(replies), **seen)  # type: ignore[arg-type]  # its own fields
    answer = reply(201, headers={"Date": "Sat, 28 Nov 2026 09:00:03 GMT"})
    return history(left_by_the_path(1), [answer], final=final or left_by_the_path(1), undone=undone)


def said(seen: History, of: Baseline | None = None) -> list[Judgement]:
    of = of or of_path()
    return list(CHECK.judge(of, trial(of, "rollback", "undone"), seen, ()))


def the_finding(seen: History, of: Baseline | None = None) -> Finding:
    (finding,) = said(seen, of)
    assert isinstance(finding, Finding)
    assert (finding.line, finding.severity, finding.category) == ("rollback", "blocker", "rollback")
    return finding


# what is asked


def test_it_is_asked_once_for_a_path_from_its_first_step() -> None:
    first = of_path()
    (planned,) = CHECK.plan(first, ())
    assert (planned.perturbation, planned.step) == ("undone", STEP.key)
    assert list(CHECK.plan(replace(first, step=LOOK), ())) == []


def test_a_path_without_an_undo_is_not_asked() -> None:
    without = of_path(undo="")
    assert list(CHECK.plan(without, ())) == []
    assert not asks(CHECK, without.path, [without])
    assert asks(CHECK, of_path().path, [of_path()])
    assert asks(check_named("retry"), without.path, [without])


def test_it_is_not_asked_where_the_first_step_was_left_out() -> None:
    assert not asks(CHECK, of_path().path, [replace(of_path(), step=LOOK)])


# what the undo left


def test_the_state_before_the_path_passes() -> None:
    assert said(done()) == []


def test_a_row_that_is_left_is_said_with_what_to_write() -> None:
    finding = the_finding(done(inserted("orders", id="7000001", state="cancelled")))
    assert finding.title == "after cancel, 1 row in orders where a whole rollback leaves none (state 'cancelled')"
    assert finding.columns == ("orders",)
    assert '@buy.undo(keeps=["orders"])' in finding.fix


def test_a_number_that_is_not_given_back() -> None:
    finding = the_finding(done(updated("items", BEFORE, left=4)))
    assert finding.title == "after cancel, items.left is 4 where a whole rollback leaves 5"
    assert finding.columns == ("items.left",)


def test_a_row_that_is_not_brought_back() -> None:
    finding = the_finding(done(deleted("drafts", title="Hello")))
    assert "a row in drafts is deleted where a whole rollback keeps it" in finding.title


def test_a_moment_that_was_noted_is_no_difference() -> None:
    assert said(done(updated("items", BEFORE, counted="2026-11-28 09:00:07+00"))) == []


def test_a_moment_that_is_not_about_now_is_one() -> None:
    until = updated("members", {"name": "ann", "until": "2026-12-24 00:00:00+00"}, until="2027-01-24 00:00:00+00")
    assert the_finding(done(until)).columns == ("members.until",)


def test_a_moment_inside_of_json_is_one_too() -> None:
    before = {"id": "1", "meta": {"seen": ["2026-11-20T08:00:00Z"], "at": 1795161600, "left": 5}}

    def now(left: int) -> RowChange:
        return updated("items", before, meta={"left": left, "at": 1795856403, "seen": ["2026-11-28T09:00:03Z"]})

    assert said(done(now(5))) == []
    assert "items.meta:left" in the_finding(done(now(4))).columns
    assert the_finding(done(updated("items", before, meta={"left": 5, "seen": []})))


def test_json_that_is_written_in_another_order_is_the_same() -> None:
    before = {"id": "1", "meta": '{"a": 1, "b": [true, null]}'}
    assert said(done(updated("items", before, meta='{"b":[true,null],"a":1}'))) == []
    assert the_finding(done(updated("items", before, meta='{"b":[null,true],"a":1}')))
    assert the_finding(done(updated("items", before, meta='{"b":[true,null],"a":1.0}')))
    assert the_finding(done(updated("items", before, meta='{"b":[true,null],"a":true}')))


SESSION = {"key": "7f3a", "ends": "2026-12-12 08:40:00+00"}


def of_path_in(*, ends: Sequence[str], begun: str = "08:40:10") -> Baseline:
    """A path whose three undisturbed runs put off the end of a session to these moments."""
    runs = [updated("sessions", SESSION, ends=each) if each else inserted("orders") for each in ends]
    answer = reply(201, headers={"Date": f"Sat, 28 Nov 2026 {begun} GMT"})
    path = replace(PATH, undo="cancel")
    return baseline(lambda run: [runs[run]], path=path, answer=lambda _: answer, steps=(STEP, LOOK))


@pytest.mark.parametrize(
    ("begun", "ends", "found"),
    [
        ("08:40:10", "2026-12-12 09:00:09+00", False),  # signed in just before the first undisturbed run
        ("08:59:00", "2026-12-12 09:00:09+00", True),  # by 20 min, in a minute
        ("08:40:10", "2026-12-12 08:39:00+00", True),
        ("08:40:10", "2027-01-12 08:40:00+00", True),
    ],
)
def test_a_moment_that_is_put_off_as_time_goes_by_is_no_difference(begun: str, ends: str, found: bool) -> None:
    of = of_path_in(ends=["", "", ""], begun=begun)
    seen = done(updated("sessions", SESSION, ends=ends), final=[inserted("orders")])
    assert bool(said(seen, of)) is found


@pytest.mark.parametrize(
    ("before", "ends", "found"),
    [
        ("2026-12-12 05:00:00+00", "2026-12-12 09:00:09+00", False),  # of the prepared state
        ("2026-12-10 05:00:00+00", "2026-12-12 09:00:09+00", True),
    ],
)
def test_a_moment_that_the_path_itself_puts_off_each_time(before: str, ends: str, found: bool) -> None:
    of = of_path_in(ends=[f"2026-12-12 08:59:0{run}+00" for run in range(3)], begun="08:59:00")
    seen = done(
        updated("sessions", {**SESSION, "ends": before}, ends=ends),
        final=[updated("sessions", SESSION, ends="2026-12-12 09:00:03+00")],
    )
    assert bool(said(seen, of)) is found


def test_what_is_signed_anew_is_no_difference() -> None:
    def signed(payload: str, stamp: str) -> str:
        return f"{payload}:{stamp}:{stamp * 7}A"

    session = {"key": "7f3a", "data": signed("eyJ1c2VyIjoxfQ", "1xXLbk")}
    assert said(done(updated("sessions", session, data=signed("eyJ1c2VyIjoxfQ", "1xXLbm")))) == []
    other = updated("sessions", session, data=signed("eyJ1c2VyIjoyfQ", "1xXLbm"))
    assert the_finding(done(other)).columns == ("sessions.data",)
    token = {"key": "7f3a", "data": f"eyJhbGciOi.eyJ1c2VyIjoxfQ.{'A' * 43}"}
    other = updated("sessions", token, data=f"eyJhbGciOi.eyJ1c2VyIjoyfQ.{'B' * 43}")
    assert the_finding(done(other)).columns == ("sessions.data",)


@pytest.mark.parametrize(("counted", "found"), [("2026-11-28 09:00:07+00", False), ("2027-03-01 09:00:07+00", True)])
def test_where_the_server_tells_no_time_the_path_does(counted: str, *, found: bool) -> None:
    seen = done(updated("items", BEFORE, counted=counted))
    assert bool(said(replace(seen, replies=(reply(201),)))) is found


def test_where_nobody_tells_the_time_any_moment_may_be_about_now() -> None:
    of = replace(of_path(), clean=tuple(replace(each, final=()) for each in of_path().clean))
    seen = replace(done(updated("items", BEFORE, counted="2027-03-01 09:00:07+00")), final=(), replies=(reply(201),))
    assert said(seen, of) == []


def test_a_moment_where_there_was_none_is_one() -> None:
    finding = the_finding(done(updated("items", {**BEFORE, "sold_out": None}, sold_out="2026-11-28 09:00:07+00")))
    assert finding.columns == ("items.sold_out",)


@pytest.mark.parametrize("name", ["orders", "orders.*", "db", "db.orders"])
def test_what_is_declared_to_be_kept_is_kept(name: str) -> None:
    assert said(done(inserted("orders", id="7000001", state="cancelled")), of_path(keeps=[name])) == []


def test_a_kept_column_keeps_no_other() -> None:
    kept = of_path(keeps=["items.version"])
    assert said(done(updated("items", {**BEFORE, "version": 1}, version=3)), kept) == []
    finding = the_finding(done(updated("items", {**BEFORE, "version": 1}, version=3, left=4)), kept)
    assert finding.columns == ("items.left",)
    assert '@buy.undo(keeps=["items.version", "items.left"])' in finding.fix


def test_a_row_that_is_put_in_again_under_another_id_is_back() -> None:
    gone, back = deleted("members", id="12", name="ann"), inserted("members", id="7000001", name="ann")
    assert said(done(gone, back)) == []
    assert the_finding(done(gone, inserted("members", id="7000001", name="bob"))).columns == ("members",)


def test_a_row_that_is_put_in_again_with_other_contents_is_not() -> None:
    gone = deleted("members", id="12", cents=1500000, until="2026-12-24 00:00:00+00")
    noted = inserted("members", id="7000001", cents=1500000, until="2026-11-28 09:00:07+00")
    assert said(done(gone, noted)) == []
    for column, wrong in (("cents", "9900000"), ("until", "2027-03-01 00:00:00+00")):
        row = {"id": "7000001", "cents": 1500000, "until": "2026-12-24 00:00:00+00", column: wrong}
        finding = the_finding(done(gone, inserted("members", **row)))
        assert finding.columns == (f"members.{column}",)
        assert f'@buy.undo(keeps=["members.{column}"])' in finding.fix


def test_what_may_be_made_up_anew_or_wrong_is_unknown() -> None:
    gone = deleted("members", id="12", team="0f8fad5b-d9cb-469f-a165-70867728950e")
    there = inserted("members", id="7000001", team="7c9e6679-7425-40de-944b-e07fc1f90ae7")
    (unknown,) = said(done(gone, there))
    assert isinstance(unknown, Unknown)
    assert unknown.missing == "after cancel, members.team may be made up anew or wrong: nobody can tell which"
    assert '@buy.undo(keeps=["members.team"])' in unknown.fix
    assert said(done(gone, there), of_path(keeps=["members.team"])) == []
    assert said(done(gone, there), replace(of_path(), ignore=("members.team",))) == []
    assert the_finding(done(gone, there, updated("items", BEFORE, left=4))).columns == ("items.left",)


def test_what_left_the_service_is_told_and_is_no_blocker() -> None:
    outside = of_path(kinds={"mail": "smtp", "bank": "http"})
    mail = replace(inserted("mail.messages", to="ann@example.org"), store="mail")
    charge = replace(inserted("bank.requests", method="POST", host="bank", path="/charges"), store="bank")
    stays = "stays: 2 mails to ann@example.org, 1 request to bank (POST /charges)"
    assert said(done(mail, mail, charge), outside) == [Remark(text=stays)]
    assert stays in the_finding(done(mail, mail, charge, updated("items", BEFORE, left=4)), outside).fix


# an undo that fails


def test_an_undo_that_is_refused_names_its_request_and_answer() -> None:
    refused = done(replies=[reply(200), reply(409, {"detail": "already sent"})], failed=True)
    assert (
        the_finding(refused).title == f'the undo cancel fails: {CANCEL} is answered 409: {{"detail": "already sent"}}'
    )


def test_an_undo_that_is_cut() -> None:
    cut = done(replies=[reply(None, cut="no answer in 5 s")], failed=True, unquiet=("call POST /orders/7/cancel",))
    assert the_finding(cut).title == f"the undo cancel fails: {CANCEL} has no answer (no answer in 5 s)"


def test_what_an_undo_itself_raises_where_the_service_refused_it() -> None:
    refused = done(replies=[reply(404)], failed=True, mistake="critical_paths.py:31: cancel: KeyError: 'idd'")
    assert the_finding(refused).title == f"the undo cancel fails: {CANCEL} is answered 404"


# what cannot be judged


@pytest.mark.parametrize(
    ("seen", "missing"),
    [
        (history(trouble="a transaction wrote large objects"), "large objects"),
        (history(final=()), "left something else: items.counted is"),
        (replace(done(), mistake="KeyError: 'id'"), "did not come to its end: KeyError: 'id'"),
        (replace(done(), final_replies=(reply(404),)), "answered otherwise"),
        (replace(done(), undone=None), "was not played"),
        (done(mistake="critical_paths.py:31: cancel: KeyError: 'idd'"), "own mistake: critical_paths.py:31: cancel: "),
        (done(unquiet=("task send_later",)), "still at work behind the undo: task send_later"),
    ],
)
def test_what_cannot_be_judged_is_unknown(seen: History, missing: str) -> None:
    (unknown,) = said(seen)
    assert isinstance(unknown, Unknown)
    assert missing in unknown.missing
    assert unknown.fix


def test_what_was_said_of_the_trial_is_said_of_the_path() -> None:
    of = of_path()
    tried = trial(of, "rollback", "undone")
    seen = done(inserted("orders", id="7000001", state="cancelled"))
    finding = the_finding(seen)
    assert list(CHECK.conclude([of], [judged(tried, seen, [finding])])) == [finding]
