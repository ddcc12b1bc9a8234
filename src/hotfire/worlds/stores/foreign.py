"""A Postgres server that is not ours, named by a superuser's DSN: what it must allow, and what of it we may touch."""

from dataclasses import replace
from pathlib import Path
from ssl import SSLError
from typing import cast, get_args
from urllib.parse import parse_qs, unquote, urlsplit

import asyncpg

from hotfire.errors import SetupError
from hotfire.worlds.stores.address import Address, Connection, SslMode
from hotfire.worlds.stores.binaries import OLDEST

SCHEMES = ("postgresql", "postgres")
REASON = "hotfire makes event triggers and sets session_replication_role, which only a superuser may"


def names_foreign(server: str) -> bool:
    """Whether `server` is a DSN."""
    return server.partition("://")[0] in SCHEMES and "://" in server


def read_dsn(dsn: str) -> Address:
    """The address in a libpq URL. SetupError where user or host is missing."""
    try:
        url = urlsplit(dsn)
        port = url.port
    except ValueError as error:
        raise SetupError(f"the server's DSN cannot be read: {error}", hint=_example()) from error
    query = {key: values[-1] for key, values in parse_qs(url.query).items()}
    user = unquote(url.username or "") or query.get("user", "")
    host = unquote(url.hostname or "") or query.get("host", "")
    if not user or not host:
        raise SetupError("the server's DSN names no user or no host", hint=_example())
    ssl = query.get("sslmode", "prefer")
    if ssl not in get_args(SslMode):
        raise SetupError(f"sslmode={ssl} is none that libpq knows", hint=f"write one of {', '.join(get_args(SslMode))}")
    root = query.get("sslrootcert", "")
    if root not in {"", "system"} and not Path(root).is_file():
        raise SetupError(f"sslrootcert={root} is no file", hint="write the path of the authorities' certificates")
    return Address(
        host=host,
        port=port or int(query.get("port", "5432")),
        user=user,
        password=unquote(url.password or "") or query.get("password", ""),
        ssl=cast("SslMode", ssl),
        root=root,
    )


def _example() -> str:
    return 'write server = "postgresql://postgres:secret@127.0.0.1:5432"'


async def attach(dsn: str) -> tuple[Address, Connection, int]:
    """Connect, and check version and rights. Gives the address, a connection, and the major version."""
    address = read_dsn(dsn)
    where = f"{address.host}:{address.port}"
    try:
        connection = await address.connect("postgres")
    except SSLError as error:
        hint = "write sslrootcert=… of the authority that signed its certificate, or sslmode=require, in the DSN"
        raise SetupError(f"Postgres at {where} and we do not come to TLS: {error}", hint=hint) from error
    except (OSError, TimeoutError) as error:
        hint = 'is it running there? or write server = "embedded" for one of our own'
        raise SetupError(f"Postgres at {where} does not answer: {error}", hint=hint) from error
    except asyncpg.PostgresError as error:
        hint = "check user and password in the DSN, and that pg_hba.conf lets them in"
        raise SetupError(f"Postgres at {where} refused {address.user}: {error}", hint=hint) from error
    try:
        version = await _check(connection, address.user, where)
        return await _settled(address, connection), connection, version
    except BaseException:
        await connection.close()
        raise


async def _settled(address: Address, connection: Connection) -> Address:
    """The address with the sslmode that "prefer" or "allow" came to, so that nobody after us has to try both."""
    if address.ssl not in {"prefer", "allow"}:
        return address
    encrypted = await connection.fetchval("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
    return replace(address, ssl="require" if encrypted else "disable")


async def _check(connection: Connection, user: str, where: str) -> int:
    version = connection.get_server_version().major
    if version < OLDEST:
        raise SetupError(f"Postgres at {where} is version {version}", hint=f"version {OLDEST} or newer is needed")
    if not await connection.fetchval("SELECT rolsuper FROM pg_roles WHERE rolname = current_user"):
        role = await connection.fetchval("SELECT quote_ident($1)", user)
        hint = (
            f"as a superuser of a server that holds only test data: ALTER ROLE {role} SUPERUSER; "
            'or write server = "embedded"'
        )
        raise SetupError(f"{user} is no superuser at {where}: {REASON}", hint=hint)
    return version


async def drop_marked(dsn: str, database: str, run: str) -> None:
    """Drop a database that a dead run left, and the role of that run; if it still carries the run's mark."""
    _, connection, _ = await attach(dsn)
    try:
        await drop_database(connection, database, run)
        await drop_role(connection, run)
    finally:
        await connection.close()


def mark_of(run: str) -> str:
    """The comment on each database of a run."""
    return f"hotfire {run}"


def role_of(run: str) -> str:
    """The name of the run's plain role on a server that is not ours."""
    return f"hotfire_{run}".replace("-", "_")


async def drop_database(connection: Connection, database: str, run: str) -> None:
    """Drop a database that carries the run's mark; one without it is refused (SetupError)."""
    query = "SELECT coalesce(shobj_description(oid, 'pg_database'), '') FROM pg_database WHERE datname = $1"
    mark = await connection.fetchval(query, database)
    if mark is None:
        return
    if mark != mark_of(run):
        hint = "it is left as it is; drop it by hand if nobody needs it"
        raise SetupError(f"the database {database} does not carry the mark of run {run}", hint=hint)
    await connection.execute(f"DROP DATABASE IF EXISTS {quoted(database)} WITH (FORCE)")


async def drop_role(connection: Connection, run: str) -> None:
    """Drop the run's role once none of its databases is left."""
    owned = "SELECT count(*) FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba WHERE r.rolname = $1"
    if not await connection.fetchval(owned, role_of(run)):
        await connection.execute(f"DROP ROLE IF EXISTS {quoted(role_of(run))}")


def quoted(name: str) -> str:
    """An SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
