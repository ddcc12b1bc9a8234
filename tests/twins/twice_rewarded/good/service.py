"""Points for orders, kept in Redis (FastAPI, redis-py).

Modelled on redis/redis-py #1186 and #977: the library sends a command again when its connection breaks, also one that
the server has done already. So the server looks itself whether the order was rewarded, in the same script.
"""

import os

import redis
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()
store = redis.Redis(host=os.environ["REDIS_HOST"], port=int(os.environ["REDIS_PORT"]), decode_responses=True)
give = store.register_script("""
if redis.call('SADD', KEYS[1], ARGV[1]) == 1 then
    redis.call('HINCRBY', KEYS[2], ARGV[2], ARGV[3])
end
return redis.call('HGET', KEYS[2], ARGV[2])
""")


class Reward(BaseModel):
    """Who earns how many points."""

    customer: str
    points: int


@app.post("/orders/{reference}/points")
def reward(reference: str, wanted: Reward) -> dict[str, int]:
    """Give an order's points to its customer, once for each order."""
    left = give(keys=["rewarded", "points"], args=[reference, wanted.customer, wanted.points])
    return {"points": int(left)}


@app.get("/customers/{customer}/points")
def points(customer: str) -> dict[str, int]:
    """How many points a customer has."""
    return {"points": int(store.hget("points", customer) or 0)}
