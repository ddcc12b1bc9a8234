"""A request with one of its places made otherwise: the true bytes, or an error of ours."""

from dataclasses import replace

import pytest

from hotfire.errors import UsageError
from hotfire.model.edit import Edit
from hotfire.model.request import Request as Told
from hotfire.testing.baselines import baseline
from hotfire.worlds.driver.http import Request, told
from hotfire.worlds.firing import changed
from hotfire.worlds.secrets import Secrets

REQUEST = Request(
    method="POST",
    target="/orders?full=1",
    headers=((b"host", b"127.0.0.1"), (b"authorization", b"Bearer s3cret-token"), (b"content-length", b"21")),
    body=b'{"key": "k1", "n": 2}',
)


def test_all_but_the_place_stays_and_the_length_is_true() -> None:
    sent = changed(REQUEST, (Edit(part="body", place="/n", value="20000"),))
    assert sent.body == b'{"key": "k1", "n": 20000}'
    assert sent.headers == (*REQUEST.headers[:2], (b"content-length", b"25"))
    assert changed(REQUEST, ()) is REQUEST


@pytest.mark.parametrize(
    "edit",
    [
        Edit(part="body", place="/nothing", act="remove"),
        Edit(part="header", place="x-forwarded-for", act="insert", value="a\nb"),
    ],
)
def test_what_does_not_fit_or_cannot_be_sent_is_refused(edit: Edit) -> None:
    with pytest.raises(UsageError, match="cannot be changed so"):
        changed(REQUEST, (edit,))


def masked(request: Request) -> Told:
    secrets = Secrets({"s3cret-token": "‹token:ann:1›", "k1-of-ann": "‹token:ann:2›"})
    hidden = secrets.baseline(replace(baseline(lambda _: []), request=told(request))).request
    assert hidden is not None
    return hidden


def test_a_check_sees_the_request_without_its_secrets() -> None:
    assert masked(REQUEST).header("Authorization") == "Bearer ‹token:ann:1›"
    assert b"k1-of-ann" not in masked(Request(method="PUT", target="/", headers=(), body=b"\xff k1-of-ann")).content
