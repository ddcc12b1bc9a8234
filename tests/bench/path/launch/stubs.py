"""The supplier."""

import json
import uuid
from collections.abc import Awaitable, Callable
from typing import Any


async def supplier(
    scope: dict[str, Any], receive: Callable[[], Awaitable[object]], send: Callable[[dict[str, Any]], Awaitable[None]]
) -> None:
    """Everything has the same price; an order has a number."""
    await receive()
    reads = scope["method"] == "GET"
    answer = {"price_cents": 1290} if reads else {"number": f"so-{uuid.uuid4().hex}"}
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 200 if reads else 201, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(answer).encode()})
