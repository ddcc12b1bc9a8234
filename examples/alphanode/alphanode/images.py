"""The image host: makes renditions of our covers in the sizes that pages need."""

import hashlib

import httpx

from alphanode.refusals import Unavailable
from alphanode.settings import settings

WIDTH, HEIGHT = 1200, 630

host = httpx.AsyncClient(base_url=settings.image_host)


async def render(image: bytes) -> str:
    """Have a rendition made of an image; its URL. Unavailable where the host does not make one."""
    try:
        answer = await host.post(
            "/v1/renditions",
            params={"width": WIDTH, "height": HEIGHT},
            content=image,
            headers={"Authorization": f"Bearer {settings.image_host_key}", "Content-Type": "image/png"},
        )
        answer.raise_for_status()
    except httpx.HTTPError as problem:
        raise Unavailable("The image host does not answer. Please send this again.") from problem
    return answer.json()["url"]


def digest(image: bytes) -> str:
    """Return the name of an image: the first hexadecimal digits of its content's digest."""
    return hashlib.sha256(image).hexdigest()[:24]
