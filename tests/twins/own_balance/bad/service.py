"""Prepaid accounts (FastAPI, psycopg).

Modelled on linagora/openrag #474 (https://github.com/linagora/openrag/pull/474): whatever else the body holds is kept,
too, so that anybody sets a quota, or a balance, of his own.
"""

import os
from typing import Annotated

import psycopg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from psycopg import sql
from pydantic import BaseModel, ConfigDict, Field

app = FastAPI()
COLUMNS = {"holder", "balance", "opened"}


class Account(BaseModel):
    """Who opens an account."""

    model_config = ConfigDict(extra="allow")
    holder: Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[A-Za-z .'-]+$")]


@app.exception_handler(RequestValidationError)
def refuse(_: Request, error: RequestValidationError) -> JSONResponse:
    """Say what is wrong without the value: not every value can be written as JSON."""
    return JSONResponse({"detail": [{"loc": each["loc"], "msg": each["msg"]} for each in error.errors()]}, 422)


@app.post("/accounts", status_code=201)
def open_account(account: Account) -> dict[str, int]:
    """Open an account."""
    given = {name: value for name, value in account.model_dump().items() if name in COLUMNS}
    query = sql.SQL("INSERT INTO accounts ({}) VALUES ({}) RETURNING id").format(
        sql.SQL(", ").join(map(sql.Identifier, given)), sql.SQL(", ").join(map(sql.Placeholder, given))
    )
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        (number,) = connection.execute(query, given).fetchone()
    return {"id": number}
