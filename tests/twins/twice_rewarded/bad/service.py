"""Points for orders, kept in Redis (FastAPI, redis-py).

Modelled on redis/redis-py #1186 and #977: the library sends a command again when its connection breaks, also one that
the server has done already.
"""

import os
import threading

import redis
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()
store = redis.Redis(host=os.environ["REDIS_HOST"], port=int(os.environ["REDIS_PORT"]), decode_responses=True)
rewarding = threading.Lock()


class Reward(BaseModel):
    """Who earns how many points."""

    customer: str
    points: int


@app.post("/orders/{reference}/points")
def reward(reference: str, wanted: Reward) -> dict[str, int]:
    """Give an order's points to its customer, once for each order."""
    with rewarding:
        if not store.sismember("rewarded", reference):
            pipe = store.pipeline(transaction=True)
            pipe.hincrby("points", wanted.customer, wanted.points)
            pipe.sadd("rewarded", reference)
            pipe.execute()
    return points(wanted.customer)


@app.get("/customers/{customer}/points")
def points(customer: str) -> dict[str, int]:
    """How many points a customer has."""
    return {"points": int(store.hget("points", customer) or 0)}
