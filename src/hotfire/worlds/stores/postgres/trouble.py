"""A test server lacks what production has: the server's own words, and the line to write."""

import re

from hotfire.errors import SetupError
from hotfire.worlds.stores.room import FULL

OTHER_BINARIES = 'server = "/usr/lib/postgresql/17/bin"'
FUNCTIONS = {
    "pgcrypto": r"gen_salt|crypt|digest|hmac|pgp_\w+|gen_random_bytes|armor|dearmor",
    "uuid-ossp": r"uuid_generate_\w+|uuid_ns_\w+|uuid_nil",
    "unaccent": r"unaccent",
    "pg_trgm": r"similarity|word_similarity|show_trgm",
}
ABSENT = re.compile(
    r'extension "(?P<a>[^"]+)" is not available|could not open extension control file "[^"]*/(?P<b>[^/"]+)\.control"'
)
NO_FUNCTION = re.compile(r"function (?:\w+\.)?(?P<name>\w+)\([^)]*\) does not exist")
UNPRIVILEGED = re.compile(r'permission denied to create extension "(?P<name>[^"]+)"')
NO_ICU = re.compile(r'ICU is not supported in this build|collation "[^"]+-x-icu" for encoding')
NO_COMPRESSION = re.compile(r"compression method (?P<name>lz4|zstd) not supported")
NO_ROOM = re.compile(r"No space left on device|Disk quota exceeded")
NO_XML = re.compile(r"unsupported XML feature")


def explain_error(message: str) -> SetupError | None:
    """What to write when `prepare` failed for want of something in the server; None where the reason is another."""
    if found := ABSENT.search(message):
        return _without_extension(found["a"] or found["b"])
    if found := UNPRIVILEGED.search(message):
        hint = (
            "the service's role is a plain one in hotfire, as in production, and may create trusted extensions only; "
            "leave this one out of `prepare` where the service does not need it to run"
        )
        return SetupError(f"the extension {found['name']} may only be created by a superuser", hint=hint)
    if NO_ICU.search(message):
        hint = f'use COLLATE "C.UTF-8" or a collation of the machine\'s, or write {OTHER_BINARIES}'
        return SetupError("the embedded server is built without ICU, so its collations are missing", hint=hint)
    if found := NO_COMPRESSION.search(message):
        hint = f"leave COMPRESSION {found['name']} out, or write {OTHER_BINARIES}"
        return SetupError(f"the embedded server is built without {found['name']}", hint=hint)
    if NO_XML.search(message):
        return SetupError("the embedded server is built without XML", hint=f"write {OTHER_BINARIES}")
    if NO_ROOM.search(message):
        return SetupError("there is no room left where the test databases lie", hint=FULL)
    return _without_function(message)


def _without_extension(name: str) -> SetupError:
    ways = [f"write {OTHER_BINARIES} (a build that has it)"]
    if name in ("pgcrypto", "uuid-ossp"):
        ways.insert(0, "use gen_random_uuid(), which needs no extension (only where UUIDs are all that is wanted)")
    return SetupError(f"the test server has no extension {name}", hint="; or ".join(ways))


def _without_function(message: str) -> SetupError | None:
    found = NO_FUNCTION.search(message)
    for extension, names in FUNCTIONS.items():
        if found and re.fullmatch(names, found["name"]):
            hint = f'write CREATE EXTENSION "{extension}" in `prepare`; where it is missing, {OTHER_BINARIES}'
            problem = f"{found['name']}() belongs to the extension {extension}, which is not in the database"
            return SetupError(problem, hint=hint)
    return None
