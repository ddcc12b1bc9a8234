"""Accounts that a payment provider credits by webhook (psycopg, endpoints on threads).

Modelled on Couchers-org/couchers #1664: the event's id is kept, and nobody looks whether it was there before.
"""

import os

import psycopg
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI()
URL = os.environ["DATABASE_URL"]


class Payment(BaseModel):
    """What the provider delivers, at least once."""

    event: str
    account: int
    amount: int


@app.post("/webhooks/payments")
def credit(payment: Payment) -> dict[str, bool]:
    """Credit an account."""
    with psycopg.connect(URL) as connection:
        connection.execute(
            "INSERT INTO ledger (account, event, amount) VALUES (%(account)s, %(event)s, %(amount)s)",
            payment.model_dump(),
        )
        connection.execute(
            "UPDATE accounts SET balance = balance + %(amount)s WHERE id = %(account)s", payment.model_dump()
        )
    return {"received": True}


@app.get("/accounts/{account_id}")
def read(account_id: int) -> dict[str, int]:
    """Show a balance."""
    with psycopg.connect(URL) as connection:
        row = connection.execute("SELECT balance FROM accounts WHERE id = %s", [account_id]).fetchone()
    if row is None:
        raise HTTPException(404)
    return {"balance": row[0]}
