"""By what a service knows a sender, by value."""

import base64
from dataclasses import replace

import httpx
import pytest

from hotfire.worlds.driver.asked import Asked, Credentials
from hotfire.worlds.driver.cookies import jar_of
from hotfire.worlds.driver.disguise import broken, is_bound, is_identified, is_signed_in, worn

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.Qm9va3MgYXJlIGEgcXVpZXQgZnJpZW5kIG9mIG1pbmU"


def asked(headers: dict[str, str] | None = None, cookies: dict[str, str] | None = None, **own: str) -> Asked:
    request = httpx.Request("GET", "http://127.0.0.1/", headers={key.replace("_", "-"): own[key] for key in own})
    return Asked(
        actor="ann",
        request=request,
        credentials=Credentials(headers=headers or {}, cookies=jar_of(cookies or {})),
        line=1,
    )


@pytest.mark.parametrize(
    ("sent", "known"),
    [
        (asked(), False),
        (asked({"authorization": f"Bearer {TOKEN}"}), True),
        (asked({"x-user": "ann"}), True),
        (asked({"accept-language": "de"}), False),
        (asked(cookies={"sessionid": "2k3j4h5k"}), True),
        (asked(cookies={"csrftoken": "2k3j4h5k"}), False),
        (asked(x_api_key="abc"), True),
        (asked(idempotency_key="abc"), False),
    ],
)
def test_an_actor_is_known_by_its_headers_and_cookies_but_not_by_a_csrf_token(sent: Asked, known: bool) -> None:
    assert is_identified(sent) is known


def test_a_passer_by_has_cookies_and_no_more() -> None:
    assert is_signed_in(asked({"authorization": f"Bearer {TOKEN}"}))
    assert not is_signed_in(asked(cookies={"sessionid": "2k3j4h5k"}))


@pytest.mark.parametrize(
    ("content", "bound"),
    [
        ({"data": {"csrfmiddlewaretoken": "a1", "title": "tea"}}, True),
        ({"json": {"title": "tea"}}, False),
        ({"headers": {"X-CSRFToken": "a1"}}, True),
    ],
)
def test_a_csrf_token_that_no_form_gave_is_nobody_elses(content: dict[str, dict[str, str]], bound: bool) -> None:
    request = httpx.Request("POST", "http://127.0.0.1/", **content)
    assert is_bound(replace(asked(), request=request)) is bound


def test_a_csrf_header_that_the_actor_always_sends_is_replaced_with_its_credentials() -> None:
    request = httpx.Request("POST", "http://127.0.0.1/", headers={"X-CSRFToken": "a1"})
    assert not is_bound(replace(asked({"x-csrftoken": "a1"}), request=request))


def test_a_key_that_one_request_carries_is_a_credential_too() -> None:
    assert worn(asked({"Authorization": "Bearer x"}, x_api_key="abc")).credentials.headers == {
        "authorization": "Bearer x",
        "x-api-key": "abc",
    }


def test_broken_is_another_one_of_the_same_form_in_bits_that_count() -> None:
    whole = Credentials(
        headers={"authorization": f"Bearer {TOKEN}"}, cookies=jar_of({"sid": "a9f-", "csrftoken": "x1"})
    )
    other = broken(whole)
    token = other.headers["authorization"].removeprefix("Bearer ")
    assert len(token) == len(TOKEN)
    signatures = [base64.urlsafe_b64decode(each.rpartition(".")[2] + "==") for each in (token, TOKEN)]
    assert signatures[0] != signatures[1]
    assert dict(other.cookies.named()) == {"sid": "f4a-", "csrftoken": "x1"}


def test_breaking_keeps_what_is_no_credential() -> None:
    assert broken(Credentials(headers={"accept-language": "de"})).headers == {"accept-language": "de"}
