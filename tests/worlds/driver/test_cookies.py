"""What a service sets, and what the client sends back (RFC 6265)."""

import pytest

from hotfire.worlds.driver.cookies import Jar, jar_of

NOW = ("date", "Tue, 24 Nov 2026 12:00:00 GMT")


def after(*lines: str, target: str = "/account/sign-in?next=/", jar: Jar | None = None) -> Jar:
    jar = jar or Jar()
    jar.take([NOW, *(("Set-Cookie", line) for line in lines)], target)
    return jar


def test_a_secure_cookie_is_sent_since_127_0_0_1_counts_as_secure() -> None:
    assert after("session=abc; Path=/; Secure; HttpOnly; SameSite=Strict").header("/posts") == "session=abc"


def test_a_rotated_cookie_is_replaced_and_not_sent_twice() -> None:
    jar = after("csrftoken=new; Path=/", jar=jar_of({"csrftoken": "old", "session": "s"}))
    assert jar.header("/") == "csrftoken=new; session=s"


@pytest.mark.parametrize(
    "line",
    [
        "session=; Max-Age=0; Path=/",
        "session=x; Max-Age=-1; Path=/",
        'session=""; expires=Thu, 01-Jan-1970 00:00:00 GMT; Path=/',
    ],
)
def test_an_expired_cookie_is_gone(line: str) -> None:
    assert after(line, jar=jar_of({"session": "s"})).header("/") == ""


def test_a_cookie_lives_as_long_as_its_answer_says_whatever_the_hour() -> None:
    jar = after("a=1; expires=Tue, 24 Nov 2026 12:00:01 GMT; Path=/", "b=2; Max-Age=1; Path=/")
    assert jar.header("/") == "a=1; b=2"
    assert after("a=1; expires=Tue, 24 Nov 2026 11:59:59 GMT; Path=/", jar=jar).header("/") == "b=2"


def test_paths_decide_what_is_sent_and_longer_ones_go_first() -> None:
    jar = after("root=1; Path=/", "deep=2; Path=/account", "here=3")
    assert jar.header("/account/edit?x=1") == "deep=2; here=3; root=1"
    assert jar.header("/accounts") == "root=1"


def test_cookies_of_one_name_and_two_paths_are_two() -> None:
    assert after("id=1; Path=/", "id=2; Path=/shop").header("/shop/cart") == "id=2; id=1"


def test_a_copy_goes_its_own_way() -> None:
    jar = jar_of({"session": "s"})
    after("session=t; Path=/", jar=jar.copy())
    assert jar.header("/") == "session=s"


def test_what_is_no_cookie_is_left_out() -> None:
    assert not after("nonsense", "=value").cookies
