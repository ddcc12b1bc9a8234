"""Redis: what may be forgotten, and what must end by itself."""

from redis.asyncio import Redis

from alphanode.settings import settings

cache: Redis = Redis.from_url(settings.redis_url, decode_responses=True)
