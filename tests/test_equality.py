"""The oracle by value: what is equal, what differs, and in which words."""

from __future__ import annotations

import base64
import json
import random
import re
import uuid

import pytest

from hotfire.equality import Comparison, Different, Equal, NotComparable, Oracle, State, compare_any
from hotfire.model.history import Reply, RowChange

Values = dict[str, object]


def text(value: object) -> str | None:
    """The server's own text of a value."""
    if value is None:
        return None
    return json.dumps(value) if isinstance(value, dict | list) else str(value)


def new(table: str, **values: object) -> RowChange:
    """An inserted row."""
    return RowChange(store="db", table=table, before=None, after={name: text(value) for name, value in values.items()})


def changed(table: str, before: Values, **values: object) -> RowChange:
    """An updated row: what it was, and what of it changed."""
    old = {name: text(value) for name, value in before.items()}
    return RowChange(
        store="db", table=table, before=old, after={**old, **{name: text(v) for name, v in values.items()}}
    )


def gone(table: str, **values: object) -> RowChange:
    """A deleted row."""
    return RowChange(store="db", table=table, before={name: text(v) for name, v in values.items()}, after=None)


def answer(status: int | None, body: object = "", **headers: str) -> Reply:
    """An answer; a dictionary is sent as JSON."""
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Reply(send=0, attempt=1, actor="ann", status=status, headers=named, body=text(body) or "")


def state(*parts: RowChange | Reply) -> State:
    """A state of rows and answers."""
    return State(
        rows=tuple(part for part in parts if isinstance(part, RowChange)),
        replies=tuple(part for part in parts if isinstance(part, Reply)),
    )


def moment(run: int, seconds: float = 0) -> str:
    """An instant as Postgres writes it; runs are 7 seconds apart."""
    at = 3 + run * 7 + seconds
    return f"2026-11-24 14:{int(at // 60):02}:{at % 60:06.3f}+00"


def said(comparison: Comparison) -> list[str]:
    """The differences' texts."""
    assert isinstance(comparison, Different), comparison
    return [difference.text for difference in comparison.differences]


def learned(make: object, *, columns: dict[str, dict[str, str]] | None = None, ignore: tuple[str, ...] = ()) -> Oracle:
    """An oracle of three clean runs, made by `make(run)`."""
    assert callable(make)
    return Oracle.learn([make(run) for run in (0, 1, 2)], columns or {}, ignore)


# The toys: ids that are equal by chance


def order_of_new_user(run: int, *, burnt: int = 0, base: int = 0) -> State:
    user, order = 1 + 11 * run, base + 1 + 11 * run + burnt
    return state(
        new("users", id=user, name="ann"),
        new("orders", id=order, user_id=user, total="49.00"),
    )


def test_a_killed_attempt_that_used_an_id_up_is_equal_with_ranges_of_their_own() -> None:
    oracle = learned(lambda run: order_of_new_user(run, base=1_000_000))
    assert oracle.compare(order_of_new_user(5, burnt=1, base=1_000_000)) == Equal()


@pytest.mark.parametrize("burnt", [0, 1])
def test_short_ids_are_shared_only_where_every_clean_run_shares_them(burnt: int) -> None:
    """User 1 and order 1 are equal by chance in one clean run: the others tell."""

    def shop(run: int, burnt: int = 0) -> State:
        user, order = (1, 12, 23, 34)[run], (1, 8, 15, 22)[run] + burnt
        return state(new("users", id=user), new("orders", id=order, user_id=user, total="49.00"))

    oracle = learned(shop)
    assert oracle.compare(shop(3, burnt)) == Equal()
    assert oracle.compare(shop(0, burnt)) == Equal()
    wrong = state(new("users", id=34), new("orders", id=22, user_id=33, total="49.00"))
    assert said(oracle.compare(wrong)) == [
        "orders.user_id and users.id differ where one run leaves the same value in both"
    ]


# Rows too many, too few


def checkout(run: int, *, payments: int = 1, mails: int = 1) -> State:
    order = 3_000_017 + 101 * run
    return state(
        new("orders", id=order, customer_id=7, total="49.00", created_at=moment(run)),
        *[
            new("payments", id=5_000_001 + 101 * run + n, order_id=order, amount="49.00", at=moment(run, n))
            for n in range(payments)
        ],
        *[new("mails", id=6_000_001 + 101 * run + n, order_id=order, kind="receipt") for n in range(mails)],
    )


def test_a_second_payment_is_told_by_what_it_shares_with_the_first() -> None:
    comparison = learned(checkout).compare(checkout(4, payments=2))
    assert said(comparison) == ["2 rows in payments where one run leaves 1 (amount 49.00, same order)"]
    assert isinstance(comparison, Different)
    assert comparison.differences[0].columns == ("payments",)
    assert comparison.differences[0].agreeing == ("order_id",)


def test_a_lost_row_is_told() -> None:
    assert said(learned(checkout).compare(checkout(4, mails=0))) == [
        "no row in mails where one run leaves 1 (kind 'receipt')"
    ]


def test_duplicates_agree_in_references_and_names() -> None:
    comparison = learned(checkout).compare(checkout(4, mails=3))
    assert said(comparison) == ["3 rows in mails where one run leaves 1 (kind 'receipt', same order)"]
    assert isinstance(comparison, Different)
    assert comparison.differences[0].agreeing == ("order_id", "kind")


def test_a_table_that_no_clean_run_touches() -> None:
    trial = state(*checkout(4).rows, new("failures", id=1, kind="lost"))
    assert said(learned(checkout).compare(trial)) == ["1 row in failures where one run leaves none (id 1, kind 'lost')"]


def test_one_of_several_is_missing() -> None:
    def items(run: int, *names: str) -> State:
        return state(*[new("items", id=2_000_001 + run * 101 + n, sku=name) for n, name in enumerate(names)])

    oracle = learned(lambda run: items(run, "pen", "ink"))
    assert said(oracle.compare(items(4, "pen"))) == ["1 row in items where one run leaves 2 (without sku 'ink')"]
    assert said(oracle.compare(items(4, "pen", "pen"))) == ["items.sku is 'pen' where one run leaves 'ink'"]


def test_a_deleted_row() -> None:
    oracle = learned(lambda _run: state(gone("carts", id=3, owner="ann")))
    assert oracle.compare(state(gone("carts", id=3, owner="ann"))) == Equal()
    assert said(oracle.compare(state())) == ["a row in carts is kept where one run deletes it (id 3, owner 'ann')"]
    trial = state(gone("carts", id=3, owner="ann"), gone("carts", id=4, owner="bob"))
    assert said(oracle.compare(trial)) == ["a row in carts is deleted where one run keeps it (id 4, owner 'bob')"]


# Columns


POST: Values = {"id": 12, "title": "Hello", "status": "draft", "published_at": None, "views": 1}


def published(run: int, **values: object) -> State:
    return state(changed("posts", POST, **{"status": "published", "published_at": moment(run), **values}))


def test_an_update_that_did_not_happen() -> None:
    assert said(learned(published).compare(state())) == [
        "posts.published_at is NULL where one run leaves '2026-11-24 14:00:17.000+00'",
        "posts.status is 'draft' where one run leaves 'published'",
    ]


def test_a_wrong_value_and_null_for_an_instant() -> None:
    oracle = learned(published)
    assert oracle.compare(published(9)) == Equal()
    assert said(oracle.compare(published(9, status="lost"))) == [
        "posts.status is 'lost' where one run leaves 'published'"
    ]
    assert said(oracle.compare(published(9, published_at=None))) == [
        "posts.published_at is NULL where one run leaves '2026-11-24 14:00:17.000+00'"
    ]


def test_an_update_of_a_row_that_one_run_leaves_alone() -> None:
    trial = state(*published(9).rows, changed("posts", {**POST, "id": 13}, views=2))
    assert said(learned(published).compare(trial)) == ["posts.views is 2 where one run leaves 1"]


def test_a_counter_is_literal() -> None:
    oracle = learned(lambda run: published(run, views=2))
    assert said(oracle.compare(published(9, views=3))) == ["posts.views is 3 where one run leaves 2"]


def test_an_update_that_changes_nothing_is_nothing() -> None:
    oracle = learned(published)
    assert oracle.compare(state(*published(9).rows, changed("posts", {**POST, "id": 13}))) == Equal()


def test_what_is_ignored_is_no_state() -> None:
    def job(run: int, attempts: int, lines: int) -> State:
        lined = [new("audit_log", id=4_000_000 + run * 101 + n, text="x") for n in range(lines)]
        return state(
            changed("jobs", {"id": 1, "status": "new", "attempts": 0}, status="done", attempts=attempts), *lined
        )

    oracle = Oracle.learn([job(0, 1, 1), job(1, 2, 5), job(2, 1, 2)], {}, ("audit_log", "jobs.attempts"))
    assert oracle.compare(job(4, 9, 0)) == Equal()
    assert oracle.ignored == {"audit_log", "jobs.attempts"}
    only_ignored = changed("jobs", {"id": 2, "status": "new", "attempts": 0}, attempts=4)
    assert oracle.compare(state(*job(4, 9, 0).rows, only_ignored)) == Equal()


# Generated values


def token(run: int, salt: str = "") -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{run}{salt}").hex


def session(run: int, **values: object) -> State:
    key = str(uuid.uuid5(uuid.NAMESPACE_URL, str(run)))
    row = {
        "id": key,
        "token": token(run, "t"),
        "user_id": 7,
        "created_at": moment(run),
        "took": f"0.{run}731",
        **values,
    }
    return state(
        new("sessions", **row), answer(201, {"id": key, "token": token(run, "t"), "expires": 1_795_000_000 + run})
    )


def test_uuid_token_instant_and_measure_are_learned() -> None:
    oracle = learned(session, columns={"db.sessions": {"created_at": "timestamp with time zone", "id": "uuid"}})
    assert oracle.generated == {
        "sessions.id", "sessions.token", "sessions.created_at", "sessions.took",
        "answer body.id", "answer body.token", "answer body.expires",
    }  # fmt: skip
    assert oracle.compare(session(8)) == Equal()
    assert said(oracle.compare(session(8, token=None)))[0].startswith("sessions.token is NULL where one run leaves '")
    assert isinstance(oracle.compare(session(8, token="")), Different)
    assert isinstance(oracle.compare(session(8, token=token(99))), Different)


def test_an_answer_that_shows_another_value_than_the_row_has() -> None:
    wrong = State(rows=session(8).rows, replies=session(9).replies)
    assert said(learned(session).compare(wrong)) == [
        "body.id of the answer and sessions.id differ where one run leaves the same value in both",
        "body.token of the answer and sessions.token differ where one run leaves the same value in both",
    ]


def test_a_value_of_every_clean_run_stays_literal_in_a_generated_column() -> None:
    def keys(run: int, fixed: str = "everyone-else") -> State:
        return state(new("keys", name=fixed), new("keys", name=token(run)))

    oracle = learned(keys)
    assert oracle.compare(keys(7)) == Equal()
    assert isinstance(oracle.compare(keys(7, "nobody-at-all")), Different)


def test_a_value_from_before_is_literal() -> None:
    """The retry that did not turn the key is seen, though the key is generated."""

    def turned(run: int, key: str | None = None) -> State:
        return state(changed("locks", {"id": 1, "key": "k0000000000", "turns": 0}, key=key or token(run), turns=1))

    oracle = learned(turned)
    assert oracle.compare(turned(5)) == Equal()
    assert said(oracle.compare(turned(5, "k0000000000")))[0].startswith(
        "locks.key is 'k0000000000' where one run leaves"
    )


def test_rows_of_themselves() -> None:
    def thread(run: int, parent: int = 1) -> State:
        first = 2_000_000 + 1009 * run
        return state(
            new("comments", id=first, parent_id=None, text="a"),
            new("comments", id=first + 1, parent_id=first, text="b"),
            new("comments", id=first + 2, parent_id=first + parent, text="c"),
        )

    oracle = learned(thread)
    assert oracle.compare(thread(6)) == Equal()
    shuffled = State(rows=tuple(reversed(thread(6).rows)))
    assert oracle.compare(shuffled) == Equal()
    assert isinstance(oracle.compare(thread(6, parent=0)), Different)


def test_symmetric_duplicates_are_interchangeable() -> None:
    def tickets(run: int, number: int = 3) -> State:
        order = 2_000_000 + 1009 * run
        rows = [new("tickets", id=3_000_000 + 1009 * run + n, order_id=order) for n in range(number)]
        return state(new("orders", id=order), *rows)

    oracle = learned(tickets)
    assert oracle.compare(tickets(6)) == Equal()
    assert said(oracle.compare(tickets(6, 4))) == ["4 rows in tickets where one run leaves 3 (same order)"]


def test_overlapping_windows_of_a_sequence_are_no_constants() -> None:
    """A bulk insert of more rows than the prime by which sequences were moved on."""

    def bulk(run: int) -> State:
        first = 2_000_000 + 7 * run
        return state(*[new("tickets", id=first + n, seat=n, next_id=first + n + 1) for n in range(40)])

    oracle = learned(bulk)
    assert oracle.compare(bulk(31)) == Equal()
    assert oracle.compare(bulk(1)) == Equal()


# Texts


def article(run: int, *, word: str = "confirmed", other: int = 0) -> State:
    key = 4_000_000 + 1009 * run
    slug = f"hello-{key}"
    form = f'<form action="/posts/{slug}"><input name="csrf" value="{token(run, "c")}"></form>'
    page = f"{form}<p>{word} at {moment(run)}</p>"
    return state(
        new("posts", id=key, slug=slug, title="Hello"),
        new("notes", id=5_000_000 + 1009 * run, text=f"Post {key + other} was {word}"),
        answer(200, page, content_type="text/html", location=f"/posts/{slug}"),
    )


def test_texts_made_with_generated_values() -> None:
    oracle = learned(article)
    assert oracle.compare(article(6)) == Equal()
    assert {"posts.slug", "notes.text", "answer body", "answer location"} <= oracle.generated
    assert isinstance(oracle.compare(article(6, other=1)), Different)


def test_a_word_within_a_generated_text() -> None:
    texts = said(learned(article).compare(article(6, word="cancelled")))
    assert [re.sub(r"\d{6,}", "N", each) for each in texts] == [
        (
            """body of the answer is '…"></form><p>cancelled at 2026-11-24 14…' """
            """where one run answers '…"></form><p>confirmed at 2026-11-24 14…'"""
        ),
        "notes.text is 'Post N was cancelled' where one run leaves 'Post N was confirmed'",
    ]


def test_a_slug_of_title_and_suffix() -> None:
    def slugged(run: int, slug: str = "") -> State:
        slug = slug or f"hello-{token(run)[:6]}"
        return state(new("posts", id=4_000_000 + 1009 * run, slug=slug), answer(303, "", location=f"/posts/{slug}"))

    oracle = learned(slugged)
    assert oracle.compare(slugged(6)) == Equal()
    wrong = State(rows=slugged(6).rows, replies=slugged(7).replies)
    assert isinstance(oracle.compare(wrong), Different)


def test_uuids_are_the_same_with_and_without_dashes() -> None:
    def both(run: int, dashed: int = 0) -> State:
        key = uuid.uuid5(uuid.NAMESPACE_URL, str(run))
        other = uuid.uuid5(uuid.NAMESPACE_URL, str(run + dashed))
        return state(new("files", id=str(key)), answer(201, {"id": other.hex}))

    oracle = learned(both)
    assert oracle.compare(both(6)) == Equal()
    assert isinstance(oracle.compare(both(6, dashed=1)), Different)


@pytest.mark.parametrize(
    "pattern",
    ["{}", "$2b$12${}", "pbkdf2_sha256$600000${0}${0}=", "$argon2id$v=19$m=65536,t=3,p=4${0}${0}", "Bearer {}"],
)
def test_hashes_and_tokens_with_signs_in_them(pattern: str) -> None:
    """Base64 has signs that elsewhere stand between words; no two tokens have them at the same places."""

    def user(run: int) -> State:
        luck = random.Random(run)  # noqa: S311 (luck from a seed)
        rows = [base64.b64encode(luck.randbytes(24)).decode().rstrip("=") for _ in range(40)]
        return state(*[new("users", name=f"n{n}", password=pattern.format(each)) for n, each in enumerate(rows)])

    oracle = learned(user)
    for run in range(3, 20):
        assert oracle.compare(user(run)) == Equal()
    bare = state(*user(3).rows[1:], new("users", name="n0", password="plain text"))
    assert isinstance(oracle.compare(bare), Different)


# JSON


def event(run: int, *, kind: str = "paid", keyed: bool = False, turn: bool = False) -> State:
    order = 4_000_000 + 1009 * run
    items: list[object] = [{"id": order + 1, "sku": "pen"}, {"id": order + 2, "sku": "ink"}]
    payload: dict[str, object] = {
        "order": {"id": order, "at": moment(run)},
        "kind": kind,
        "items": items[:: -1 if turn else 1],
    }
    if keyed:
        payload["by_id"] = {str(order): {"qty": 1}, "all": {"qty": 2}}
    return state(new("orders", id=order), new("events", id=5_000_000 + 1009 * run, payload=payload))


def test_json_by_its_fields() -> None:
    oracle = learned(event)
    assert oracle.compare(event(6)) == Equal()
    assert {"events.payload:order.id", "events.payload:order.at", "events.payload:items[].id"} <= oracle.generated
    assert said(oracle.compare(event(6, kind="lost"))) == ["events.payload:kind is 'lost' where one run leaves 'paid'"]


def test_lists_keep_their_order_where_the_clean_runs_keep_it() -> None:
    assert isinstance(learned(event).compare(event(6, turn=True)), Different)
    loose = learned(lambda run: event(run, turn=run == 1))
    assert loose.compare(event(6, turn=True)) == Equal()
    assert loose.compare(event(6)) == Equal()
    assert isinstance(loose.compare(event(6, kind="lost")), Different)


def test_generated_keys() -> None:
    oracle = learned(lambda run: event(run, keyed=True))
    assert oracle.compare(event(6, keyed=True)) == Equal()
    assert isinstance(oracle.compare(event(6)), Different)


# Far instants


def test_a_date_a_month_ahead_keeps_its_distance() -> None:
    def subscription(run: int, days: int = 30) -> State:
        month, day = divmod(24 + days, 30)
        until = f"20{26 + (11 + month) // 13}-{(10 + month) % 12 + 1:02}-{day + 1:02} 14:00:{3 + run * 7:02}+00"
        return state(new("subscriptions", id=2_000_000 + run * 1009, created_at=moment(run), until=until))

    oracle = learned(subscription)
    assert oracle.compare(subscription(6)) == Equal()
    assert said(oracle.compare(subscription(6, 60)))[0].startswith("subscriptions.until is '2027-01-")


# Answers


def created(run: int, status: int = 201) -> State:
    body = {"id": 2_000_000 + 1009 * run} if status == 201 else {"detail": "already there"}
    return state(new("posts", id=2_000_000 + 1009 * run), answer(status, body, content_type="application/json"))


def test_another_status() -> None:
    assert said(learned(created).compare(created(6, 409))) == ["the answer has status 409 where one run answers 201"]


def test_no_answer_and_a_named_step() -> None:
    def named(run: int, status: int | None = 201) -> State:
        return State(rows=(), replies=(answer(status, {"id": 2_000_000 + 1009 * run}),), steps=("POST /posts",))

    oracle = learned(named)
    assert oracle.generated == {"answer POST /posts body.id"}
    assert said(oracle.compare(named(6, None))) == [
        "the answer to POST /posts has status none where one run answers 201"
    ]


def test_cookies_count_by_name() -> None:
    oracle = learned(lambda run: state(answer(200, "ok", set_cookie=f"session={token(run)}; Path=/")))
    assert oracle.compare(state(answer(200, "ok", set_cookie="session=other; Path=/"))) == Equal()
    assert isinstance(oracle.compare(state(answer(200, "ok"))), Different)


# Clean runs that do not agree


def test_clean_runs_of_other_rows_cannot_be_compared() -> None:
    oracle = Oracle.learn([checkout(0), checkout(1, mails=2), checkout(2)], {})
    answer = oracle.compare(checkout(4))
    assert isinstance(answer, NotComparable)
    assert "2 rows in mails where another leaves 1" in answer.reason
    assert 'ignore = ["mails"]' in answer.fix


@pytest.mark.parametrize("values", [("sent", "sent", "queued"), ("1", "1", "2"), ("t", "f", "f")])
def test_a_status_or_a_counter_that_clean_runs_do_not_agree_in(values: tuple[str, ...]) -> None:
    oracle = learned(lambda run: state(new("mails", state=values[run])))
    answer = oracle.compare(state(new("mails", state=values[0])))
    assert isinstance(answer, NotComparable)
    assert "mails.state" in answer.reason
    assert answer.columns == ("mails.state",)


def test_two_clean_runs_are_too_few() -> None:
    answer = Oracle.learn([checkout(0), checkout(1)], {}).compare(checkout(2))
    assert isinstance(answer, NotComparable)
    assert answer.fix == "run the step undisturbed 3 times"


# Several references


def test_any_of_several_references() -> None:
    once = learned(checkout)
    twice = Oracle.learn([checkout(3, payments=2)], {}, like=once, reference="one sending after the other")
    assert compare_any(checkout(6), (once, twice)) == Equal()
    assert compare_any(checkout(6, payments=2), (once, twice)) == Equal()
    third = compare_any(checkout(6, payments=3), (once, twice))
    assert said(third) == ["3 rows in payments where one run leaves 1 (amount 49.00, same order)"]
    assert said(twice.compare(checkout(6, payments=3))) == [
        "3 rows in payments where one sending after the other leaves 2 (amount 49.00, same order)"
    ]
    unsure = Oracle.learn([checkout(0)], {})
    assert isinstance(compare_any(checkout(6, payments=3), (once, unsure)), NotComparable)


# What is made of the second


def signed(second: int) -> str:
    """A value as Django's signing and itsdangerous write it: payload, second, signature."""
    return f".eJxVjE0OwiAYBe:1xXBa{second % 10}:{token(second)}{token(second + 1)}"


def test_a_session_signed_with_the_second_of_its_request() -> None:
    """Two runs of one second agree in it, and one in the second of the step before leaves what was there."""

    def touched(run: int, second: int) -> State:
        before: Values = {"key": "k0000000000", "data": signed(0), "expires": moment(0)}
        return state(changed("sessions", before, data=signed(second), expires=moment(run + 1)))

    for seconds in ((1, 1, 2), (0, 1, 1), (0, 0, 1), (1, 2, 3)):
        oracle = Oracle.learn([touched(run, second) for run, second in enumerate(seconds)], {})
        assert oracle.trouble is None
        assert oracle.compare(touched(5, 7)) == Equal()


def test_an_instant_in_seconds_that_a_run_of_the_same_second_leaves_as_it_was() -> None:
    def seen(run: int, at: int) -> State:
        return state(changed("readers", {"id": 1, "seen": moment(0), "pages": 3}, seen=moment(at), pages=4))

    oracle = Oracle.learn([seen(0, 0), seen(1, 0), seen(2, 1)], {})
    assert oracle.trouble is None
    assert oracle.compare(seen(3, 2)) == Equal()
    assert isinstance(oracle.compare(state()), Different)


def test_an_instant_in_seconds_that_equals_another_column_by_chance() -> None:
    """SQLite's CURRENT_TIMESTAMP: a poll that is closed in the second in which it was made."""

    def closed(second: int) -> State:
        made = {"id": 7, "created_at": "2026-11-28 09:30:20", "closed_at": None}
        return state(changed("polls", made, closed_at=f"2026-11-28 09:30:{20 + second}"))

    oracle = Oracle.learn([closed(0), closed(1), closed(1)], {})
    assert oracle.trouble is None
    assert oracle.compare(closed(5)) == oracle.compare(closed(0)) == Equal()
    assert isinstance(oracle.compare(state()), Different)


def test_names_that_a_storage_makes_up_where_the_wanted_one_is_taken() -> None:
    """Django's storage, sent twice: the second file has seven letters at random, in its path and in its row."""

    def kept(*names: str) -> State:
        paths = [f"receipts/{name}.txt" for name in names]
        files = [new("files", path=path, size=53) for path in paths]
        return state(*files, *(new("receipts", id=100 + n, file=path) for n, path in enumerate(paths)))

    once = Oracle.learn([kept("train") for _ in range(3)], {})
    twice = Oracle.learn([kept("train", "train_ZbF9K49")], {}, like=once)
    assert compare_any(kept("train", "train_aeHaFLp"), [once, twice]) == Equal()
    for wrong in (("train",), ("train", "train"), ("train", "train_ZbF9K49", "train_aeHaFLp"), ("train_ZbF9K49",)):
        assert isinstance(twice.compare(kept(*wrong)), Different)


@pytest.mark.parametrize("after", ['{"b":[true],"a":1,"took":7}', '{"a": 1, "b": [true], "took": 3}'])
def test_json_that_is_written_otherwise_or_differs_in_what_is_ignored_has_not_changed(after: str) -> None:
    before = {"id": 1, "meta": '{"a": 1, "b": [true], "took": 5}'}
    oracle = Oracle.learn([state()] * 3, {}, ["jobs.meta:took"])
    assert oracle.compare(state(changed("jobs", before, meta=after))) == Equal()
    other = oracle.compare(state(changed("jobs", before, meta=after.replace("1", "1.0"))))
    assert isinstance(other, Different)
    assert other.differences[0].columns == ("jobs.meta:a",)
