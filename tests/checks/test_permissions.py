"""The check of `permissions`, by value: what each sending by somebody else proves."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from hotfire.checks import check_named
from hotfire.checks.permissions import Permissions
from hotfire.model.check import Judged, Named, asks
from hotfire.model.history import Baseline, History, Reply, RowChange
from hotfire.model.judgement import Finding, Judgement, Unknown
from hotfire.model.request import Request
from hotfire.model.step import Step
from hotfire.model.trial import Trial
from hotfire.testing import PATH, baseline, history, inserted, judged, reply, serial, trial, updated

CHECK = Permissions()
ID = "2000017"
CANARY = "hello1f2e3d4c5b"
MAKE = Step(
    actor="ann", method="POST", route="/posts", target="/posts", peers=("bob",), identified=True, signed_in=True
)
READ = replace(MAKE, method="GET", route="/posts/{id}", target=f"/posts/{ID}")
CHANGE = replace(READ, method="PUT")
LIST = replace(MAKE, method="GET")
APPROVE = replace(
    READ, actor="eve", method="POST", route="/posts/{id}/approve", target=f"/posts/{ID}/approve", peers=()
)
COPY = replace(MAKE, route="/posts/{id}/copy", target=f"/posts/{ID}/copy")
STEPS = (MAKE, READ, CHANGE, LIST, APPROVE)
SENT = Request(method="POST", target="/posts", body=f"{CANARY} fire0a1b2c3d4e")  # by MAKE
MADE = reply(201, {"id": int(ID)})
SHOWN = reply(200, {"id": int(ID), "title": CANARY})
POST = {"id": ID, "owner": "1", "title": "old"}
CHANGED = updated("posts", POST, title="new")
ACTORS = replace(PATH, actors=("ann", "eve"))


def at(step: Step, answer: Reply = SHOWN) -> Baseline:
    """The baseline of one of the steps: CHANGE and APPROVE change the post."""
    rows = [CHANGED] if step.key in {CHANGE.key, APPROVE.key} else []
    made = baseline(lambda _: rows, answer=lambda _: answer, path=ACTORS, step=step, steps=STEPS)
    earlier = (MADE, *[replace(SHOWN, actor=each.actor) for each in STEPS[1 : STEPS.index(step)]])
    return replace(made, earlier=earlier[: STEPS.index(step)], sent=(SENT,)[: STEPS.index(step)])


def by(of: Baseline, who: str, seen: History) -> Judged:
    """A sending by somebody, not yet judged."""
    asked = (
        trial(of, "permissions", "by_other", actor=who) if who not in {"", "broken"} else nobody(of, who == "broken")
    )
    return judged(asked, replace(seen, world=of.world))


def nobody(of: Baseline, broken: bool = False) -> Trial:
    return trial(of, "permissions", "by_nobody", **({"broken": True} if broken else {}))


def reads(of: Baseline, who: str, status: int | None, shown: Reply = SHOWN) -> Judged:
    """The post read by somebody, and then by its owner."""
    asked = trial(of, "permissions", "read_by", read=READ.key, actor=who)
    return judged(asked, history(replies=[reply(status, actor=who or "nobody"), shown]))


def said(of: Baseline, one: Judged, *others: Judged, check: Permissions = CHECK) -> list[Judgement]:
    return list(check.judge(of, one.trial, one.history, others))


def classes(judgements: Sequence[Judgement]) -> list[str]:
    return [each.category for each in judgements if isinstance(each, Finding)]


def concluded(of: Baseline, *trials: Judged, check: Permissions = CHECK) -> list[Judgement]:
    seen: list[Judged] = []
    for each in trials:
        seen.append(judged(each.trial, each.history, said(of, each, *seen, check=check)))
    return list(check.conclude([of], [replace(each, history=replace(each.history, world=of.world)) for each in seen]))


def unknowns(judgements: Sequence[Judgement]) -> list[str]:
    return [each.missing for each in judgements if isinstance(each, Unknown)]


def table(text: str) -> Permissions:
    return CHECK.given({"launch/permissions.toml": text})


def signed(step: str, allowed: str = "[]", refused: str = "[]", reviewed: str = "2026-11-28 ann") -> Permissions:
    return table(
        f'[[permission]]\npath = "buy"\nstep = "{step}"\nallowed = {allowed}\nrefused = {refused}\n'
        f'reviewed = "{reviewed}"\n'
    )


REFUSED = history(replies=[reply(403)])
DONE = history(rows=[CHANGED], replies=[SHOWN])


# what is tried


def test_it_is_found_by_its_name():
    assert check_named("permissions") == CHECK


def kinds(of: Baseline) -> list[tuple[str, object]]:
    return [(each.perturbation, each.arguments.get("actor", "")) for each in CHECK.plan(of, ())]


def test_a_write_is_sent_by_everybody_else_behind_what_it_is_judged_against():
    assert kinds(at(CHANGE)) == [
        ("by_nobody", ""),
        ("read_by", "bob"),
        ("read_by", ""),
        ("by_other", "bob"),
        ("by_other", "eve"),
        ("by_nobody", ""),
    ]


def test_who_is_refused_a_read_asks_again_behind_its_actor():
    seen = [by(at(READ), who, REFUSED) for who in ("bob", "broken", "")]
    read = [each.arguments.get("actor") for each in CHECK.plan(at(READ), seen) if each.perturbation == "read_by"]
    assert read == ["bob", ""]
    assert [each for each in CHECK.plan(at(READ), [by(at(READ), "bob", DONE)]) if each.perturbation == "read_by"] == []
    write = [each.arguments["read"] for each in CHECK.plan(at(CHANGE), seen) if each.perturbation == "read_by"]
    assert write == [READ.key, READ.key]


@pytest.mark.parametrize(("status", "found"), [(200, ["another's data shown"]), (403, [])])
def test_a_cache_that_forgets_whose_answer_it_keeps(status, found):
    of = at(READ)
    alone = by(of, "bob", REFUSED)
    answers = [SHOWN, replace(SHOWN if status == 200 else reply(status), actor="bob", send=1)]
    behind = judged(trial(of, "permissions", "read_by", read=READ.key, actor="bob"), history(replies=answers))
    assert classes(said(of, behind, alone)) == found
    assert classes(said(of, behind)) == []  # who was never refused may read it


def test_a_list_is_judged_against_the_read_of_what_it_shows():
    assert ("read_by", "bob") in kinds(at(LIST))
    assert ("read_by", "bob") not in kinds(at(LIST, reply(200, {"posts": []})))


@pytest.mark.parametrize("of", [replace(at(CHANGE), step=replace(CHANGE, identified=False)), at(CHANGE, reply(404))])
def test_a_step_of_nobody_and_one_that_refuses_its_own_actor_are_not_asked(of):
    assert kinds(of) == []


TAG = replace(MAKE, route="/posts/{id}/tags/{id}", target=f"/posts/{ID}/tags/2000033")


def test_a_path_in_which_nobody_signs_in_is_not_asked_unless_a_person_has_said_who_may():
    known, unknown = at(CHANGE), replace(at(CHANGE), step=replace(CHANGE, identified=False))
    assert asks(CHECK, unknown.path, [unknown, known])
    assert not asks(CHECK, unknown.path, [unknown])
    assert asks(signed(CHANGE.key), unknown.path, [unknown])


def at_two() -> Baseline:
    """A step that names two things which its actor made."""
    made = (reply(201, {"id": int(ID)}), reply(201, {"tag": 2000033}))
    of = baseline(
        lambda _: [inserted("tagged", post=ID, tag="2000033")], step=TAG, steps=(MAKE, MAKE, TAG), path=ACTORS
    )
    return replace(of, earlier=made, request=Request(method="POST", target=TAG.target))


def test_of_two_own_things_in_a_request_each_becomes_a_peers():
    planned = [each for each in CHECK.plan(at_two(), ()) if each.perturbation == "at_peers"]
    assert [(each.arguments["peer"], each.arguments["part"], each.arguments["place"]) for each in planned] == [
        ("bob", "path", "1"),
        ("bob", "path", "3"),
    ]
    one = replace(at_two(), request=Request(method="POST", target=f"/posts/{ID}/tags"))
    assert not [each for each in CHECK.plan(one, ()) if each.perturbation == "at_peers"]  # a peer's sending shows it


def test_what_the_actor_does_with_a_peers_thing_is_a_question_and_a_deviation_where_it_is_refused():
    of = at_two()
    asked = trial(of, "permissions", "at_peers", peer="bob", part="path", place="3", occurrence=1)
    done = judged(asked, history(rows=[inserted("tagged", post=ID, tag="2000077")], replies=[reply(200)]))
    (text,) = [each for each in unknowns(concluded(of, done)) if each.startswith("not reviewed")]
    assert text == "not reviewed: ann may use what it did not make, at bob's path 3 (tagged)"
    refused = signed("ann POST /posts/{id}/tags/{id}", refused="""["at bob's path 3"]""")
    assert classes(said(of, done, check=refused)) == ["not as reviewed"]
    assert classes(said(of, judged(asked, history(replies=[reply(404)])), check=refused)) == []


def test_the_table_speaks_of_somebody_who_was_not_there():
    of = at(CHANGE)
    check = signed("ann PUT /posts/{id}", refused='["bob", "edtor"]')
    (unknown,) = concluded(of, by(of, "bob", REFUSED), check=check)
    assert unknown.missing.endswith(":1 says what edtor may do, and nobody of that name was there to try")
    assert unknown.fix == "write one of bob"


# contradictions


def test_a_peer_that_may_not_read_an_object_and_changes_it():
    of = at(CHANGE)
    found = said(of, by(of, "bob", DONE), reads(of, "bob", 404))
    assert classes(found) == ["another's object changed"]
    assert found[0].columns == ("posts.title",)
    assert "may not read it: GET /posts/{id} by bob at this moment is answered 404" in found[0].title
    assert len(found[0].evidence) == 2


@pytest.mark.parametrize("status", [401, 403, 404, 302])
def test_a_refusal_of_a_read(status):
    of = at(CHANGE)
    assert classes(said(of, by(of, "bob", DONE), reads(of, "bob", status))) == ["another's object changed"]


@pytest.mark.parametrize("status", [500, 429, 304, 410, None])
def test_a_read_that_fails_or_has_nothing_left_to_show_is_no_refusal(status):
    of = at(CHANGE)
    assert classes(said(of, by(of, "bob", DONE), reads(of, "bob", status))) == []


def test_what_its_owner_cannot_read_either_proves_nothing():
    of = at(CHANGE)
    assert classes(said(of, by(of, "bob", DONE), reads(of, "bob", 404, reply(404)))) == []


@pytest.mark.parametrize("other", [[], [200]])
def test_a_peer_that_may_read_it_too_is_a_question_to_a_person(other):
    of = at(CHANGE)
    assert classes(said(of, by(of, "bob", DONE), *[reads(of, "bob", status) for status in other])) == []


def test_a_refusal_that_changed_all_the_same_is_no_refusal():
    of = at(CHANGE)
    assert classes(said(of, by(of, "bob", replace(DONE, replies=(reply(403),))), reads(of, "bob", 404)))


def test_what_a_read_changes_is_a_question_whoever_may_read_it_elsewhere():
    look = replace(LIST, route="/posts/{id}/look", target=f"/posts/{ID}/look")
    made = baseline(lambda _: [CHANGED], answer=lambda _: reply(200), step=look, steps=(*STEPS[:2], look))
    of = replace(made, earlier=(MADE, SHOWN))
    bob = by(of, "bob", history(rows=[CHANGED], replies=[reply(200)]))
    assert classes(said(of, bob, reads(of, "bob", 404))) == []


def test_an_accepted_answer_that_changed_the_callers_own_row_is_none():
    of = at(CHANGE)
    own = history(rows=[updated("posts", {**POST, "id": "2000099"}, title="new")])
    assert classes(said(of, by(of, "bob", own), reads(of, "bob", 404))) == []


def test_nobody_changes_what_a_peer_may_not():
    of, broken = at(CHANGE), by(at(CHANGE), "broken", history(replies=[reply(401)]))
    assert classes(said(of, by(of, "", DONE), by(of, "bob", REFUSED), broken)) == ["no credential needed"]
    assert classes(said(of, by(of, "", DONE), by(of, "bob", DONE), broken)) == []


def test_a_link_is_enough_for_nobody_and_who_is_signed_in_as_somebody_else_is_told_so():
    of, broken = at(CHANGE), by(at(CHANGE), "broken", DONE)
    assert classes(said(of, by(of, "", DONE), by(of, "bob", REFUSED), broken)) == []


@pytest.mark.parametrize("status", [429, 500, 409])
def test_what_fails_or_comes_too_late_is_no_refusal_of_a_peer(status):
    of, broken = at(CHANGE), by(at(CHANGE), "broken", history(replies=[reply(401)]))
    bob = by(of, "bob", history(replies=[reply(status)]))
    assert classes(said(of, by(of, "", DONE), bob, broken)) == []


def test_nobody_changes_what_nobody_may_read_though_a_broken_credential_is_refused():
    of, broken = at(CHANGE), by(at(CHANGE), "broken", history(replies=[reply(401)]))
    (found,) = said(of, by(of, "", DONE), reads(of, "", 401), broken)
    assert found.category == "no credential needed"
    assert {broken.trial.id, reads(of, "", 401).trial.id} < {each.trial for each in found.evidence}  # to see it again
    assert classes(said(of, by(of, "", DONE), reads(of, "", 401))) == []
    assert classes(said(of, by(of, "", DONE), reads(of, "", 200), broken)) == []  # perhaps a public counter


TAGS = replace(MAKE, route="/posts/{id}/tags", target=f"/posts/{ID}/tags")
TAGGED = history(rows=[inserted("tags", id="3000009", post=ID, name="tea")], replies=[reply(201)])


def at_tags(*rows: RowChange) -> Baseline:
    """A step that adds to the post."""
    made = baseline(
        lambda run: [inserted("tags", id=serial(run), post=ID, name="tea"), *rows],
        step=TAGS,
        steps=(MAKE, READ, TAGS),
        columns={"db.tags": {"id": "INTEGER"}},
    )
    return replace(made, earlier=(MADE, SHOWN))


def test_who_adds_to_what_it_may_not_read():
    of = at_tags()
    assert classes(said(of, by(of, "bob", TAGGED), reads(of, "bob", 404))) == ["another's object changed"]
    assert classes(said(of, by(of, "bob", TAGGED), reads(of, "bob", 404), by(of, "", REFUSED))) != []


def test_what_anybody_may_add_and_only_its_owner_reads_is_a_question_to_a_person():
    of = at_tags()
    assert [each.perturbation for each in CHECK.plan(of, ())][-2:] == ["by_nobody", "by_other"]
    seen = [reads(of, "bob", 404), reads(of, "", 401), by(of, "broken", REFUSED), by(of, "", TAGGED)]
    assert classes(said(of, by(of, "bob", TAGGED), *seen)) == []
    (text,) = unknowns(concluded(of, *seen, by(of, "bob", TAGGED)))
    assert text == "not reviewed: nobody may add to what ann made (tags)"


def test_who_adds_to_what_is_counted_changes_nothing_of_it():
    counted = updated("posts", {"id": ID, "n": "0", "at": "2026-11-28 06:00:00"}, n="1", at="2026-11-28 06:00:07")
    of = at_tags(counted)
    done = replace(TAGGED, state=(*TAGGED.state, counted))
    seen = [reads(of, "", 401), by(of, "broken", history(replies=[reply(401)]))]
    assert classes(said(of, by(of, "", done), *seen)) == []
    assert classes(said(of, by(of, "bob", done), *seen, by(of, "", done), reads(of, "bob", 404))) == []


def test_what_nobody_may_do_by_the_table_everybody_may_who_is_not_named():
    of = at(CHANGE)
    open_to_all = signed("ann PUT /posts/{id}", allowed='["nobody"]')
    seen = [by(of, "", DONE), reads(of, "bob", 404)]
    assert classes(said(of, by(of, "bob", DONE), *seen, check=open_to_all)) == []
    assert classes(said(of, by(of, "bob", REFUSED), *seen, check=open_to_all)) == []
    but_bob = signed("ann PUT /posts/{id}", allowed='["nobody"]', refused='["bob"]')
    assert classes(said(of, by(of, "bob", DONE), *seen, check=but_bob)) == ["not as reviewed"]


def test_a_peer_that_has_the_same_value_there_leaves_nothing_to_try():
    of = at_two()
    asked = trial(of, "permissions", "at_peers", peer="bob", part="path", place="1", occurrence=1)
    same = history(rows=[inserted("tagged", post=ID, tag="2000033")], replies=[reply(200)], reached=False)
    assert [each for each in unknowns(concluded(of, judged(asked, same))) if each.startswith("not reviewed")] == []


def test_an_answer_that_does_something_else_shows_what_may_not_be_read():
    copied = history(rows=[inserted("posts", id="2000050", owner="2", title=CANARY)])
    of = replace(
        baseline(lambda run: [inserted("posts", id=serial(run), owner="1", title=CANARY)], step=COPY, steps=STEPS),
        earlier=(MADE,),
        sent=(SENT,),
    )
    seen = replace(copied, replies=(reply(201, {"id": 2000050, "title": CANARY}, actor="bob"),))
    assert classes(said(of, by(of, "bob", seen), reads(of, "bob", 404))) == ["another's data shown"]
    assert classes(said(of, by(of, "bob", replace(seen, replies=(reply(201),))), reads(of, "bob", 404))) == []
    asked = replace(of, request=Request(method="POST", target=COPY.target, body=CANARY))  # who asks may be told so
    assert classes(said(asked, by(of, "bob", seen), reads(of, "bob", 404))) == []


def test_a_list_of_titles_is_no_object_whole():
    of, titles = at(LIST), history(replies=[replace(SHOWN, actor="bob")])
    lesson = reply(200, {"id": int(ID), "title": CANARY, "lesson": "the secret of fire", "at": "2026-11-28T06:00:00Z"})
    assert classes(said(of, by(of, "bob", titles), reads(of, "bob", 404, lesson))) == []
    shown = history(replies=[replace(lesson, actor="bob", body=lesson.body.replace(", ", ",  "))])
    assert classes(said(of, by(of, "bob", shown), reads(of, "bob", 404, lesson))) == ["another's data shown"]
    assert classes(said(of, by(of, "bob", shown), by(of, "", shown), reads(of, "bob", 404, lesson))) == []  # a feed


@pytest.mark.parametrize(("page", "found"), [(CANARY, []), (f"{CANARY} fire0a1b2c3d4e", ["another's data shown"])])
def test_of_a_page_that_is_no_json_one_made_up_value_is_but_a_title(page, found):
    of, shown = at(LIST), history(replies=[reply(200, "hello1f2e3d4c5b fire0a1b2c3d4e", actor="bob")])
    assert classes(said(of, by(of, "bob", shown), reads(of, "bob", 404, reply(200, page)))) == found


def test_a_list_shows_a_peer_all_of_what_it_may_not_read():
    of = at(LIST)
    shown = history(replies=[replace(SHOWN, actor="bob")])
    assert classes(said(of, by(of, "bob", shown), reads(of, "bob", 403))) == ["another's data shown"]
    teaser = history(replies=[reply(200, {"id": int(ID)}, actor="bob")])
    assert classes(said(of, by(of, "bob", teaser), reads(of, "bob", 403))) == []


def test_a_credential_of_the_actor_in_an_answer_to_somebody_else():
    of = at(READ)
    leak = history(replies=[reply(200, "token: ‹token:ann:1›", actor="bob")])
    assert classes(said(of, by(of, "bob", leak))) == ["credential shown"]
    own = history(replies=[reply(200, "token: ‹token:bob:1›", actor="bob")])
    assert classes(said(of, by(of, "bob", own))) == []


# what a person decides


def test_what_is_refused_needs_no_review():
    of = at(CHANGE)
    assert concluded(of, by(of, "bob", REFUSED), by(of, "eve", REFUSED), by(of, "", REFUSED)) == []


def test_what_is_allowed_is_unknown_until_it_is_signed():
    of = at(APPROVE)
    (unknown,) = concluded(of, by(of, "ann", DONE), by(of, "", REFUSED))
    assert unknown.missing == "not reviewed: ann may change the same rows as eve (posts.title)"
    assert "hotfire permissions" in unknown.fix
    check = signed("eve POST /posts/{id}/approve", allowed='["ann"]')
    assert concluded(of, by(of, "ann", DONE), by(of, "", REFUSED), check=check) == []
    proposal = signed("eve POST /posts/{id}/approve", allowed='["ann"]', reviewed="")
    assert len(concluded(of, by(of, "ann", DONE), check=proposal)) == 1


def test_the_most_suspicious_is_told_first_and_what_nobody_may_do_is_not_told_of_each():
    of = at(CHANGE)
    (text,) = unknowns(concluded(of, by(of, "eve", DONE), by(of, "bob", DONE)))
    assert text.startswith("not reviewed: bob may change")
    (text,) = unknowns(concluded(of, by(of, "bob", DONE), by(of, "", DONE)))
    assert text == "not reviewed: nobody may change the same rows as ann (posts.title)"


def test_a_deviation_from_what_is_signed_is_a_blocker_either_way():
    of = at(CHANGE)
    refused = signed("ann PUT /posts/{id}", refused='["bob"]')
    assert classes(said(of, by(of, "bob", DONE), check=refused)) == ["not as reviewed"]
    assert classes(said(of, by(of, "bob", REFUSED), check=refused)) == []
    allowed = signed("ann PUT /posts/{id}", allowed='["bob"]')
    assert classes(said(of, by(of, "bob", REFUSED), check=allowed)) == ["not as reviewed"]
    assert classes(said(of, by(of, "bob", DONE), reads(of, "bob", 404), check=allowed)) == []


def test_what_was_found_is_not_asked_for_as_well():
    of = at(CHANGE)
    assert unknowns(concluded(of, reads(of, "bob", 404), by(of, "bob", DONE))) == []


def test_a_page_that_nobody_is_shown_just_so_is_public():
    of = at(READ)
    assert concluded(of, by(of, "bob", history(replies=[SHOWN])), by(of, "", history(replies=[SHOWN]))) == []


def test_a_peer_that_does_the_same_for_itself_is_no_row():
    made = lambda run: [inserted("posts", id=serial(run), owner="1", title="x")]  # noqa: E731
    of = baseline(made, step=MAKE, steps=STEPS, path=ACTORS)
    own = history(rows=[inserted("posts", id="2000050", owner="2", title="x")], replies=[reply(201)])
    assert concluded(of, by(of, "bob", own)) == []
    (text,) = unknowns(concluded(of, by(of, "eve", own)))
    assert text == "not reviewed: eve may do it, too (posts)"


def test_what_a_read_changes_is_told_last():
    hits = updated("posts", POST, hits="2")
    of = replace(at(READ), clean=tuple(replace(each, state=(hits,)) for each in at(READ).clean), earlier=())
    bob = by(of, "bob", history(rows=[hits], replies=[reply(200, "hello bob")]))
    eve = by(of, "eve", history(replies=[reply(200, {"title": CANARY})]))
    (text,) = unknowns(concluded(of, bob, eve))
    assert text == "not reviewed: eve may see what ann has; bob may change the same rows as ann (posts.hits)"


def test_a_page_of_anothers_with_its_readers_name_on_it_is_a_question():
    of = replace(at(READ, reply(200, f"Signed in as ann: {CANARY}")), earlier=())
    bob = by(of, "bob", history(replies=[reply(200, f"Signed in as bob: {CANARY}")]))
    (text,) = unknowns(concluded(of, bob))
    assert text == "not reviewed: bob may see what ann has"


def test_an_actor_without_a_peer_that_comes_back_to_what_it_made_lacks_one():
    alone = replace(CHANGE, peers=())
    of = replace(at(CHANGE), step=alone)
    (text,) = unknowns(concluded(of, by(of, "", REFUSED)))
    assert text == "nobody of ann's role was there to try what ann made"
    assert unknowns(concluded(replace(of, earlier=()), by(of, "", REFUSED))) == []
    passer_by = replace(of, step=replace(alone, signed_in=False))
    assert unknowns(concluded(passer_by, by(of, "", REFUSED))) == []


def test_what_cannot_be_judged_is_unknown():
    of = at(CHANGE)
    assert unknowns(said(of, by(of, "bob", history(trouble="the world ended")))) == ["the world ended"]
    cut = history(replies=[reply(None, cut="no answer in 5 s")])
    assert unknowns(said(of, by(of, "bob", cut))) == ["sent by bob, it got no answer: no answer in 5 s"]


def test_the_steps_that_the_table_names():
    assert list(signed("ann PUT /posts/{id}").named()) == [
        Named(
            path="buy",
            step="ann PUT /posts/{id} #1",
            place="launch/permissions.toml:1",
            hint="mend the entry, or take it out",
        )
    ]
