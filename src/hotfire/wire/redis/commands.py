"""What the server itself says of its commands, by COMMAND: which write, which block, and where their keys stand.

Redis 7 and Valkey tell keys by specifications, which also find those of EVAL and XREAD; an older server's first, last
and step are read where there are none. Documentation: "COMMAND", "Command key specifications".
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from hotfire.wire.redis.values import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Arguments:
    """A command's first arguments, its name the first of them; `count` is how many it has in all."""

    first: Sequence[bytes]
    count: int

    def word(self, index: int) -> str:
        """An argument as a keyword, lower case; "" where there is none."""
        return self.first[index].decode("latin-1").lower() if index < len(self.first) else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """Where keys stand among the arguments: from `index`, or behind a `keyword`; `last`, `step` and `limit` as told.

    `counted`: at the place found stands a number of keys, which begin at `first` behind it. `written`: they may change.
    """

    index: int = 0
    keyword: str = ""
    last: int = 0
    step: int = 1
    limit: int = 0
    counted: bool = False
    number: int = 0
    first: int = 0
    written: bool = True

    def places(self, arguments: Arguments) -> range:
        """The indices of these keys; empty where a client left them out."""
        begin = self._begin(arguments)
        if begin is None or begin >= arguments.count:
            return range(0)
        if self.counted:
            number = arguments.word(begin + self.number)
            first = begin + self.first
            return range(first, first + int(number) * self.step, self.step) if number.isdigit() else range(0)
        last = begin + self.last if self.last >= 0 else arguments.count + self.last
        if self.limit > 1:
            last = begin + (arguments.count - begin) // self.limit - 1
        return range(begin, last + 1, self.step)

    def _begin(self, arguments: Arguments) -> int | None:
        if not self.keyword:
            return self.index
        words = (index for index in range(1, len(arguments.first)) if arguments.word(index) == self.keyword)
        return next((index + 1 for index in words), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command, or one of a container: `name` is "get" or "xgroup|create". `connection`: it is about the line."""

    name: str
    flags: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    keys: tuple[Keys, ...] = ()

    @property
    def writes(self) -> bool:
        """Whether it may change data; a script may, unless it is called read-only."""
        runs = "@scripting" in self.categories and bool(self.keys) and "readonly" not in self.flags
        return runs or "write" in self.flags

    @property
    def connects(self) -> bool:
        """Whether it is about the connection alone: HELLO, AUTH, SELECT, CLIENT SETINFO, PING."""
        return "@connection" in self.categories and "blocking" not in self.flags

    def blocks(self, arguments: Arguments) -> bool:
        """Whether it may wait for another client; XREAD does so with BLOCK only."""
        if "blocking" not in self.flags:
            return False
        words = {arguments.word(index) for index in range(1, len(arguments.first))}
        return not self.name.startswith("xread") or "block" in words

    def found(self, arguments: Arguments, *, written: bool = False) -> Iterator[bytes]:
        """Its keys among these arguments; `written`: those that it may change, where the server tells them apart."""
        changed = [keys for keys in self.keys if keys.written]
        for keys in changed if written and changed else self.keys:
            for place in keys.places(arguments):
                if place < len(arguments.first):
                    yield arguments.first[place]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandTable:
    """The commands of one server, by name, lower case."""

    commands: Mapping[str, Command] = field(default_factory=dict)

    @classmethod
    def of_reply(cls, reply: Value) -> Self:
        """Read the decoded reply of COMMAND, by either protocol version. Raises ValueError for another reply."""
        if not isinstance(reply, list):
            problem = f"COMMAND was answered {reply!r}"
            raise ValueError(problem)  # noqa: TRY004  # the server's answer, no argument of the wrong type
        return cls(commands={command.name: command for command in _commands(reply)})

    def find(self, arguments: Arguments) -> Command:
        """The command that is called; one without flags and keys where the server knows none of that name."""
        name = arguments.word(0)
        of_container = self.commands.get(f"{name}|{arguments.word(1)}")
        return of_container or self.commands.get(name) or Command(name=name)


def _commands(entries: Sequence[Value]) -> Iterator[Command]:
    """The commands of a reply, those of containers too."""
    for entry in entries:
        if not isinstance(entry, list) or len(entry) < _OLDEST:
            continue
        told = [*entry, *[None] * (_NEWEST - len(entry))]
        yield Command(
            name=_word(told[0]),
            flags=frozenset(map(_word, _list(told[2]))),
            categories=frozenset(map(_word, _list(told[6]))),
            keys=tuple(_specified(_list(told[8]))) or tuple(_counted(*map(_number, told[3:6]))),
        )
        yield from _commands(_list(told[9]))


_OLDEST, _NEWEST = 6, 10  # how much an entry says: Redis 2.8, Redis 7


def _counted(first: int, last: int, step: int) -> Iterator[Keys]:
    """The keys as an older server tells them; `last` below zero counts from the end."""
    if first > 0:
        yield Keys(index=first, last=last - first if last >= 0 else last, step=max(step, 1))


def _specified(specifications: Sequence[Value]) -> Iterator[Keys]:
    for specification in specifications:
        told = _fields(specification)
        flags = {_word(flag) for flag in _list(told.get("flags"))}
        begin, find = _fields(told.get("begin_search")), _fields(told.get("find_keys"))
        where, which = _fields(begin.get("spec")), _fields(find.get("spec"))
        if "unknown" in {_word(begin.get("type")), _word(find.get("type"))}:
            continue
        yield Keys(
            index=_number(where.get("index")),
            keyword=_word(where.get("keyword")),
            last=_number(which.get("lastkey")),
            step=max(_number(which.get("keystep")), 1),
            limit=_number(which.get("limit")),
            counted=_word(find.get("type")) == "keynum",
            number=_number(which.get("keynumidx")),
            first=_number(which.get("firstkey")),
            written=flags.isdisjoint({"RO", "not_key"}),
        )


def _fields(value: Value) -> dict[str, Value]:
    """A map, which `decode` gives flat."""
    flat = _list(value)
    return {_word(name): what for name, what in zip(flat[::2], flat[1::2], strict=False)}


def _list(value: Value) -> list[Value]:
    return value if isinstance(value, list) else []


def _word(value: Value) -> str:
    """A word; keywords and names lower case, flags of keys as they are."""
    if not isinstance(value, bytes):
        return ""
    word = value.decode("latin-1")
    return word if word in {"RO", "RW", "OW", "RM"} else word.lower()


def _number(value: Value) -> int:
    return value if isinstance(value, int) else 0
