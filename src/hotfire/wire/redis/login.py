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
        case "hello", _ if "auth" in arguments.words():
            at = arguments.words().index("auth") + 1
            return Login(data=encode(*arguments.first[:at], *arguments.first[at + 3 :]), reply=None)
        case _:
            return None
