"""Stand-ins for alphanode's partners: plain ASGI applications, named like the dependency that they stand for."""

import hashlib
import json


async def images(scope, receive, send):
    """The image host: answers with the URL of a rendition, which is named after the image."""
    if scope["type"] != "http":
        return
    digest = hashlib.sha256()
    more = True
    while more:
        message = await receive()
        digest.update(message.get("body", b""))
        more = message.get("more_body", False)
    made = {"url": f"https://images.example/{digest.hexdigest()[:24]}-1200x630.jpg"}
    await send({"type": "http.response.start", "status": 201, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": json.dumps(made).encode()})
