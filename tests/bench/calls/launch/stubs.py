"""The partner that knows prices."""

import json
from collections.abc import Awaitable, Callable
from typing import Any


async def rates(
    scope: dict[str, Any], receive: Callable[[], Awaitable[object]], send: Callable[[dict[str, Any]], Awaitable[None]]
) -> None:
    """Everything has a price, which is the number in its name."""
    await receive()
    price = 100 + int(scope["path"].rpartition("-")[2])
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps({"price": price}).encode()})
