"""What a service's configuration demands of its line to PostgreSQL: TLS, and to be asked for its password.

A client that would be content without TLS (libpq's default is sslmode=prefer) asks for it in the same words as one that
insists, and takes it if it is offered: every connection would pay a handshake, every call its encryption, for nothing.
So the border offers TLS where the environment that the person wrote demands it, or names the border's authority
(`{db.ca}`), and nowhere else. Likewise the password: PBKDF2 costs the client some 2 ms a connection. To offer TLS only
after a client has gone away without it would spoil that client's request, which is a failure of our making.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_NAMES = {
    "PGSSLMODE": "sslmode",
    "PGSSLNEGOTIATION": "sslnegotiation",
    "PGCHANNELBINDING": "channel_binding",
    "PGREQUIREAUTH": "require_auth",
}
_PLACEHOLDER = re.compile(r"\{[A-Za-z_][\w-]*\.[a-z_]+\}")
_OF_DATABASE = re.compile(r"(?i)(?:^|_)(?:DB|DATABASE|PG|POSTGRES|POSTGRESQL|SQL)_")
_SSL = re.compile(r"(?i)(?:^|_)(?:SSL|TLS)_?(?:MODE|REQUIRED?|ENABLED?|ON)?$")
_SETTING = re.compile(
    r"""(?i)\b(sslmode|ssl|sslnegotiation|channel_binding|require_auth)["']?\s*[=:]\s*["']?([\w,!%-]+)"""
)
_INSISTING = {"require", "required", "verify-ca", "verify-full", "verify_ca", "verify_full", "true", "1", "yes", "on"}
_SCRAM, _NOT_NOTHING = "scram-sha-256", "!none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Demands:
    """`tls`: connections in clear will not do. `password`: nor will being let in without SCRAM-SHA-256."""

    tls: bool = False
    password: bool = False


def demands(environment: Mapping[str, str], dependency: str) -> Demands:
    """What an environment, before its placeholders are filled, demands of the border of one dependency."""
    settings = {(name, value.lower()) for text in environment.items() for name, value in _settings(*text, dependency)}
    binds = ("channel_binding", "require") in settings
    insists = any(name in {"ssl", "sslmode"} and value in _INSISTING for name, value in settings)
    names_authority = any(f"{{{dependency}.ca}}" in text for text in environment.values())
    auth = {part for name, value in settings if name == "require_auth" for part in re.split(r",|%2c", value)}
    return Demands(
        tls=insists or binds or names_authority or ("sslnegotiation", "direct") in settings,
        password=binds or _SCRAM in auth or _NOT_NOTHING in auth,
    )


def _settings(name: str, text: str, dependency: str) -> Iterator[tuple[str, str]]:
    """The settings that one variable makes: as a whole, or among others, unless they are another dependency's."""
    ours = f"{{{dependency}." in text
    if name in _NAMES:
        yield _NAMES[name], text.strip()
    elif _OF_DATABASE.search(name) and _SSL.search(name):
        yield "ssl", text.strip()
    elif ours or not _PLACEHOLDER.search(text):
        settings = ((found[1].lower(), found[2]) for found in _SETTING.finditer(text))
        yield from (setting for setting in settings if ours or setting[0] != "ssl")  # that is everybody's word
