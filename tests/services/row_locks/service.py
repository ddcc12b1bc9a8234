"""A theatre with row locks and a budget with serializable transactions (SQLAlchemy async, asyncpg)."""

import hmac
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, FastAPI, Header, HTTPException
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

SECRET = os.environ["SECRET_KEY"].encode()
SERIALIZATION_FAILURE = "40001"
TRIES = 5
engine = create_async_engine(os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+asyncpg://", 1))
serializable = engine.execution_options(isolation_level="SERIALIZABLE")


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Close the pool's connections at the end."""
    yield
    await engine.dispose()


app = FastAPI(lifespan=lifespan)


class Person(BaseModel):
    """Who signs in."""

    name: str


class Booking(BaseModel):
    """A wish for a seat; the reference is the guest's own."""

    reference: str


class Expense(BaseModel):
    """Money spent; the reference is the guest's own."""

    reference: str
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


async def serialized(work: Callable[[AsyncConnection], Awaitable[None]]) -> None:
    """Do some work in a serializable transaction, again when Postgres found no order for it."""
    for left in reversed(range(TRIES)):
        try:
            async with serializable.begin() as connection:
                await work(connection)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) != SERIALIZATION_FAILURE or not left:
                raise
        else:
            return


@app.post("/sessions")
async def sign_in(person: Person) -> dict[str, str]:
    """Give a token to anybody who says a name: this is a test service, not a bank."""
    return {"token": token_of(person.name)}


@app.post("/shows/{show_id}/bookings", status_code=201)
async def book(show_id: int, booking: Booking, name: Name) -> dict[str, str]:
    """Book a seat, once for each reference of a guest, as long as there are some."""
    mine = {"guest": name, "reference": booking.reference}
    async with engine.begin() as connection:
        left = await connection.scalar(
            text("SELECT seats_left FROM shows WHERE id = :show FOR UPDATE"), {"show": show_id}
        )
        known = text("SELECT 1 FROM bookings WHERE guest = :guest AND reference = :reference")
        if await connection.scalar(known, mine):
            return {"reference": booking.reference}
        if not left:
            raise HTTPException(409, "sold out")
        await connection.execute(
            text("INSERT INTO bookings (show_id, guest, reference) VALUES (:show, :guest, :reference)"),
            {"show": show_id, **mine},
        )
        await connection.execute(
            text("UPDATE shows SET seats_left = :left WHERE id = :show"), {"show": show_id, "left": left - 1}
        )
    return {"reference": booking.reference}


@app.post("/bookings/{reference}/cancel")
async def cancel(reference: str, name: Name) -> dict[str, str]:
    """Give a seat back, once."""
    find = text("SELECT show_id, status FROM bookings WHERE guest = :guest AND reference = :reference FOR UPDATE")
    mine = {"guest": name, "reference": reference}
    async with engine.begin() as connection:
        booking = (await connection.execute(find, mine)).one_or_none()
        if booking is None:
            raise HTTPException(404)
        if booking.status == "booked":
            await connection.execute(
                text("UPDATE bookings SET status = 'cancelled' WHERE guest = :guest AND reference = :reference"), mine
            )
            await connection.execute(
                text("UPDATE shows SET seats_left = seats_left + 1 WHERE id = :show"), {"show": booking.show_id}
            )
    return {"status": "cancelled"}


@app.get("/shows/{show_id}")
async def show(show_id: int) -> dict[str, int | None]:
    """Say how many seats are left."""
    async with engine.connect() as connection:
        left = await connection.scalar(text("SELECT seats_left FROM shows WHERE id = :show"), {"show": show_id})
    return {"seats_left": left}


@app.post("/teams/{team_id}/expenses", status_code=201)
async def expense(team_id: int, spent: Expense, name: Name) -> dict[str, int | str]:
    """Enter an expense, once for each reference of a guest, within the team's budget."""
    mine = {"team": team_id, "guest": name, **spent.model_dump()}

    async def work(connection: AsyncConnection) -> None:
        known = text("SELECT 1 FROM expenses WHERE guest = :guest AND reference = :reference")
        if await connection.scalar(known, {"guest": name, "reference": spent.reference}):
            return
        left = text(
            "SELECT budget - (SELECT sum(amount) FROM expenses WHERE team_id = :team) FROM teams WHERE id = :team"
        )
        if (await connection.scalar(left, {"team": team_id}) or 0) < spent.amount:
            raise HTTPException(409, "over budget")
        await connection.execute(
            text(
                "INSERT INTO expenses (team_id, guest, reference, amount) VALUES (:team, :guest, :reference, :amount)"
            ),
            mine,
        )

    await serialized(work)
    return spent.model_dump()


@app.get("/teams/{team_id}")
async def team(team_id: int) -> dict[str, int | None]:
    """Say what a team has spent."""
    async with engine.connect() as connection:
        total = await connection.scalar(
            text("SELECT sum(amount) FROM expenses WHERE team_id = :team"), {"team": team_id}
        )
    return {"spent": total}
