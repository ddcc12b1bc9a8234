"""Notices that only the office network may read (Litestar, sqlite3)."""

import os
import sqlite3
from contextlib import closing
from ipaddress import ip_address, ip_network

from litestar import Litestar, Request, get
from litestar.exceptions import PermissionDeniedException

OFFICE = [ip_network("127.0.0.0/8"), ip_network("10.0.0.0/8")]


def address_of(request: Request) -> str:
    """The client's address, as the proxy in front tells it."""
    forwarded = request.headers.get("x-forwarded-for", "")
    return forwarded.split(",")[0].strip() or (request.client.host if request.client else "")


async def from_office(request: Request) -> None:
    """Let nobody in who asks from elsewhere."""
    try:
        address = ip_address(address_of(request))
    except ValueError:
        raise PermissionDeniedException("the client's address cannot be read") from None
    if not any(address in network for network in OFFICE):
        raise PermissionDeniedException("only from the office")


@get("/notices", sync_to_thread=True)
def notices() -> list[str]:
    """The notices, newest first."""
    with closing(sqlite3.connect(os.environ["DATABASE"])) as connection:
        return [text for (text,) in connection.execute("SELECT text FROM notices ORDER BY id DESC")]


app = Litestar([notices], before_request=from_office)
