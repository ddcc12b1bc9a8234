"""Whether what stands in a row is what was sent."""

import pytest

from hotfire.stored import is_same

UUID = "00000000-0000-4000-8000-00000000dead"
SAME = [
    ("987654321", "987654321"),
    ("987654321.0", "987654321"),
    ("987654321.00", "987654321"),
    ("9.87654321e8", "987654321"),
    ("0.01", "0.010"),
    ("500", '"500.00"'),
    ("t", "true"),
    ("1", "true"),
    ("False", "false"),
    ("Admin", '"admin"'),
    ("x", "x"),
    ("", '""'),
    ("2001-02-03 04:05:06+00", '"2001-02-03T04:05:06Z"'),
    ("2001-02-03 05:05:06+01", '"2001-02-03T04:05:06Z"'),
    ("2001-02-03 04:05:06", '"2001-02-03T04:05:06Z"'),
    ("2001-02-03", '"2001-02-03T04:05:06Z"'),
    ("2001-02-03 00:00:00", '"2001-02-03"'),
    (UUID.replace("-", ""), f'"{UUID}"'),
    ('{"a":1}', '{"a": 1}'),
    ("[1, 2]", "[1,2]"),
]
OTHER = [
    ("987654321.5", "987654321"),
    ("1.0", "true"),
    ("0", "true"),
    ("admin", '"administrator"'),
    ("", "0"),
    ("2001-02-03 04:05:07+00", '"2001-02-03T04:05:06Z"'),
    ("2001-02-04", '"2001-02-03T04:05:06Z"'),
    ("2001-02-03", "2001"),
    (UUID.replace("d", "e"), f'"{UUID}"'),
    ('{"a":2}', '{"a": 1}'),
    ("1" * 400, "1" * 399),
    ("none", "null"),
]


@pytest.mark.parametrize(("stored", "sent"), SAME)
def test_it_is_the_same_value(stored: str, sent: str) -> None:
    assert is_same(stored, sent)


@pytest.mark.parametrize(("stored", "sent"), OTHER)
def test_it_is_another_value(stored: str, sent: str) -> None:
    assert not is_same(stored, sent)
