"""Hints for start-ups that fail, from the text of their logs."""

import pytest

from hotfire.worlds.zygote.explain import hint


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("KeyError: 'SECRET_KEY'", 'SECRET_KEY = "…"'),
        ("1 validation error for Settings\ndatabase_url\n  Field required", "database_url of Settings"),
        ("Set the REDIS_URL environment variable REDIS_URL", "REDIS_URL"),
        ("ModuleNotFoundError: No module named 'celery'", "install celery"),
        ("ConnectionRefusedError: hotfire holds the network: no border for ('10.0.0.1', 80)", "10.0.0.1"),
        ("OSError: [Errno 101] Network is unreachable", "dependency's border"),
        ("OSError: [Errno 111] Connect call failed ('127.0.0.1', 5432)", "{NAME.host}"),
        ("socket.gaierror: [Errno -3] Temporary failure in name resolution", "names outside"),
        ("server does not support SSL, but SSL was required", "{NAME.ca}"),
        ("ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed", "SSL_CERT_FILE"),
        ("nothing known", "by hand"),
    ],
)
def test_the_hint_says_what_to_write(text, advice):
    assert advice in hint(text)
