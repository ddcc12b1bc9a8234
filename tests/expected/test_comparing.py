"""What an answer differs in, as a person is told."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from hotfire.expected import Known, compare, form_of_reply, learn_request, parse, written
from hotfire.model.history import Reply
from tests.expected.plays import HTML, JSON, answered, both, learned, serial, unique

BODY = {
    "id": 1_000_001,
    "title": "Hello",
    "total": "49.00",
    "count": 3,
    "at": "2026-11-28T05:56:23+00:00",
    "since": "2024-01-01T00:00:00Z",
    "open": True,
    "parent": None,
    "items": [{"name": "a"}, {"name": "b"}, {"name": "c"}],
}
HEADERS = JSON | {"location": "/posts/1000001", "cache-control": "no-store", "set-cookie": "sid=abcdefgh; HttpOnly"}


def post(run: int) -> Reply:
    number = serial(run)
    return answered(BODY | {"id": number}, HEADERS | {"location": f"/posts/{number}"}, 201)


EXPECTED = learned(post)


def told(answer: Reply, known: Known | None = None) -> list[tuple[str, str]]:
    return [
        (each.category, each.text) for each in compare(EXPECTED, form_of_reply(answer), {} if known is None else known)
    ]


def other(status: int = 201, headers: dict[str, str] | None = None, **fields: object) -> Reply:
    """The expected answer with some fields or headers changed; "" leaves one out."""
    body = {name: value for name, value in (BODY | fields).items() if value != ""}
    all_headers = {name: value for name, value in (HEADERS | (headers or {})).items() if value}
    return answered(body, all_headers, status)


def test_nothing_to_tell() -> None:
    assert told(other()) == []
    assert told(other(id=5, headers={"location": "/posts/5"})) == []
    assert told(other(at="2027-01-01T00:00:00Z")) == []


@pytest.mark.parametrize(
    ("answer", "category", "text"),
    [
        (other(200), "other status", "status: expected 201, is 200"),
        (other(title="Hallo"), "changed field", 'body.title: expected "Hello", is "Hallo"'),
        (other(title=""), "missing field", "body.title is missing"),
        (other(title=None), "changed field", 'body.title: expected "Hello", is null'),
        (other(total=49.0), "changed field", 'body.total: expected "49.00", is the number 49.0'),
        (other(count=4), "changed field", "body.count: expected the number 3, is the number 4"),
        (other(count="3"), "changed field", 'body.count: expected the number 3, is "3"'),
        (other(count=3.0), "other spelling", "body.count: expected 3, is written 3.0"),
        (other(open=False), "changed field", "body.open: expected true, is false"),
        (other(open=1), "changed field", "body.open: expected true, is the number 1"),
        (other(parent=7), "changed field", "body.parent: expected null, is the number 7"),
        (other(id="1000001"), "changed field", 'body.id: expected a generated id, is "1000001"'),
        (other(id=None), "changed field", "body.id: expected a generated id, is null"),
        (other(at="2026-11-28T05:56:23"), "changed field", 'a moment with its time zone, is "2026-11-28T05:56:23"'),
        (other(items=[]), "missing field", "body.items[0] is missing"),
        (other(items={}), "changed field", "body.items: expected a list of 3, is an object"),
        (other(items=BODY["items"][:2]), "missing field", "body.items[2] is missing"),  # type: ignore[index]
        (other(items=BODY["items"][1:]), "missing field", "body.items[0] is missing"),  # type: ignore[index]
        (other(items=[*BODY["items"], {}]), "changed field", "body.items[3] is there, and was not expected"),  # type: ignore[misc]
        (other(items=BODY["items"][::-1]), "other order", "the same elements stand in another order"),  # type: ignore[index]
        (other(extra=1), "new field", "body.extra is there, and was not expected"),
        (other(password_hash="$2b$"), "leaked field", "body.password_hash is there, and was not expected"),
        (other(headers={"location": "/posts/7"}), "wrong id", "header location: 7 stands where body.id has 1000001"),
        (other(headers={"location": ""}), "changed header", "header location: expected /posts/<id:post>, is missing"),
        (other(headers={"location": "/posts"}), "changed header", "expected /posts/<id:post>, is /posts"),
        (
            other(headers={"cache-control": "public"}),
            "changed header",
            "header cache-control: expected no-store, is public",
        ),
        (other(headers={"vary": "Cookie"}), "changed header", "header vary: not expected, is cookie"),
        (
            other(headers={"set-cookie": "sid=abcdefgh"}),
            "changed header",
            "header set-cookie sid: expected sid=…; httponly, is sid=…",
        ),
        (
            other(headers={"set-cookie": "tid=abcdefgh"}),
            "changed header",
            "header set-cookie sid: expected sid=…; httponly, is missing",
        ),
        (other(headers={"content-type": "text/html"}), "changed body", "body: expected JSON, is HTML"),
    ],
)
def test_one_difference(answer: Reply, category: str, text: str) -> None:
    first = told(answer)[0]
    assert first[0] == category
    assert text in first[1]


def test_a_secret_that_leaks_is_not_told_itself() -> None:
    assert all("hunter2" not in text for _, text in told(other(password="hunter2")))


def proof(change: Callable[[dict[str, object]], None]) -> str:
    body = dict(BODY)
    change(body)
    (found,) = compare(EXPECTED, form_of_reply(answered(body, HEADERS, 201)), {})
    return found.proof


def test_what_time_alone_may_have_changed_proves_nothing() -> None:
    assert proof(lambda body: body.update(since="2025-05-05T00:00:00Z")) == "never"
    assert proof(lambda body: body.update(since="2024-01-01T00:00:00")) == "steady"
    assert proof(lambda body: body.update(at="now")) == "always"


@pytest.mark.parametrize(
    ("then", "now", "write"),
    [
        ("C-20261128-7", "C-20261129-7", "C-<instant:compact>-7"),
        ("C-261128-7", "C-261129-7", "C-<instant:compact>-7"),
        ("Nov. 28, 2026, 5:56 a.m.", "Dec. 1, 2026, noon", "<instant:words>"),
        ("Sat, 28 Nov 2026", "Sun, 29 Nov 2026", "<instant:words>"),
        ("28 novembre 2026", "1 décembre 2026", "<instant:words>"),
        ("/media/2026/11/28/a.png", "/media/2026/12/01/a.png", "/media/<instant:figures>/a.png"),
        ("export_28.11.2026.csv", "export_29.11.2026.csv", "export_<instant:figures>.csv"),
        ("11/28/26", "12/1/26", "<instant:figures>"),
        ("05:56", "17:03", "<instant:clock>"),
        ("2026-11-28 05:56:23 AM", "2026-11-29 05:56:24 PM", "<instant:date> <instant:clock>"),
        ("Sat Nov 28 05:56:23 2026", "Sun Nov 29 05:56:23 2026", "<instant:words>"),
        ("report_November_2026", "report_March_2027", "report_<instant:month>_<instant:year>"),
        ("due Saturday", "due Sunday", "due <instant:weekday>"),
        ("2026-11", "2026-12", "<instant:month>"),
        ("November 2026", "January 2027", "<instant:month> <instant:year>"),
        ("(c) 2026", "(c) 2027", "(c) <instant:year>"),
        ("due 2026-12-12", "due 2026-12-13", "due <instant:date>"),
        ("C-20261128-7", "C-20261129-8", ""),
        ("C-19991128-7", "C-19991129-7", ""),
        ("version 3.11.12", "version 3.11.13", ""),
        ("2049.50", "2050.50", ""),
        ("$2026", "$2027", ""),
        ("49.00", "49", ""),
        ("10.0.0.1:41", "10.0.0.1:42", ""),
        ("5 items", "6 items", ""),
        ("Closed", "Open", ""),
        ("2026-11", "next month", ""),
    ],
)
@pytest.mark.parametrize("kind", [JSON, HTML, {"content-type": "text/csv"}])
def test_another_day_in_any_spelling_proves_nothing(then: str, now: str, write: str, kind: dict[str, str]) -> None:
    def shown(text: str) -> Reply:
        return answered({"a": text} if kind is JSON else f"{text}\nthe same", kind)

    expected = replace(learned(lambda _: shown("recorded")), recorded="2026-11-28")
    expected = replace(expected, body=expected.body.replace("recorded", then))
    assert compare(expected, form_of_reply(shown(then)), {}) == []
    (found,) = compare(expected, form_of_reply(shown(now)), {})
    assert (found.proof, found.write.removesuffix(" the same")) == ("never" if write else "steady", write)


def test_a_line_with_an_id_and_a_day() -> None:
    def order(number: int, day: str) -> Reply:
        return answered({"id": number, "text": f"Order {number}, due {day}"})

    expected = learned(lambda run: order(serial(run), "2026-12-12"))
    (day,) = compare(expected, form_of_reply(order(7, "2026-12-13")), {})
    assert (day.proof, day.write) == ("never", "Order <id:post>, due <instant:date>")
    (word,) = compare(expected, form_of_reply(order(7, "tomorrow")), {})
    assert word.proof == "always"
    wrong = answered({"id": 8, "text": "Order 7, due 2026-12-13"})
    assert "wrong id" in {each.category for each in compare(expected, form_of_reply(wrong), {})}


def test_days_in_a_page_that_has_lost_a_line() -> None:
    page = "<p>Nov. 28, 2026</p><p>a</p><p>11:12</p><p>b</p>"
    expected = replace(
        learned(lambda _: answered(page, HTML)), body="\n".join(form_of_reply(answered(page, HTML)).lines)
    )
    found = compare(expected, form_of_reply(answered("<p>Nov. 29, 2026</p><p>11:15</p><p>b</p>", HTML)), {})
    assert [each.text for each in found if each.proof != "never"] == ["page lacks a", "page lacks <p>"]


def test_days_as_numbers_and_as_keys() -> None:
    expected = learned(lambda _: answered({"due": 1797033600, "days": {"2026-11-28": 3, "2026-11-20": 4}}))
    other = answered({"due": 1797120000, "days": {"2026-11-29": 3, "2026-11-20": 4}})
    due, key = compare(expected, form_of_reply(other), {})
    assert (due.proof, due.write) == ("never", "<instant:epoch>")
    assert (key.proof, key.text) == ("never", "body.days: expected the key 2026-11-28, is 2026-11-29")
    (leaked,) = compare(expected, form_of_reply(answered({"due": 1797033600, "days": {"2026-11-20": 4}})), {})
    assert leaked.category == "missing field"


def test_a_number_that_is_a_part_of_the_day() -> None:
    expected = learned(lambda _: answered({"year": 2026, "dueMonth": 11, "birthday": 28, "n": {"day": 28}, "a": 28}))
    other = answered({"year": 2027, "dueMonth": 1, "birthday": 29, "n": {"day": 2}, "a": 29})
    found = {each.place: each.proof for each in compare(expected, form_of_reply(other), {})}
    assert [place for place, proof in found.items() if proof == "never"] == ["body.year", "body.dueMonth", "body.n.day"]
    assert len(found) == 5


def test_a_number_to_its_last_digit() -> None:
    expected = learned(lambda _: answered('{"a": 1234567890123456789, "b": NaN, "c": Infinity, "d": 1e999999999999}'))
    assert compare(expected, form_of_reply(answered(expected.body)), {}) == []
    other = '{"a": 1234567890123456800, "b": null, "c": -Infinity, "d": 2e999999999999}'
    found = compare(expected, form_of_reply(answered(other)), {})
    assert [each.category for each in found] == ["changed field"] * 4


def test_an_id_that_is_a_number_is_a_whole_one() -> None:
    assert told(other(id=7.5, headers={"location": "/posts/7.5"}))[0] == (
        "changed field",
        "body.id: expected a generated id, is the number 7.5",
    )


def nested(depth: int, leaf: object) -> object:
    for _ in range(depth):
        leaf = [leaf]
    return leaf


@pytest.mark.parametrize("depth", [20, 63, 200, 400, 3_000, 10_000])
def test_lists_in_lists_as_deep_as_you_like(depth: int) -> None:
    def deep(leaf: str) -> Reply:
        return answered(f"{'[' * depth}{leaf}{']' * depth}")

    expected = learned(lambda _: deep("1"))
    assert compare(expected, form_of_reply(deep("1")), {}) == []
    (found,) = compare(parse(written(expected), "launch/expected/publish/x.txt"), form_of_reply(deep("2")), {})
    assert found.proof == "steady"


def test_half_of_a_surrogate_pair_is_told_as_an_escape() -> None:
    expected = learned(lambda _: answered('{"t": "\\ud83d", "\\ud83d": 1}'))
    written(expected).encode()
    assert (
        compare(parse(written(expected), "launch/expected/publish/x.txt"), form_of_reply(answered(expected.body)), {})
        == []
    )
    for each in compare(expected, form_of_reply(answered('{"t": "\\ud83e", "\\ud83f": 1}')), {}):
        each.text.encode()


def test_an_id_of_a_step_before_and_of_the_request() -> None:
    _, second = both(
        lambda run: answered({"id": serial(run), "slug": unique(run)}),
        lambda run: answered({"post_id": serial(run), "url": f"/{unique(run)}"}),
    )
    known: Known = {}
    learn_request(second, "/posts/1000001", known)
    known["slug"] = ("hello1", "body.slug of author POST /api/posts #1")
    (wrong, url) = compare(second, form_of_reply(answered({"post_id": 5, "url": "/hello2"})), known)
    assert wrong.text == "body.post_id: 5 stands where the request has 1000001"
    assert url.text == "body.url: hello2 stands where body.slug of author POST /api/posts #1 has hello1"


FORM = "<form method=post><input name=csrf value={1}><input name=email required></form>"
PAGE = f"<h1>Hello {{0}}</h1>{FORM}<p>Total: 49.00</p>"
SHOWN = learned(lambda run: answered(PAGE.format(unique(run), "k9" * 12 + str(run)), HTML))


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ("<input name=email required>", "", 'page lacks <input name="email" required>'),
        ("name=email", "name=mail", 'page: expected <input name="email" required>, is <input name="mail" required>'),
        ("Hello {0}", "Hello <b>{0}</b>", "page: expected Hello <id>, is Hello; page has <b>, which was not expected"),
        ("49.00", "49", "page: expected Total: 49.00, is Total: 49"),
        ("</form>", "</form><script>x()</script>", "page has <script>, which was not expected; page has x()"),
        ("<form method=post>", "", 'page lacks <form method="post">'),
        ("</h1>", "", 'page: <form method="post"> stands in another element'),
        (
            "value={1}",
            "value=''",
            'page: expected <input name="csrf" value="<token>">, is <input name="csrf" value="">',
        ),
    ],
)
def test_a_page(old: str, new: str, text: str) -> None:
    page = PAGE.replace(old, new).format(unique(0), "k9" * 13)
    assert text in "; ".join(each.text for each in compare(SHOWN, form_of_reply(answered(page, HTML)), {}))


def test_a_page_as_expected() -> None:
    assert compare(SHOWN, form_of_reply(answered(PAGE.format("ann1", "Zz" * 13), HTML)), {}) == []


def test_a_file_of_other_bytes() -> None:
    pdf = {"content-type": "application/pdf"}
    expected = learned(lambda _: answered("%PDF-1.7 a", pdf))
    (found,) = compare(expected, form_of_reply(answered("%PDF-1.7 b", pdf)), {})
    assert found.text.startswith("body: expected sha256: ")
