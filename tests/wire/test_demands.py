"""What an environment demands of the border: what insists, and what would be content without."""

import pytest

from hotfire.wire.postgres.demands import Demands, demands

URL = "postgresql://{db.user}:{db.password}@{db.host}:{db.port}/{db.name}"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("DATABASE_URL", URL + "?sslmode=require"),
        ("DATABASE_URL", URL + "?application_name=app&sslmode=verify-full"),
        ("DATABASE_URL", URL.replace("postgresql", "postgresql+asyncpg") + "?ssl=require"),
        ("DATABASE_URL", URL + "?ssl=True"),
        ("DATABASE_URL", "{db.url}?sslnegotiation=direct&sslmode=require"),
        ("DSN", "host={db.host} user={db.user} sslmode = 'verify-ca'"),
        ("DATABASE", '{"host": "{db.host}", "sslmode": "require"}'),
        ("OPTIONS", '{"sslmode": "require"}'),
        ("PGSSLMODE", "require"),
        ("PGCHANNELBINDING", "require"),
        ("PGSSLNEGOTIATION", "direct"),
        ("DB_SSL", "true"),
        ("DATABASE_SSL_MODE", "require"),
        ("PGSSLROOTCERT", "{db.ca}"),
        ("SSL_CERT_FILE", "{db.ca}"),
    ],
)
def test_tls_is_demanded(name: str, text: str) -> None:
    assert demands({name: text}, "db").tls


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("DATABASE_URL", URL),
        ("DATABASE_URL", URL + "?sslmode=prefer"),
        ("DATABASE_URL", URL + "?sslmode=disable"),
        ("DATABASE_URL", URL + "?channel_binding=prefer"),
        ("PGSSLMODE", "prefer"),
        ("DB_SSL", "false"),
        ("OTHER_URL", "postgresql://{other.host}/other?sslmode=require"),
        ("REDIS_URL", "rediss://cache:6379/0?ssl=true"),
        ("SECURE_SSL_REDIRECT", "true"),
        ("PGSSLROOTCERT", "{other.ca}"),
    ],
)
def test_nothing_is_demanded(name: str, text: str) -> None:
    assert demands({name: text}, "db") == Demands()


@pytest.mark.parametrize(
    ("name", "text", "tls"),
    [
        ("DATABASE_URL", URL + "?require_auth=scram-sha-256", False),
        ("DATABASE_URL", URL + "?require_auth=md5%2Cscram-sha-256&sslmode=require", True),
        ("DATABASE_URL", URL + "?channel_binding=require", True),
        ("PGREQUIREAUTH", "!none", False),
        ("PGREQUIREAUTH", "scram-sha-256", False),
    ],
)
def test_the_password_is_demanded(name: str, text: str, tls: bool) -> None:
    assert demands({name: text}, "db") == Demands(tls=tls, password=True)


@pytest.mark.parametrize("value", ["none", "!password", "!scram-sha-256", "!password,!md5"])
def test_the_password_is_not_demanded(value: str) -> None:
    assert not demands({"PGREQUIREAUTH": value}, "db").password
