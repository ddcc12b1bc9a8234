"""The leaves of a request, by value."""

import pytest

from hotfire.editing.leaves import leaves
from hotfire.model.request import Request

JSON = (("content-type", "application/json; charset=utf-8"),)
FORM = (("content-type", "application/x-www-form-urlencoded"),)


def places(
    target: str = "/", body: str = "", headers: tuple[tuple[str, str], ...] = ()
) -> list[tuple[str, str, str, int]]:
    request = Request(method="POST", target=target, headers=headers, body=body)
    return [(each.part, each.place, each.value, each.occurrence) for each in leaves(request)]


def test_segments_and_parameters() -> None:
    assert places("/posts/7%20a?tag=tea&tag=&n=1")[:2] == [("path", "0", "posts", 1), ("path", "1", "7 a", 1)]
    assert places("/?tag=tea&tag=&n=1")[1:] == [
        ("query", "tag", "tea", 1),
        ("query", "tag", "", 2),
        ("query", "n", "1", 1),
    ]


def test_scalars_of_json_at_their_pointers() -> None:
    assert places(body='{"a/b": [1, {"c": null}], "d": "é"}', headers=JSON)[1:] == [
        ("body", "/a~1b/0", "1", 1),
        ("body", "/a~1b/1/c", "null", 1),
        ("body", "/d", '"\\u00e9"', 1),
    ]


def test_fields_of_a_form() -> None:
    assert places(body="title=a+b&title=c", headers=FORM)[1:] == [
        ("form", "title", "a b", 1),
        ("form", "title", "c", 2),
    ]


@pytest.mark.parametrize(("body", "headers"), [("{", JSON), ("a=b", ()), ("", JSON)])
def test_a_body_that_is_none_of_these_has_no_places(body, headers) -> None:
    assert len(places(body=body, headers=headers)) == 1
