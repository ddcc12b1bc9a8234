"""Binary values as text: read, never run; what cannot be read is a digest."""

import pickle
import zlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import msgspec
import pytest

from hotfire.worlds.stores.redis.unpacked import text

NAME = UUID("01234567-89ab-cdef-0123-456789abcdef")
RAN = list[str]()


@dataclass
class Job:
    """What a queue keeps of a call."""

    function: str


def spring(word: str) -> None:
    RAN.append(word)


class Trap:
    """Says so when it is unpickled."""

    def __init__(self, done: Callable[[str], None]) -> None:
        self.done = done

    def __reduce__(self) -> tuple[object, ...]:
        return self.done, ("ran",)


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("café", "café"),
        ({"id": 7, "tags": ("a", None, True), "raw": b"\xff"}, '{"id": 7, "tags": ["a", null, true], "raw": "0xff"}'),
        ({"due": datetime(2026, 11, 28, tzinfo=UTC)}, '{"due": "2026-11-28T00:00:00+00:00"}'),
        ([Decimal("1.50"), NAME, {3, 2}], f'["1.50", "{NAME}", [2, 3]]'),
        (Job("mail"), f'{{"{__name__}.Job": [{{"function": "mail"}}]}}'),
        (OrderedDict(a=1), '{"collections.OrderedDict": [["a", 1]]}'),
    ],
)
def test_a_pickle_is_read(value: object, told: str, protocol: int) -> None:
    assert text(pickle.dumps(value, protocol)) == told


def test_a_pickle_runs_nothing() -> None:
    assert text(pickle.dumps(Trap(spring))) == f'{{"{__name__}.spring": ["ran"]}}'
    assert "ran" in text(pickle.dumps(Trap(RAN.append)))
    assert RAN == []


def test_other_forms_are_read() -> None:
    assert text(zlib.compress(pickle.dumps(("shop.mail", [1])))) == '["shop.mail", [1]]'
    assert text(zlib.compress(b"plain text " * 20)) == "plain text " * 20
    assert text(msgspec.msgpack.encode({"a": [1, "é"], "z": b"\xff"})) == '{"a": [1, "é"], "z": "0xff"}'
    assert text("café".encode()) == "café"


def test_what_cannot_be_read_is_one_word() -> None:
    loop: list[object] = []
    loop.append(loop)
    assert text(b"\xff\x00") == "0xff00"
    for data in (
        b"\xfe" * 100,
        b"\x80\x05" + b"\x00" * 40,
        pickle.dumps({"a": b"\xff"})[:-1] + b"x",
        pickle.dumps(loop),
    ):
        told = text(data)
        assert told == text(data)
        assert told.startswith("0x")
        assert " " not in told
