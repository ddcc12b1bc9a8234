"""Calibrations of robots (FastAPI, sqlite3 on threads).

Modelled on https://github.com/Opentrons/opentrons/issues/6374: moments are told without their time zone.
"""

import os
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI()


class Offset(BaseModel):
    """How far a tool is off, in millimetres."""

    x: float
    y: float


class Calibration(BaseModel):
    """An offset, and when it was measured."""

    id: uuid.UUID
    offset: Offset
    last_modified: datetime


@contextmanager
def database() -> Iterator[sqlite3.Connection]:
    """A connection for one request."""
    with closing(sqlite3.connect(os.environ["DATABASE"])) as connection, connection:
        yield connection


@app.post("/calibrations", status_code=201)
def calibrate(offset: Offset) -> Calibration:
    """Keep what was measured."""
    calibration = Calibration(id=uuid.uuid4(), offset=offset, last_modified=datetime.utcnow())
    with database() as connection:
        connection.execute(
            "INSERT INTO calibrations VALUES (?, ?, ?, ?)",
            (str(calibration.id), offset.x, offset.y, calibration.last_modified.isoformat()),
        )
    return calibration


@app.get("/calibrations/{calibration}")
def show(calibration: uuid.UUID) -> Calibration:
    """One calibration."""
    with database() as connection:
        row = connection.execute(
            "SELECT x, y, modified FROM calibrations WHERE id = ?", (str(calibration),)
        ).fetchone()
    if row is None:
        raise HTTPException(404)
    return Calibration(id=calibration, offset=Offset(x=row[0], y=row[1]), last_modified=row[2])
