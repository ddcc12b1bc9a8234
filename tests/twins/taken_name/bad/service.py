"""Users with unique names and a profile each (SQLAlchemy async, psycopg).

Modelled on sunscrapers/djoser #190: two requests at once pass the look-up, and the second is answered 500.
"""

import os

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

app = FastAPI()
engine = create_async_engine(os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://", 1))


class User(BaseModel):
    """Who takes a name."""

    name: str


@app.post("/users", status_code=201)
async def take(user: User) -> dict[str, str]:
    """Take a name that is free."""
    name = {"name": user.name}
    async with engine.begin() as connection:
        if await connection.scalar(text("SELECT 1 FROM users WHERE name = :name"), name):
            raise HTTPException(409, "this name is taken")
        user_id = await connection.scalar(text("INSERT INTO users (name) VALUES (:name) RETURNING id"), name)
        await connection.execute(text("INSERT INTO profiles (user_id) VALUES (:id)"), {"id": user_id})
    return name


@app.get("/users/{name}")
async def profile(name: str) -> dict[str, str]:
    """Show a profile."""
    query = "SELECT bio FROM profiles JOIN users ON users.id = user_id WHERE name = :name"
    async with engine.connect() as connection:
        bio = await connection.scalar(text(query), {"name": name})
    if bio is None:
        raise HTTPException(404)
    return {"name": name, "bio": bio}
