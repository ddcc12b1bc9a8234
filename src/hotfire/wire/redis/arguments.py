"""A command's arguments, read from one whole message of a client as far as names are made of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

_MOST = 64  # arguments: keys behind them name nothing that those before do not
_LONGEST = 256  # bytes: a key's name; values are cut


@dataclass(frozen=True, slots=True, kw_only=True)
class Arguments:
    """A command's first arguments, its name the first of them; `count` is how many it has in all."""

    first: Sequence[bytes]
    count: int

    @classmethod
    def of(cls, message: bytes) -> Self:
        """Those of a whole message, as `Frames` cuts it. None at all for an empty line."""
        if message[:1] != b"*":
            words = message.split()
            return cls(first=words, count=len(words))
        line = message.index(b"\r\n")
        count = max(int(message[1:line]), 0)
        first = []
        for _ in range(min(count, _MOST)):
            head, line = line + 2, message.index(b"\r\n", line + 2)
            end = line + 2 + int(message[head + 1 : line])
            first.append(message[line + 2 : min(end, line + 2 + _LONGEST)])
            line = end
        return cls(first=first, count=count)

    def word(self, index: int) -> str:
        """An argument as a keyword, lower case; "" where there is none."""
        return self.first[index].decode("latin-1").lower() if index < len(self.first) else ""

    def words(self) -> list[str]:
        """All behind the name that are read, as keywords."""
        return [self.word(index) for index in range(1, len(self.first))]
