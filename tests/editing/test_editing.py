"""Edits applied to true requests: the one place changes, and every other byte stays."""

import json

import pytest

from hotfire.editing import Message, edited
from hotfire.model.edit import Edit, read, written
from hotfire.model.pointer import pointer_of, tokens_of
from hotfire.model.request import Request

BODY = b'{ "qty": 1.50, "unknown":{"a":[1, 2,3]},\n "name":"caf\xc3\xa9 \\"q\\"", "a/b": null, "qty":2 }'


def post(body: bytes = BODY, target: str = "/api/posts", **headers: str) -> Message:
    told = {"host": "127.0.0.1", "content-type": "application/json", "content-length": str(len(body))}
    pairs = {**told, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return Message(
        target=target,
        headers=tuple((name.encode(), value.encode("latin-1")) for name, value in pairs.items()),
        body=body,
    )


def body_after(*edits: Edit, body: bytes = BODY) -> bytes:
    message = edited(post(body), edits)
    assert dict(message.headers)[b"content-length"] == b"%d" % len(message.body)
    return message.body


@pytest.mark.parametrize(
    ("edit", "old", "new"),
    [
        (Edit(part="body", place="/name", value="null"), b'"caf\xc3\xa9 \\"q\\""', b"null"),
        (Edit(part="body", place="/qty", value="NaN"), b'"qty":2', b'"qty":NaN'),
        (Edit(part="body", place="/unknown/a/1", value=r'"\ud800"'), b", 2,3", rb', "\ud800",3'),
        (Edit(part="body", place="/unknown/a/1", act="remove"), b"[1, 2,3]", b"[1, 3]"),
        (Edit(part="body", place="/unknown/a/2", act="remove"), b"[1, 2,3]", b"[1, 2]"),
        (Edit(part="body", place="/unknown/a/0", act="insert", value="0"), b"[1, 2,3]", b"[0,1, 2,3]"),
        (Edit(part="body", place="/unknown/a/-", act="insert", value="{}"), b"[1, 2,3]", b"[1, 2,3,{}]"),
        (Edit(part="body", place="/a~1b", act="remove"), b'"a/b": null, ', b""),
        (Edit(part="body", place="/qty", act="remove"), b', "qty":2', b""),
        (Edit(part="body", place="/qty", act="insert", value="3"), b'"qty":2', b'"qty":2,"qty":3'),
        (Edit(part="body", place="/name", value="ImNhZsMi", encoding="base64"), b'"caf\xc3\xa9 \\"q\\""', b'"caf\xc3"'),
        (Edit(part="body", place="", value="[]"), BODY, b"[]"),
        (Edit(part="content", act="cut", value="-2"), b":2 }", b":2"),
    ],
)
def test_a_body_is_changed_at_one_place_only(edit: Edit, old: bytes, new: bytes) -> None:
    assert body_after(edit) == BODY.replace(old, new)


def test_members_are_put_into_empty_containers() -> None:
    assert body_after(Edit(part="body", place="/a", act="insert", value="1"), body=b"{ }") == b'{"a":1 }'
    assert body_after(Edit(part="body", place="/-", act="insert", value="1"), body=b"[]") == b"[1]"


@pytest.mark.parametrize(
    ("edit", "target"),
    [
        (Edit(part="query", place="page", value="-1"), "/a/b%20c/1?page=-1&tag=x&tag=y+z"),
        (Edit(part="query", place="tag", occurrence=2, value="é&"), "/a/b%20c/1?page=1&tag=x&tag=%C3%A9%26"),
        (Edit(part="query", place="tag", act="remove"), "/a/b%20c/1?page=1&tag=y+z"),
        (
            Edit(part="query", place="tag", act="insert", value="%00", encoding="raw"),
            "/a/b%20c/1?page=1&tag=x&tag=y+z&tag=%00",
        ),
        (Edit(part="path", place="2", value="a/b"), "/a/b%20c/a%2Fb?page=1&tag=x&tag=y+z"),
        (Edit(part="path", place="1", value="%ED%A0%80", encoding="raw"), "/a/%ED%A0%80/1?page=1&tag=x&tag=y+z"),
        (Edit(part="path", place="2", act="remove"), "/a/b%20c?page=1&tag=x&tag=y+z"),
        (Edit(part="path", place="3", act="insert", value=""), "/a/b%20c/1/?page=1&tag=x&tag=y+z"),
    ],
)
def test_targets(edit: Edit, target: str) -> None:
    before = post(target="/a/b%20c/1?page=1&tag=x&tag=y+z")
    after = edited(before, [edit])
    assert after.target == target
    assert (after.headers, after.body) == (before.headers, before.body)


def test_the_last_parameter_takes_the_question_mark_along() -> None:
    assert edited(post(target="/a?b=1"), [Edit(part="query", place="b", act="remove")]).target == "/a"


def test_forms() -> None:
    body = b"a=1&b=x+y&a=2"
    assert body_after(Edit(part="form", place="b", value="ü 1"), body=body) == b"a=1&b=%C3%BC+1&a=2"
    assert body_after(Edit(part="form", place="a", occurrence=2, act="remove"), body=body) == b"a=1&b=x+y"
    edit = Edit(part="form", place="b", value="/w==", encoding="base64")
    assert body_after(edit, body=body) == b"a=1&b=%FF&a=2"


MULTIPART = (
    b'--xyz\r\nContent-Disposition: form-data; name="title"\r\n\r\nHello\r\n'
    b'--xyz\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n'
    b"Content-Type: image/png\r\n\r\n\x89PNG\r\n\x00\r\n--xyz--\r\n"
)


@pytest.mark.parametrize(
    ("edit", "old", "new"),
    [
        (Edit(part="multipart", place="title", value=""), b"Hello", b""),
        (Edit(part="multipart", place="file", value="AP8=", encoding="base64"), b"\x89PNG\r\n\x00", b"\x00\xff"),
        (Edit(part="filename", place="file", value="../é"), b"a.png", b"../\xc3\xa9"),
        (
            Edit(part="multipart", place="title", act="remove"),
            b'--xyz\r\nContent-Disposition: form-data; name="title"\r\n\r\nHello\r\n',
            b"",
        ),
        (
            Edit(part="multipart", place="is_admin", act="insert", value="true"),
            b"--xyz--",
            b'--xyz\r\nContent-Disposition: form-data; name="is_admin"\r\n\r\ntrue\r\n--xyz--',
        ),
    ],
)
def test_multipart(edit: Edit, old: bytes, new: bytes) -> None:
    message = post(MULTIPART, content_type='multipart/form-data; boundary="xyz"')
    assert edited(message, [edit]).body == MULTIPART.replace(old, new)


def test_headers_and_cookies() -> None:
    message = post(cookie="a=1; csrf=x=y", x_forwarded_for="10.0.0.1")
    headers = dict(edited(message, [Edit(part="header", place="X-Forwarded-For", value="é")]).headers)
    assert headers[b"x-forwarded-for"] == b"\xc3\xa9"
    headers = dict(edited(message, [Edit(part="cookie", place="csrf", value="z")]).headers)
    assert headers[b"cookie"] == b"a=1; csrf=z"
    headers = dict(edited(post(), [Edit(part="cookie", place="lang", act="insert", value="de")]).headers)
    assert headers[b"cookie"] == b"lang=de"
    gone = edited(
        message, [Edit(part="cookie", place="a", act="remove"), Edit(part="header", place="host", act="remove")]
    )
    assert dict(gone.headers)[b"cookie"] == b"csrf=x=y"
    assert b"host" not in dict(gone.headers)


def test_another_content_type_comes_with_another_body() -> None:
    after = edited(post(), [Edit(part="content", place="text/plain", value="é")])
    assert dict(after.headers) == {b"host": b"127.0.0.1", b"content-type": b"text/plain", b"content-length": b"2"}
    assert after.body == b"\xc3\xa9"


@pytest.mark.parametrize(
    "edit",
    [
        Edit(part="body", place="/none", value="1"),
        Edit(part="body", place="/qty/0", value="1"),
        Edit(part="body", place="/name/a", act="insert", value="1"),
        Edit(part="query", place="none"),
        Edit(part="path", place="9"),
        Edit(part="header", place="none"),
        Edit(part="cookie", place="none"),
        Edit(part="form", place="none"),
        Edit(part="multipart", place="none"),
    ],
)
def test_a_place_that_is_not_there_is_named(edit: Edit) -> None:
    with pytest.raises(LookupError, match=r"has no|no multipart"):
        edited(post(), [edit])


def test_edits_are_text_and_back() -> None:
    edits = (
        Edit(part="body", place="/a", value='"\\ud800"'),
        Edit(part="path", place="1", act="insert", value="\0é", occurrence=2, encoding="raw"),
    )
    assert read(written(edits)) == edits
    with pytest.raises(ValueError, match="Invalid"):
        read('[["elsewhere","","replace","",1,"text"]]')


def test_pointers() -> None:
    assert tokens_of(pointer_of("a/b", "~", 0)) == ("a/b", "~", "0")
    assert tokens_of("") == ()
    with pytest.raises(ValueError, match="slash"):
        tokens_of("a")


def test_a_recorded_request_is_told_as_text() -> None:
    request = Request.of("POST", "/a?b=1", ((b"Content-Type", b"Application/JSON; charset=utf-8"),), BODY)
    assert (request.media_type, request.path, request.query) == ("application/json", "/a", "b=1")
    assert request.content == BODY
    assert not request.binary
    assert Request.of("POST", "/", (), b"\xff").content == b"\xff"
    assert json.dumps(Request.of("POST", "/", (), b"\xff").body) == '"/w=="'
