"""The normal form of a page: what is the same to a reader is the same here, and what is not, is not."""

import pytest

from hotfire.expected.page import lines_of


def test_one_element_or_text_a_line() -> None:
    page = "<!DOCTYPE html><form method=post id='a'><input name=x required><br/>Join  us\n now<p>So</form>after"
    assert lines_of(page) == (
        "<!doctype html>",
        '<form id="a" method="post">',
        '  <input name="x" required>',
        "  <br>",
        "  Join us now",
        "  <p>",
        "    So",
        "after",
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<p class='a  b'>x</p>", '<p class="a b">\n  x\n</p>'),
        ("<ul><li>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>"),
        ("<select><option>a<option>b</select>", "<select><option>a</option><option>b</option></select>"),
        ("<a href='/x' id=y>z</a>", "<a id='y' href='/x'>z</a>"),
        ("<p>a<!-- built on Monday --></p>", "<p>a</p>"),
        ("<p>&eacute;&#39;</p>", "<p>é'</p>"),
    ],
)
def test_what_reads_the_same(one: str, other: str) -> None:
    assert lines_of(one) == lines_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<p>&lt;b&gt;x&lt;/b&gt;</p>", "<p><b>x</b></p>"),
        ("<form><input name=a></form>", "<form></form><input name=a>"),
        ("<a href='/a'>x</a>", "<a href='/b'>x</a>"),
        ("<input disabled>", "<input>"),
    ],
)
def test_what_does_not(one: str, other: str) -> None:
    assert lines_of(one) != lines_of(other)


def test_a_script_is_kept_line_by_line() -> None:
    assert lines_of("<script>\nlet a = '<b>';\nrun(a)\n</script>") == (
        "<script>",
        "  let a = '&lt;b&gt;';",
        "  run(a)",
    )
