"""What somebody else's sending got, by value: by which rows changed and what stands in the answer, never by status."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from hotfire.access import Access, made_up_in, values_in
from hotfire.model.history import Baseline, Reply, RowChange
from hotfire.model.request import Request
from hotfire.model.step import Step
from hotfire.testing import baseline, deleted, history, inserted, judged, reply, serial, trial, updated

ID = "2000017"
UUID = "3d3f1c2a-9d1b-4c8e-8f0a-5b7c6d8e9f01"
STEP = Step(actor="ann", method="POST", route="/posts/{id}/tags", target=f"/posts/{ID}/tags", identified=True)
POST = {"id": ID, "title": "old"}
TAGGED = updated("posts", POST, title="new")
TAG = inserted("tags", id="3000001", post_id=ID, name="tea")


def at(*rows: RowChange, step: Step = STEP, answer: Reply | None = None, ignore: tuple[str, ...] = ()) -> Baseline:
    """A step whose actor made the post ID before."""
    made = baseline(lambda _: rows, answer=lambda _: answer or reply(200), step=step, steps=(STEP, step))
    return replace(made, earlier=(reply(201, {"id": int(ID)}),), ignore=ignore)


def got(of: Baseline, rows: Sequence[RowChange] = (), answer: Reply | None = None) -> tuple[str, tuple[str, ...]]:
    what = Access(of).got(history(rows=rows, replies=[answer or reply(200)]))
    return what.degree, what.columns


def test_the_very_row_that_the_actor_changes():
    assert got(at(TAGGED), [TAGGED]) == ("changed", ("posts.title",))
    assert got(at(deleted("posts", **POST)), [deleted("posts", **POST)]) == ("changed", ("posts",))


def test_another_row_of_the_same_table_is_the_callers_own():
    other = updated("posts", {**POST, "id": "2000018"}, title="new")
    assert got(at(TAGGED), [other]) == ("own", ("posts.title",))


def test_a_success_that_did_nothing_is_nothing():
    assert got(at(TAGGED)) == ("nothing", ())


def test_a_new_row_that_is_bound_to_what_the_actor_made():
    assert got(at(TAG), [inserted("tags", id="3000009", post_id=ID, name="tea")]) == ("attached", ("tags",))
    assert got(at(TAG), [inserted("tags", id="3000009", post_id="2000020", name="tea")]) == ("own", ("tags",))


def test_a_new_row_that_is_bound_by_a_key_which_no_answer_told():
    step = replace(STEP, route="/posts/{slug}/tags", target=f"/posts/{UUID}/tags")
    columns = {"db.posts": {"id": "INTEGER"}, "db.tags": {"id": "INTEGER"}}
    ours = {"post": ID, "size": "10485760", "by": "1"}
    made = baseline(lambda run: [inserted("tags", id=serial(run), **ours)], step=step, steps=(STEP, step))
    of = replace(made, earlier=(reply(201, {"slug": UUID}),), columns=columns)
    theirs = {**ours, "by": "2"}
    assert got(of, [inserted("tags", id="3000009", **theirs)]) == ("attached", ("tags",))
    assert got(of, [inserted("tags", id="3000009", **{**theirs, "post": "2000020"})]) == ("own", ("tags",))
    by_eve = replace(of, steps=(replace(STEP, actor="eve"), step))  # what ann came to by a name that eve gave it
    assert got(by_eve, [inserted("tags", id="3000009", **theirs)])[0] == "own"
    told = replace(
        of, steps=(STEP, replace(STEP, actor="eve"), step), earlier=(*of.earlier, reply(200, {"id": int(ID)}))
    )
    assert got(told, [inserted("tags", id="3000009", **theirs)])[0] == "own"  # a tag of eve's, say


@pytest.mark.parametrize(("key", "degree"), [("1001000001", "attached"), ("182735461928374650", "own")])
def test_a_key_is_of_a_sequence_that_was_moved_and_a_long_one_may_be_anybodys(key, degree):
    made = baseline(lambda run: [inserted("tags", id=serial(run), post_id=key)], step=STEP, steps=(STEP, STEP))
    of = replace(made, earlier=(reply(201, {"id": int(ID)}),))
    assert got(of, [inserted("tags", id="3000009", post_id=key)])[0] == degree


@pytest.mark.parametrize("answer", [reply(401), reply(404), reply(302, headers={"location": "/login"}), reply(500)])
def test_refused(answer):
    assert got(at(TAGGED), [], answer) == ("refused", ())


def test_a_refused_looking_answer_that_did_all_of_it_is_no_refusal():
    assert got(at(TAGGED), [TAGGED], reply(403))[0] == "changed"
    two = at(TAGGED, updated("stats", {"id": "1", "n": "1"}, n="2"))
    assert got(two, [updated("stats", {"id": "1", "n": "1"}, n="2")], reply(403))[0] == "refused"  # a counter of all


SEEN = updated("members", {"id": "1", "seen": "1"}, seen="2")
SEEN_BOB = updated("members", {"id": "2", "seen": "4"}, seen="5")


def test_it_did_all_where_the_note_of_its_sender_is_its_own():
    of = at(TAGGED, SEEN)
    assert got(of, [TAGGED, SEEN_BOB], reply(404)) == ("changed", ("posts.title",))
    assert got(of, [SEEN_BOB], reply(404))[0] == "refused"


BUCKET = updated("buckets", {"ip": "127.0.0.1", "tokens": "6"}, tokens="5")


def test_a_counter_of_requests_is_not_what_a_step_is_there_for():
    of = at(TAG, BUCKET)
    assert got(of, [BUCKET], reply(401))[0] == "refused"
    assert got(of, [BUCKET], reply(404))[0] == "refused"


@pytest.mark.parametrize(
    ("kind", "arguments"), [("by_nobody", {"broken": True}), ("read_by", {"read": "ann GET /x #1", "actor": "bob"})]
)
def test_what_changes_where_nothing_is_done_is_bookkeeping(kind, arguments):
    of = at(TAG, BUCKET)
    own = history(rows=[inserted("tags", id="3000009", post_id="2000020", name="tea"), BUCKET])
    idle = judged(trial(of, "permissions", kind, **arguments), history(rows=[BUCKET], replies=[reply(401)]))
    assert Access(of).got(own).degree == "changed"
    assert Access(of, [idle]).got(own).degree == "own"
    itself = replace(idle, trial=trial(of, "permissions", "read_by", read=of.step.key, actor="bob"))
    assert Access(of, [itself]).got(own).degree == "changed"
    elsewhere = replace(idle, history=replace(idle.history, world="w1"))
    assert Access(of, [elsewhere]).got(own).degree == "changed"


def test_a_broken_credential_with_which_all_was_done_proves_no_bookkeeping():
    of = at(TAGGED)
    done = judged(trial(of, "permissions", "by_nobody", broken=True), history(rows=[TAGGED], replies=[reply(401)]))
    assert Access(of, [done]).got(history(rows=[TAGGED], replies=[reply(401)])).degree == "changed"


def test_what_a_refusal_wrote_of_what_was_asked_is_no_bookkeeping():
    renamed = updated("posts", POST, title="a new title")
    of = replace(at(TAG, renamed), request=Request(method="POST", target=STEP.target, body='{"title": "a new title"}'))
    early = judged(trial(of, "permissions", "by_nobody", broken=True), history(rows=[renamed], replies=[reply(401)]))
    assert Access(of, [early]).got(history(rows=[renamed], replies=[reply(200)])).degree == "changed"


def test_what_a_read_by_its_owner_deletes_is_no_bookkeeping():
    gone = deleted("posts", **POST)
    of = at(gone)
    idle = judged(trial(of, "permissions", "read_by", read="ann GET /x #1", actor="bob"), history(rows=[gone]))
    assert Access(of, [idle]).got(history(rows=[gone])).degree == "changed"


@pytest.mark.parametrize(
    ("change", "degree"),
    [
        (updated("posts", {"id": ID, "n": "0"}, n="1"), "attached"),
        (updated("posts", {"id": ID, "at": "2026-11-28 06:00:00"}, at="2026-11-28 06:00:07"), "attached"),
        (updated("posts", {"id": ID, "n": "100"}, n="99"), "changed"),
        (updated("posts", {"id": ID, "at": None}, at="2026-11-28 06:00:07"), "changed"),
        (updated("posts", {"id": "7", "n": "0"}, n="1"), "changed"),
    ],
)
def test_what_counts_new_rows_is_no_change_of_what_they_are_bound_to(change, degree):
    added = inserted("tags", id="3000009", post_id=ID, name="tea")
    assert got(at(TAG, change), [added, change])[0] == degree
    assert got(at(change), [change])[0] == "changed"  # where nothing new is counted


def test_a_redirect_to_where_the_actor_is_led_is_a_success():
    led = reply(303, headers={"location": f"/posts/{ID}"})
    assert got(at(TAGGED, answer=led), [TAGGED], reply(303, headers={"location": "/posts/2000099"}))[0] == "changed"
    assert got(at(TAGGED, answer=led), [], reply(303, headers={"location": "/login"}))[0] == "refused"


def test_what_the_team_ignores_is_no_change():
    assert got(at(TAGGED, ignore=("posts.title",)), [TAGGED])[0] != "changed"
    assert got(at(TAGGED, ignore=("posts",)), [TAGGED])[0] != "changed"


READ = replace(STEP, method="GET", route="/posts/{id}", target=f"/posts/{ID}")
LIST = replace(STEP, method="GET", route="/posts", target="/posts")


@pytest.mark.parametrize(
    ("step", "answer", "degree"),
    [
        (READ, reply(200, {"id": int(ID), "title": "old", "next": 2000042}), "shown"),
        (READ, reply(404), "refused"),
        (LIST, reply(200, {"posts": [int(ID)]}), "shown"),
        (LIST, reply(200, {"posts": [2000099]}), "own"),
        (LIST, reply(200, {"posts": []}), "own"),
        (LIST, reply(200, {"posts": [2000042]}), "same"),
    ],
)
def test_a_read(step, answer, degree):
    of = at(step=step, answer=reply(200, {"id": int(ID), "title": "old", "next": 2000042}))
    assert got(of, [], answer)[0] == degree


HITS = updated("hits", {"page": "posts", "n": "6"}, n="7")


def test_a_read_that_is_counted_is_told_by_what_it_shows():
    of = at(HITS, step=LIST, answer=reply(200, {"posts": [int(ID)]}))
    assert got(of, [HITS], reply(200, {"posts": [int(ID)]}))[0] == "shown"
    assert got(of, [HITS], reply(200, {"posts": []}))[0] == "own"
    views = updated("posts", {"id": ID, "views": "6"}, views="7")
    assert got(at(views, step=LIST), [views], reply(200, {"posts": []}))[0] == "changed"
    assert got(at(views, step=LIST), [views], reply(200, {"posts": [int(ID)]}))[0] == "shown"
    assert got(at(views, BUCKET, step=LIST), [views], reply(200, {"posts": []}))[0] == "own"  # it did not do all


@pytest.mark.parametrize("status", [403, 302])
def test_a_refusal_that_shows_the_object_all_the_same(status):
    of = replace(at(step=READ), sent=(Request(method="POST", target="/posts", body="hello1f2e3d4c5b"),))
    assert got(of, [], reply(status, "no: hello1f2e3d4c5b"))[0] == "shown"
    assert got(of, [], reply(status, f"no post {ID}"))[0] == "refused"  # what was asked is told


def test_what_the_actor_made_up_and_sent_is_its_own_also_where_no_answer_tells_it():
    page = reply(200, "Signed in as ann: hello1f2e3d4c5b")
    of = replace(at(step=LIST, answer=page), earlier=(reply(303, headers={"location": "/posts"}),))
    sent = Request(method="POST", target="/posts", body="text=hello1f2e3d4c5b")
    theirs = reply(200, "Signed in as bob: hello1f2e3d4c5b")
    assert got(replace(of, sent=(sent,)), [], theirs)[0] == "shown"
    assert got(replace(of, sent=(sent,), steps=(replace(STEP, actor="eve"), LIST)), [], theirs)[0] == "same"


def test_what_the_actor_had_read_before_it_made_anything_is_not_its_own():
    me = replace(STEP, method="GET", route="/me", target="/me")
    of = at(inserted("tags", id="3000001", org=UUID, name="tea"), step=replace(STEP, route="/tags", target="/tags"))
    theirs = [inserted("tags", id="3000009", org=UUID, name="tea")]
    told = (reply(200, {"org": UUID}), reply(201, {"id": int(ID), "org": UUID}))
    assert got(replace(of, steps=(me, STEP, of.step), earlier=told), theirs)[0] == "own"
    assert got(replace(of, steps=(STEP, me, of.step), earlier=told[::-1]), theirs)[0] == "attached"


def test_a_page_that_is_named_shows_what_it_has_in_common_with_the_actors_whoever_reads_it():
    shared = replace(STEP, method="GET", route="/orgs/{id}", target=f"/orgs/{UUID}")
    of = at(step=shared, answer=reply(200, f"ann at {UUID}: 2000042"))
    assert got(of, [], reply(200, f"bob at {UUID}: 2000042"))[0] == "shown"
    assert got(of, [], reply(200, f"bob at {UUID}: 2000043"))[0] == "same"  # what the URL names for both of them
    built = at(step=shared, answer=reply(200, "ann, build c0ffee1f2e3d4c5b"))
    assert got(built, [], reply(200, "bob, build c0ffee1f2e3d4c5b"))[0] == "same"


def test_a_peers_value_that_was_used_though_the_answer_refuses():
    of = at(TAG)
    used = [inserted("tags", id="3000009", post_id="2000077", name="tea")]
    assert Access(of).used(history(rows=used, replies=[reply(403)])).degree == "attached"
    assert Access(of).used(history(replies=[reply(403)])).degree == "refused"
    assert Access(at(TAG, BUCKET)).used(history(rows=[BUCKET], replies=[reply(403)])).degree == "refused"
    assert Access(of).used(history(rows=used)).degree == "attached"
    assert Access(of).used(history()).degree == "nothing"


def test_a_page_is_public_where_nobody_gets_the_same_and_nothing_changes():
    of = at(step=LIST, answer=reply(200, {"posts": [1]}))
    assert Access(of).is_public(history(replies=[reply(200, {"posts": [1]})]))
    assert not Access(of).is_public(history(replies=[reply(200, {"posts": []})]))
    assert not Access(of).is_public(history(rows=[TAGGED], replies=[reply(200, {"posts": [1]})]))
    counted = at(HITS, step=LIST, answer=reply(200, {"posts": [1]}))
    assert Access(counted).is_public(history(rows=[HITS], replies=[reply(200, {"posts": [1]})]))


def test_what_the_request_names_may_be_the_actors_own():
    assert Access(at()).names_own
    assert not Access(at(step=LIST)).names_own
    assert not Access(at(step=replace(STEP, target="/posts/7/tags"))).names_own


def test_values_that_stand_for_one_thing():
    text = (
        f'{{"id": {ID}, "ref": "{UUID}", "at": "2026-11-28T06:00:00.1234567Z", "s": "hello1f2e3d4c5b", "n": 1.5000000}}'
    )
    assert set(values_in(text)) == {ID, UUID, "hello1f2e3d4c5b"}
    assert made_up_in(text) == {"hello1f2e3d4c5b"}
    assert list(values_in("bootstrap5 utf8mb4 col-md-6 12 v2")) == []
    assert (
        list(values_in("/static/base.a7e20196a850.css main-c0ffee1f2e3d4c5b.js?v=3d3f1c2a9d1b4c8e8f0a5b7c6d8e9f01"))
        == []
    )
    assert set(values_in('{"id": "usr_01J9Z3M4N5P6Q7R8S9T0V1W2X3", "of": "/x/3d3f1c2a9d1b4c8e8f0a5b7c6d8e9f01"}')) == {
        "01J9Z3M4N5P6Q7R8S9T0V1W2X3",
        "3d3f1c2a9d1b4c8e8f0a5b7c6d8e9f01",
    }


@pytest.mark.parametrize(("told", "kept"), [(UUID, UUID.replace("-", "")), (UUID.replace("-", ""), UUID)])
def test_a_uuid_is_the_same_without_its_dashes(told, kept):
    row = inserted("tags", id="3000001", post=kept)
    of = replace(at(row), earlier=(reply(201, {"id": told}),))
    assert got(of, [row])[0] == "attached"


def test_ids_of_each_run_are_not_the_actors():
    of = baseline(lambda run: [inserted("tags", id=serial(run), name="tea")], step=STEP, steps=(STEP,))
    assert got(of, [inserted("tags", id=serial(7), name="tea")])[0] == "own"
