"""A splice in a JSON text is the change of its value: whatever the text's white space, keys and numbers."""

import copy
import json
from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from hotfire.editing.jsontext import inserted, removed, replaced
from hotfire.model.pointer import pointer_of

KEYS = st.text(st.sampled_from('a/~" \\é0\n'), max_size=3)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
)
TEXTS = st.builds(
    lambda value, indent, ascii_only: (value, json.dumps(value, indent=indent, ensure_ascii=ascii_only)),
    VALUES,
    st.sampled_from([None, 0, 2, "\t"]),
    st.booleans(),
)


def slots(value: object, tokens: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if tokens:
        yield tokens
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from slots(inner, (*tokens, key))


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_a_splice_is_the_change_of_the_value(told: tuple[object, str]) -> None:
    value, text = told
    body = text.encode("utf-8", "surrogatepass")
    for tokens in slots(value):
        *parents, last = tokens
        pointer = pointer_of(*tokens)
        other, fewer, more = (copy.deepcopy(value) for _ in range(3))
        at(other, parents)[last] = ["new"]
        del at(fewer, parents)[last]
        assert read(replaced(body, pointer, b'["new"]')) == other
        assert read(removed(body, pointer)) == fewer
        holder = at(more, parents)
        if isinstance(holder, list):
            holder.insert(int(last), "new")
        else:
            holder[last] = "new"  # a duplicate key: the last one counts
        assert read(inserted(body, pointer, b'"new"')) == more


def at(value: object, tokens: list[str | int]) -> dict[str | int, object] | list[object]:
    for token in tokens:
        value = value[token]
    return value


def read(text: bytes) -> object:
    return json.loads(text.decode("utf-8", "surrogatepass"))
