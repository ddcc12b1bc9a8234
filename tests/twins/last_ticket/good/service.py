"""Events that sell tickets until none is left (asyncpg pool)."""

import hmac
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

import asyncpg
from fastapi import Depends, FastAPI, Header, HTTPException
from pydantic import BaseModel

SECRET = os.environ["SECRET_KEY"].encode()


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Hold a pool as long as the service runs."""
    async with asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=1, max_size=4) as app.state.pool:
        yield


app = FastAPI(lifespan=lifespan)


class Person(BaseModel):
    """Who signs in."""

    name: str


def token_of(name: str) -> str:
    """Sign a name."""
    return f"{name}.{hmac.digest(SECRET, name.encode(), 'sha256').hex()}"


def signed_in(authorization: Annotated[str, Header()] = "") -> str:
    """Read the name that a token was signed for."""
    token = authorization.removeprefix("Bearer ")
    name = token.partition(".")[0]
    if not hmac.compare_digest(token.encode(), token_of(name).encode()):
        raise HTTPException(401)
    return name


@app.post("/sessions")
async def sign_in(person: Person) -> dict[str, str]:
    """Give a token to anybody who says a name: this is a twin, not a bank."""
    return {"token": token_of(person.name)}


@app.post("/events/{event_id}/tickets", status_code=201)
async def buy(event_id: int, owner: Annotated[str, Depends(signed_in)]) -> dict[str, str]:
    """Sell a ticket, one to a person, as long as there are some."""
    async with app.state.pool.acquire() as connection, connection.transaction():
        ticket = await connection.fetchval(
            "INSERT INTO tickets (event_id, owner) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING id", event_id, owner
        )
        if ticket is not None:
            left = await connection.fetchval(
                "UPDATE events SET tickets_left = tickets_left - 1 WHERE id = $1 AND tickets_left > 0"
                " RETURNING tickets_left",
                event_id,
            )
            if left is None:
                raise HTTPException(409, "sold out")
    return {"owner": owner}


@app.get("/tickets")
async def mine(owner: Annotated[str, Depends(signed_in)]) -> list[int]:
    """Name the events for which somebody has a ticket."""
    rows = await app.state.pool.fetch("SELECT event_id FROM tickets WHERE owner = $1 ORDER BY 1", owner)
    return [row["event_id"] for row in rows]
