"""Secrets in a text."""

import pytest

from hotfire.loglines.leaks import leaks_in, tokens_in


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("authorization: Bearer ‹token:author:1›", "the token of author"),
        ('GET /x?token=‹earned:visitor:1› HTTP/1.1"', "the token of visitor"),
        ('{"password": "‹password:author›"}', "the password of author"),
        ("signed with ‹environment:SECRET_KEY›", "the service's SECRET_KEY"),
        ("postgresql://app:‹environment:DATABASE_URL›@127.0.0.1:5432/app", "the password in DATABASE_URL"),
        ("cannot reach redis://:s3cret-9@cache:6379/0", "the password of a connection to cache"),
        ("amqp://app:‹value:BROKER_URL›@mq/", "the password of a connection to mq"),
    ],
)
def test_a_secret(text, says):
    (leak,) = leaks_in(text)
    assert leak.says == says
    assert "s3cret-9" not in leak.excerpt


@pytest.mark.parametrize(
    "text",
    [
        "",
        "postgresql://app:***@127.0.0.1/app",
        "postgresql://app:[REDACTED]@127.0.0.1/app",
        "postgresql://app@127.0.0.1/app",
        "http://127.0.0.1:8000/a@b",
        "write it as postgresql://user:password@host/name",
        "write it as postgresql://user:<password>@host/name",
        "issued by ‹environment:TOKEN_URL›",
        "pay with ‹environment:STRIPE_PUBLISHABLE_KEY›",
        "currency ‹value:author:2›, session ‹cookie:sessionid›",
    ],
)
def test_what_is_none(text):
    assert not list(leaks_in(text))


def test_a_token_that_an_answer_issues():
    body = '{"access_token": "eyJhbGciOi.J9-tOkEn", "next_page_token": "eyJhbGciOi.J9-pAgEs", "token": "short"}'
    (token,) = tokens_in(body)
    assert token == "eyJhbGciOi.J9-tOkEn"
    (leak,) = leaks_in(f"INFO issued {token}", {token: "ann"})
    assert (leak.says, leak.excerpt) == ("the token of ann", "INFO issued ‹token›")
    assert list(tokens_in("<p>token</p>")) == []
