"""Which new fields of an answer read as a secret's."""

import pytest

from hotfire.equality.record import Json, Number
from hotfire.expected.leaks import leaks

SECRETS: list[tuple[str, Json]] = [
    ("password", "x"),
    ("password_hash", "$2b$"),
    ("passwordHash", "$2b$"),
    ("hashed_password", "$2b$"),
    ("db_pass", "x"),
    ("clientSecret", "x"),
    ("token", "x"),
    ("accessToken", "x"),
    ("csrftoken", "x"),
    ("refresh_tokens", ["x"]),
    ("salt", "x"),
    ("hash", "x"),
    ("private_notes", "x"),
    ("internalNotes", "x"),
    ("api_key", "sk_live_x"),
    ("APIKey", "sk_live_x"),
    ("apikey", "x"),
    ("aws_access_key_id", "x"),
    ("otp", Number("123456")),
    ("card_number", Number("4111111111111111")),
    ("cvv", Number("123")),
    ("iban", "x"),
    ("recovery_codes", ["x"]),
]
HARMLESS: list[tuple[str, Json]] = [
    ("is_private", False),
    ("has_password", True),
    ("hashtags", ["a"]),
    ("hashtags", []),
    ("compass", "N"),
    ("bypass", "x"),
    ("secretary", "Ann"),
    ("tokenizer", "x"),
    ("token_type", "Bearer"),
    ("tokenType", "Bearer"),
    ("commit_hash", "3f9c"),
    ("total_tokens", Number("150")),
    ("password", None),
    ("password", ""),
    ("tokens", []),
    ("password_changed_at", "2026-11-28T05:56:23Z"),
    ("key", "title"),
    ("sort_key", "title"),
    ("number", Number("4111111111111111")),
    ("code", "x"),
]


@pytest.mark.parametrize(("name", "value"), SECRETS)
def test_a_secret(name: str, value: Json) -> None:
    assert list(leaks("body.x", name, value)) == ["body.x"]


@pytest.mark.parametrize(("name", "value"), HARMLESS)
def test_no_secret(name: str, value: Json) -> None:
    assert list(leaks("body.x", name, value)) == []


def test_a_secret_in_a_new_object() -> None:
    value: Json = {"name": "Ann", "logins": [{"at": "now"}, {"password_hash": "$2b$"}]}
    assert list(leaks("body.user", "user", value)) == ["body.user.logins[1].password_hash"]
