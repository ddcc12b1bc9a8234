"""Stripe, as far as the market uses it."""

import json
import uuid
from urllib.parse import parse_qsl


async def stripe(scope, receive, send):
    """Take every transfer."""
    wanted = dict(parse_qsl((await receive())["body"].decode()))
    transfer = {"id": f"tr_{uuid.uuid4().hex[:24]}", "object": "transfer", "amount": int(wanted["amount"])}
    headers = [(b"content-type", b"application/json"), (b"request-id", b"req_hotfire")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(transfer).encode()})
