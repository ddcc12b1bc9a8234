"""The login that a border does in the service's place: a server of ours asks for no password, and takes none.

Commands: AUTH, and HELLO with AUTH (RESP3's way to say both at once).
"""

import re
from dataclasses import dataclass

from hotfire.wire.redis.arguments import Arguments
from hotfire.wire.redis.values import encode

OK = b"+OK\r\n"
PING = encode(b"PING")

_LOGIN = re.compile(rb"(?:\r\n|^)(?:AUTH|HELLO)\s", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """What the server is asked instead of a login; `reply` is what the client hears then, None for the server's own."""

    data: bytes
    reply: bytes | None


def may_log_in(data: bytes) -> bool:
    """Whether there may be a login among these commands."""
    return _LOGIN.search(data) is not None


def login(arguments: Arguments) -> Login | None:
    """What to ask instead of this command, if it is a login. Whoever comes, by whatever password, is let in."""
    match arguments.word(0), arguments.count:
        case "auth", 2 | 3:
            return Login(data=PING, reply=OK)
        case "hello", count if count >= _SHORTEST and arguments.word(2) == "auth":
            return Login(data=encode(*arguments.first[:2], *arguments.first[5:]), reply=None)
        case _:
            return None


_SHORTEST = 5  # HELLO 3 AUTH name password
