"""What a program made up is taken out of names, and what a person wrote stays."""

import pytest

from hotfire.wire.generated import in_words, is_generated, pattern


@pytest.mark.parametrize(
    ("key", "found"),
    [
        (b"rate:203.0.113.7", "rate:…"),
        (b"rate:2026-11-28", "rate:…"),
        (b"cart:ann1f0c9b2a77", "cart:…"),  # an actor's `unique`
        (b"user:42:posts", "user:…:posts"),
        (b"user42", "…"),
        (b"celery-task-meta-0b5e4a9e-1111-4222-8333-abcdefabcdef", "celery-task-meta-…"),
        (b":1:views.decorators.cache.cache_page..GET.0af3.en-us", ":…:views.decorators.cache.cache_page..GET.….en-us"),
        (b"session:hGkLmNoPqR_stUvWxYz-Ab", "session:…"),  # token_urlsafe without a digit
        (b"{user}.likes", "{user}.likes"),
        (b"notificationsettings", "notificationsettings"),
        (b"two words; three", "two_words_three"),
        ("café".encode(), "café"),
        (b"\x80\x04pickled", "…"),
        (b"", ""),
    ],
)
def test_a_key_without_what_was_made_up(key: bytes, found: str) -> None:
    assert pattern(key) == found


def test_a_key_that_is_a_text_is_cut_short() -> None:
    assert pattern(b"select " * 100) == "select_" * 11 + "se…"


@pytest.mark.parametrize(
    "segment",
    [
        "42",
        "0b5e4a9e-1111-4222-8333-abcdefabcdef",
        "a-title-of-2026-12",
        "QfgzFQGY-PRBLDh-_YNHQqTpNddEayiD",
        "order0a1b2c3d4e",
        "ann1f0c9b2a77",
    ],
)
def test_segments_of_a_url(segment: str) -> None:
    assert is_generated(segment)
    assert not is_generated("posts")
    assert not is_generated("updateMyPreferences")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Welcome to the shop; hello", "Welcome to the shop, hello"),
        ("Your order order3f9c1a7b21 of 2026-11-28", "Your order … of …"),
        ("portrait_Ab3dE9x.png", "portrait_….png"),
        ("portrait_AbCdEfG.png", "portrait_….png"),
        ("3f9c1a2e-aaaa-4bbb-8ccc-dddddddddddd.jpg", "….jpg"),
        ("deadbeefdeadbeefdeadbeefdeadbeef.jpg", "….jpg"),
        ("tmpabcdefgh", "…"),
        ("READ_ME", "READ_ME"),
        ("Grüße, Zoë", "Grüße, Zoë"),
        ("№ 12/34", "№ …"),
    ],
)
def test_what_people_read_without_what_was_made_up(text: str, left: str) -> None:
    assert in_words(text) == left
