"""How often a user may do what costs us something."""

from alphanode.cache import cache
from alphanode.refusals import TooMany
from alphanode.tables import User

UPLOADS = 20
MINUTE = 60


async def count_upload(user: User) -> None:
    """Count one upload of this minute; TooMany beyond the limit."""
    key = f"uploads:{user.id}"
    count = await cache.incr(key)
    if count == 1:
        await cache.expire(key, MINUTE)
    if count > UPLOADS:
        raise TooMany("You have uploaded a lot. Please wait a minute.")
