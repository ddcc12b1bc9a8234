"""Statements of accounts, as files of comma-separated values (FastAPI, sqlite3).

Modelled on https://github.com/seung-lab/cloud-files/issues/130: a file is there when it is whole.
"""

import csv
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import NamedTemporaryFile

from fastapi import FastAPI, HTTPException
from fastapi.responses import FileResponse
from pydantic import BaseModel

app = FastAPI()
media = Path(os.environ["MEDIA"])


class Wanted(BaseModel):
    """Whose statement is wanted."""

    account: str


def connect() -> sqlite3.Connection:
    """A connection of this request's own."""
    return sqlite3.connect(os.environ["DATABASE_URL"].removeprefix("sqlite:///"))


def write_statement(connection: sqlite3.Connection, account: str) -> Path:
    """Write the entries of an account; they never change, and so need be written once."""
    path = media / "statements" / f"{account}.csv"
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        with NamedTemporaryFile("w", newline="", dir=path.parent, delete=False) as file:
            lines = csv.writer(file)
            lines.writerow(["text", "cents"])
            lines.writerows(
                connection.execute("SELECT text, cents FROM entries WHERE account = ? ORDER BY id", [account])
            )
        Path(file.name).replace(path)
    return path


@app.post("/statements", status_code=201)
def state(wanted: Wanted) -> dict[str, str]:
    """Write a statement, and note where it is."""
    with closing(connect()) as connection, connection:
        path = write_statement(connection, wanted.account)
        connection.execute(
            "INSERT INTO statements (account, path) VALUES (?, ?) ON CONFLICT DO NOTHING",
            [wanted.account, str(path.relative_to(media))],
        )
    return {"account": wanted.account}


@app.get("/statements/{account}")
def read(account: str) -> FileResponse:
    """A statement."""
    with closing(connect()) as connection:
        row = connection.execute("SELECT path FROM statements WHERE account = ?", [account]).fetchone()
    if row is None:
        raise HTTPException(404)
    return FileResponse(media / row[0], media_type="text/csv")
