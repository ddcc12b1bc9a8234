"""Accounts, one for each address (psycopg, endpoints on threads)."""

import os

import psycopg
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()
URL = os.environ["DATABASE_URL"]


class Account(BaseModel):
    """Who signs up."""

    email: str


@app.post("/accounts", status_code=201)
def sign_up(account: Account) -> dict[str, str]:
    """Make an account, unless there is one."""
    with psycopg.connect(URL) as connection:
        connection.execute("INSERT INTO accounts (email) VALUES (%s) ON CONFLICT DO NOTHING", [account.email])
    return {"email": account.email}


@app.get("/accounts")
def count(email: str) -> dict[str, int]:
    """Count the accounts of an address."""
    with psycopg.connect(URL) as connection:
        return {"accounts": len(connection.execute("SELECT 1 FROM accounts WHERE email = %s", [email]).fetchall())}
