"""Whether bytes of a client are whole messages, the last of which the server answers with ReadyForQuery."""

from hotfire.wire.postgres.frames import length_at

_HEAD = 5
_ENDS = frozenset(b"SQ")


def is_whole(data: bytes) -> bool:
    """Whether `data`, which begins with a message, ends with a Sync or a simple Query: nothing of it waits for more."""
    at, kind, size = 0, 0, len(data)
    while at + _HEAD <= size:
        kind = data[at]
        at += 1 + length_at(data, at + 1)[0]
    return at == size and kind in _ENDS
