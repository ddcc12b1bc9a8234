"""The translator, as far as the site uses it."""

import json


async def translator(scope, receive, send):
    """Know one sentence."""
    await receive()
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps({"text": "Guten Morgen"}).encode()})
