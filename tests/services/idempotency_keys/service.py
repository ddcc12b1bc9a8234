"""A small bank whose requests carry idempotency keys (SQLAlchemy async, psycopg).

Each attempt is counted and written to the audit log, on purpose: the state in which a retry must equal a single run
is the money.
"""

import hmac
import json
import os
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, HTTPException
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

SECRET = os.environ["SECRET_KEY"].encode()
engine = create_async_engine(os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://", 1))
Work = Callable[[AsyncConnection], Awaitable[dict[str, Any]]]


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Close the pool's connections at the end."""
    yield
    await engine.dispose()


app = FastAPI(lifespan=lifespan)


class Person(BaseModel):
    """Who signs in."""

    name: str


class Offer(BaseModel):
    """Money for somebody."""

    payee: str
    amount: int


class Pot(BaseModel):
    """Something to save for."""

    goal: int


class Deposit(BaseModel):
    """Money for a pot."""

    amount: int


def token_of(name: str) -> str:
    """Sign a name."""
    return f"{name}.{hmac.digest(SECRET, name.encode(), 'sha256').hex()}"


def signed_in(authorization: Annotated[str, Header()] = "") -> str:
    """Read the name that a token was signed for."""
    token = authorization.removeprefix("Bearer ")
    if not hmac.compare_digest(token.encode(), token_of(token.partition(".")[0]).encode()):
        raise HTTPException(401)
    return token.partition(".")[0]


Name = Annotated[str, Depends(signed_in)]
Key = Annotated[str, Header(alias="Idempotency-Key")]


async def audit(actor: str, action: str) -> None:
    """Write down an attempt, whatever becomes of it."""
    async with engine.begin() as connection:
        await connection.execute(
            text("INSERT INTO audit_log (actor, action) VALUES (:actor, :action)"), {"actor": actor, "action": action}
        )


async def once(actor: str, key: str, work: Work) -> dict[str, Any]:
    """Do some work once for each key of an actor; later attempts are given the first one's answer."""
    claim = text(
        "INSERT INTO requests (actor, key) VALUES (:actor, :key)"
        " ON CONFLICT (actor, key) DO UPDATE SET attempts = requests.attempts + 1 RETURNING answer"
    )
    keep = text("UPDATE requests SET answer = CAST(:answer AS jsonb) WHERE actor = :actor AND key = :key")
    names = {"actor": actor, "key": key}
    async with engine.begin() as connection:
        known = await connection.scalar(claim, names)
        if known is not None:
            return known
        answer = await work(connection)
        await connection.execute(keep, {**names, "answer": json.dumps(answer)})
        return answer


async def move(connection: AsyncConnection, owner: str, amount: int) -> None:
    """Change a balance, never below nothing."""
    change = text("UPDATE accounts SET balance = balance + :by WHERE owner = :owner AND balance + :by >= 0")
    if (await connection.execute(change, {"owner": owner, "by": amount})).rowcount == 0:
        raise HTTPException(409, "not enough money")


@app.post("/sessions")
async def sign_in(person: Person) -> dict[str, str]:
    """Give a token to anybody who says a name: this is a test service, not a bank."""
    return {"token": token_of(person.name)}


@app.post("/transfers", status_code=201)
async def offer_money(offer: Offer, name: Name, key: Key) -> dict[str, Any]:
    """Take money from the payer and hold it for the payee."""
    await audit(name, "offer")

    async def work(connection: AsyncConnection) -> dict[str, Any]:
        row = {"id": str(uuid.uuid4()), "payer": name, **offer.model_dump()}
        await move(connection, name, -offer.amount)
        await connection.execute(
            text("INSERT INTO transfers (id, payer, payee, amount) VALUES (:id, :payer, :payee, :amount)"), row
        )
        return row

    return await once(name, key, work)


@app.post("/transfers/{transfer_id}/accept")
async def accept(transfer_id: uuid.UUID, name: Name, key: Key) -> dict[str, Any]:
    """Give the payee the money that is held for them."""
    await audit(name, "accept")

    async def work(connection: AsyncConnection) -> dict[str, Any]:
        take = text(
            "UPDATE transfers SET status = 'accepted' WHERE id = :id AND payee = :payee AND status = 'offered'"
            " RETURNING amount"
        )
        amount = await connection.scalar(take, {"id": transfer_id, "payee": name})
        if amount is None:
            raise HTTPException(404)
        await move(connection, name, amount)
        return {"status": "accepted"}

    return await once(name, key, work)


@app.get("/balance")
async def balance(name: Name) -> dict[str, int]:
    """Show somebody's money."""
    async with engine.connect() as connection:
        found = await connection.scalar(text("SELECT balance FROM accounts WHERE owner = :owner"), {"owner": name})
    return {"balance": found or 0}


@app.put("/pots/{pot}")
async def make_pot(pot: str, wanted: Pot, name: Name) -> dict[str, Any]:
    """Make a pot, or change its goal."""
    await audit(name, "pot")
    upsert = text(
        "INSERT INTO pots (owner, name, goal) VALUES (:owner, :name, :goal)"
        " ON CONFLICT (owner, name) DO UPDATE SET goal = excluded.goal"
    )
    async with engine.begin() as connection:
        await connection.execute(upsert, {"owner": name, "name": pot, "goal": wanted.goal})
    return {"name": pot, "goal": wanted.goal}


@app.post("/pots/{pot}/deposits", status_code=201)
async def save(pot: str, deposit: Deposit, name: Name, key: Key) -> dict[str, Any]:
    """Move money from an account into one of its owner's pots."""
    await audit(name, "deposit")

    async def work(connection: AsyncConnection) -> dict[str, Any]:
        await move(connection, name, -deposit.amount)
        put = text("UPDATE pots SET saved = saved + :amount WHERE owner = :owner AND name = :name RETURNING saved")
        saved = await connection.scalar(put, {"owner": name, "name": pot, "amount": deposit.amount})
        if saved is None:
            raise HTTPException(404)
        return {"name": pot, "saved": saved}

    return await once(name, key, work)
