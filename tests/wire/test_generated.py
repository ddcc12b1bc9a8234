"""Names of people's, without what is made up in each run."""

import pytest

from hotfire.wire.generated import without_generated


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Welcome to the shop", "Welcome to the shop"),
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
def test_what_is_made_up_is_left_out(text: str, left: str) -> None:
    assert without_generated(text) == left
