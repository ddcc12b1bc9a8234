"""Values of RESP2 and RESP3, read from one whole message, and commands written as a client writes them.

Both versions read alike: a map is the flat list that RESP2 makes of it, a set or a push is a list, a verbatim string
is its bytes. Specification: "Redis serialization protocol specification", RESP2 and RESP3.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyError:
    """An error that the server answered: `text` is all of its line, the code first ("WRONGTYPE Operation …")."""

    text: str

    @property
    def code(self) -> str:
        """Its first word."""
        return self.text.partition(" ")[0]


Value = None | bool | int | float | bytes | ReplyError | list["Value"]
"""What a reply says. A simple string is bytes, as a bulk string is."""

_PAIRS = frozenset(b"%|")


def decode(message: bytes) -> Value:
    """The value of one whole message, as `Frames` cuts it. Raises ValueError for what is none."""
    value, end = _read(message, 0)
    if end != len(message):
        problem = f"{len(message) - end} bytes behind a value"
        raise ValueError(problem)
    return value


def encode(*arguments: bytes) -> bytes:
    """A command, or a part of a pipeline."""
    parts = [b"*%d\r\n" % len(arguments)]
    for argument in arguments:
        parts += (b"$%d\r\n" % len(argument), argument, b"\r\n")
    return b"".join(parts)


def _read(message: bytes, at: int) -> tuple[Value, int]:
    """The value that begins at `at`, and its end."""
    line = message.index(b"\r\n", at)
    head, after = message[at + 1 : line], line + 2
    match message[at : at + 1]:
        case b"$" | b"!" | b"=" as kind if int(head) >= 0:
            end = after + int(head)
            return _text(kind, message[after:end]), end + 2
        case b"*" | b"~" | b">" | b"%" if int(head) >= 0:
            return _items(message, after, int(head) * (2 if message[at] in _PAIRS else 1))
        case b"|":
            _, after = _items(message, after, 2 * int(head))
            return _read(message, after)
        case kind:
            return _line(kind, head), after


def _items(message: bytes, at: int, count: int) -> tuple[list[Value], int]:
    items: list[Value] = []
    for _ in range(count):
        item, at = _read(message, at)
        items.append(item)
    return items, at


def _text(kind: bytes, text: bytes) -> Value:
    match kind:
        case b"!":
            return ReplyError(text=text.decode("utf-8", "replace"))
        case b"=":
            return text[4:]  # "txt:" or "mkd:"
        case _:
            return text


def _line(kind: bytes, head: bytes) -> Value:
    """The value of a line. Raises ValueError for a type that there is not."""
    match kind:
        case b"+":
            return head
        case b"-":
            return ReplyError(text=head.decode("utf-8", "replace"))
        case b":" | b"(":
            return int(head)
        case b",":
            return float(head)
        case b"#":
            return head == b"t"
        case b"_" | b"$" | b"*":  # the last two of length -1
            return None
        case _:
            problem = f"a value of type {kind!r}"
            raise ValueError(problem)
