"""Forms as browsers read and send them (WHATWG HTML, 4.10.21)."""

import sys

import pytest

from hotfire.errors import SetupError, UsageError
from hotfire.worlds.driver.entries import BOUNDARY, Sending, Value, fill, send
from hotfire.worlds.driver.forms import complaints, find_form, forms_at

URL = "http://127.0.0.1:8000/posts/new?draft=1"

PAGE = """<!doctype html>
<form id="search" action="/search"><input name="q"></form>
<form id="post" method="post" action="save">
  <input type="hidden" name="csrf" value="t0k&amp;n">
  <input name="title" value="old">
  <input name="gone" value="x" disabled>
  <fieldset disabled><legend><input name="kept" value="k"></legend><input name="lost" value="l"></fieldset>
  <datalist><input name="listed" value="no"></datalist>
  <input type="checkbox" name="tag" value="a" checked><input type="checkbox" name="tag" value="b">
  <input type="checkbox" name="agree">
  <input type="radio" name="kind" value="short" checked><input type="radio" name="kind" value="long" checked>
  <select name="shelf"><option disabled>None</option><option value="n">  Novels
     and more </option><option value="s">Science</option></select>
  <select name="many" multiple><option selected>x<option>y<option selected>z</select>
  <textarea name="body">
one
two</textarea>
  <input type="button" name="no" value="no"><button type="reset" name="reset">Reset</button>
  <button name="do" value="save">Save</button><button name="do" value="publish" formaction="/publish">Publish</button>
  <input>
</form>
<input form="post" name="outside" value="o">
"""


def sent(selector: str = "#post", *, press: str = "", page: str = PAGE, **values: Value) -> Sending:
    return send(fill(find_form(page, URL, selector, press), values))


def test_successful_controls_are_sent_in_tree_order_with_the_default_button() -> None:
    sending = sent()
    assert (sending.method, sending.target) == ("POST", "/posts/save")
    assert sending.content_type == "application/x-www-form-urlencoded"
    assert sending.content.decode().split("&") == [
        "csrf=t0k%26n", "title=old", "kept=k", "tag=a", "kind=long", "shelf=n", "many=x", "many=z",
        "body=one%0D%0Atwo", "do=save", "outside=o",
    ]  # fmt: skip


def test_values_go_in_by_name() -> None:
    content = sent(
        title="Ünder ~*", tag=["b"], agree=True, kind="short", shelf="Science", many=["y"], body="a\nb"
    ).content.decode()
    assert content.split("&") == [
        "csrf=t0k%26n", "title=%C3%9Cnder+%7E*", "kept=k", "tag=b", "agree=on", "kind=short", "shelf=s", "many=y",
        "body=a%0D%0Ab", "do=save", "outside=o",
    ]  # fmt: skip


def test_a_button_is_pressed_by_its_value_or_by_selector_and_may_send_elsewhere() -> None:
    assert b"do=publish" in sent(do="publish").content
    pressed = sent(press="button[value=publish]")
    assert pressed.target == "/publish"
    assert b"do=publish" in pressed.content
    assert b"do=save" not in pressed.content


def test_a_form_by_get_is_a_query() -> None:
    assert sent("#search", q="a b") == Sending(method="GET", target="/search?q=a+b")


def test_an_action_is_told_from_the_page_and_its_base() -> None:
    assert sent("form", page='<form method="post"><input name="a"></form>').target == "/posts/new?draft=1"
    assert sent("form", page='<base href="/x/"><form method=post action="y">').target == "/x/y"


def test_files_make_a_multipart_body_that_is_the_same_each_time() -> None:
    page = '<form method=post enctype="multipart/form-data"><input name=n value="x"><input type=file name=f></form>'
    sending = sent("form", page=page, f=('a"b.csv', b"id\n1\n", "text/csv"))
    assert sending.content_type == f"multipart/form-data; boundary={BOUNDARY}"
    assert sending.content.decode() == (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="n"\r\n\r\nx\r\n'
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="f"; filename="a%22b.csv"\r\n'
        f"Content-Type: text/csv\r\n\r\nid\n1\n\r\n--{BOUNDARY}--\r\n"
    )
    assert b'filename=""\r\nContent-Type: application/octet-stream\r\n\r\n\r\n' in sent("form", page=page).content


def test_a_box_with_a_hidden_twin_keeps_it() -> None:
    page = "<form method=post><input type=hidden name=a value=0><input type=checkbox name=a value=1></form>"
    assert sent("form", page=page).content == b"a=0"
    assert sent("form", page=page, a=True).content == b"a=0&a=1"


def test_a_form_whose_fields_stand_in_a_table_around_it() -> None:
    page = '<table><form id=f method=post><tr><td><input name="a" value="1"></td></tr></form></table>'
    assert sent("#f", page=page).content == b"a=1"


@pytest.mark.parametrize(
    ("selector", "values", "problem", "hint"),
    [
        ("#post", {"titel": "x"}, "has no field 'titel'", "its fields are: csrf, title, kept, tag"),
        ("#post", {"kind": "medium"}, "cannot take 'medium'", "it takes: 'short', 'long'"),
        ("#post", {"shelf": "x"}, "cannot take 'x'", "it takes: 'n', 's'"),
        ("#post", {"shelf": ["n", "s"]}, "takes one option, not 2", "write one text"),
        ("#post", {"title": True}, "takes a text", "single box"),
        ("#post", {"title": ["a", "b"]}, "stands 1 times, not 2", "list of 1"),
        ("form", {}, "2 forms of the page", "#search; #post"),
        ("#nothing", {}, "no form of the page", "#search; #post"),
        ("][", {}, "is no CSS selector", "style sheet"),
    ],
)
def test_what_cannot_be_filled_in_says_what_can(
    selector: str, values: dict[str, Value], problem: str, hint: str
) -> None:
    with pytest.raises(UsageError) as error:
        sent(selector, **values)
    assert problem in error.value.problem
    assert hint in error.value.hint


def test_without_selectolax_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "selectolax.lexbor", None)
    with pytest.raises(SetupError) as error:
        sent()
    assert 'pip install "hotfire[forms]"' in error.value.hint


def test_a_file_must_be_one() -> None:
    with pytest.raises(UsageError, match="takes a file"):
        sent("form", page="<form method=post><input type=file name=f></form>", f="books.csv")


def test_a_form_of_another_host_is_refused() -> None:
    with pytest.raises(UsageError, match="not the service under test"):
        sent("form", page='<form method=post action="https://pay.example/"></form>')


def test_a_form_that_came_back_is_known_and_says_why() -> None:
    form = find_form(PAGE, URL, "#post")
    answer = '<form id=post method=post action="/posts/save"><p class="field-error">Too <b>short</b>.</p></form>'
    assert [form.is_again(each) for each in forms_at(answer, "http://127.0.0.1:8000/posts/save", "#post")] == [True]
    assert complaints(answer) == "Too short."
    assert not forms_at("<p>Saved.</p>", URL, "#post")
    assert complaints("<form><label>Title</label></form>") == "Title"
