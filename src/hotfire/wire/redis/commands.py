"""What the server itself says of its commands, by COMMAND: which write, which block, and where their keys stand.

Redis 7 and Valkey tell keys by specifications, which also find those of EVAL and XREAD; an older server's first, last
and step are read where there are none. Documentation: "COMMAND", "Command key specifications".
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from hotfire.wire.generated import GAP, pattern
from hotfire.wire.redis.arguments import Arguments
from hotfire.wire.redis.values import Value


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
        words = arguments.words()
        return words.index(self.keyword) + 2 if self.keyword in words else None


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
        return not self.name.startswith("xread") or "block" in arguments.words()

    def says(self, arguments: Arguments) -> str:
        """The call as a border names it: `INCRBY rate:…`, with the patterns of its keys or channels."""
        name = self.name.upper().replace("|", " ") if self.flags or self.categories else pattern(arguments.first[0])
        names = list(self._found(arguments, self.keys))
        if "pubsub" in self.flags and not names:
            names = list(arguments.first[1:2])
        patterns = list(dict.fromkeys(map(pattern, names)))
        return " ".join([name, *patterns[:_MOST], *[GAP][: len(patterns) - _MOST]])

    def written(self, arguments: Arguments) -> tuple[tuple[str, str], ...]:
        """What a call of it may write: its name and the pattern of each key; "…" where the server tells no key."""
        if not self.writes:
            return ()
        changed = [keys for keys in self.keys if keys.written] or self.keys
        patterns = dict.fromkeys(map(pattern, self._found(arguments, changed)))
        return tuple((self.name.replace("|", " "), each) for each in patterns or (GAP,))

    def changed(self, arguments: Arguments, reply: bytes) -> bool:
        """Whether this reply may be that of a call that changed something: no error, and not known to say "none"."""
        if reply[:1] in _ERRORS:
            return False
        if "write" not in self.flags:
            return self.writes
        if reply.startswith(_NOTHING):
            return self.name == "getset" or (self.name == "set" and "get" in arguments.words())
        return not (reply == b":0\r\n" and self.name in _NONE_AT_ZERO)

    @staticmethod
    def _found(arguments: Arguments, keys: Iterable[Keys]) -> Iterator[bytes]:
        for each in keys:
            for place in each.places(arguments):
                if place < len(arguments.first):
                    yield arguments.first[place]


_MOST = 3  # patterns that a text names
_ERRORS = (b"-", b"!")
_NOTHING = (b"$-1", b"*-1", b"_", b"*0", b"~0", b"%0")
# What these answer is how many they changed; other commands may change something and answer 0.
_NONE_AT_ZERO = (
    frozenset(("copy", "del", "delifeq", "hdel", "hsetnx", "linsert", "lpushx", "lrem", "move", "msetnx", "pfadd"))
    | frozenset(("expire", "expireat", "persist", "pexpire", "pexpireat", "renamenx", "rpushx", "sadd", "setnx"))
    | frozenset(("smove", "srem", "unlink", "xack", "xdel", "xtrim", "zrem", "zremrangebylex", "zremrangebyrank"))
    | frozenset(("zremrangebyscore",))
)


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
        within = list(_commands(_list(told[9])))
        # one that a client knows and the server does not is of the kind that all its sisters are
        shared = frozenset.intersection(*(command.categories for command in within)) if within else frozenset()
        yield Command(
            name=_word(told[0]),
            flags=frozenset(map(_word, _list(told[2]))),
            categories=frozenset(map(_word, _list(told[6]))) | shared,
            keys=tuple(_specified(_list(told[8]))) or tuple(_counted(*map(_number, told[3:6]))),
        )
        yield from within


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
