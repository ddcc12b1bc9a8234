"""Courses that send their students a digest, mail by mail (psycopg async, one connection a request).

Modelled on hypothesis/lms #5346: a batch of e-mails was delivered again after its worker had been killed half-way.
"""

import os

import psycopg
from fastapi import FastAPI

app = FastAPI()
URL = os.environ["DATABASE_URL"]


@app.post("/courses/{course_id}/digest", status_code=202)
async def send_digest(course_id: int) -> dict[str, bool]:
    """Write a mail for each student of the course, each in a transaction of its own: a course may be large."""
    async with await psycopg.AsyncConnection.connect(URL, autocommit=True) as connection:
        course = await connection.execute("SELECT digest_sent FROM courses WHERE id = %s", [course_id])
        if await course.fetchone() == (True,):
            return {"sent": True}
        students = await connection.execute("SELECT email FROM students WHERE course_id = %s ORDER BY 1", [course_id])
        for (email,) in await students.fetchall():
            await connection.execute("INSERT INTO mails (course_id, recipient) VALUES (%s, %s)", [course_id, email])
        await connection.execute("UPDATE courses SET digest_sent = true WHERE id = %s", [course_id])
    return {"sent": True}


@app.get("/courses/{course_id}/mails")
async def mails(course_id: int) -> list[str]:
    """Name everybody who was written to."""
    async with await psycopg.AsyncConnection.connect(URL, autocommit=True) as connection:
        rows = await connection.execute("SELECT recipient FROM mails WHERE course_id = %s ORDER BY 1", [course_id])
        return [recipient for (recipient,) in await rows.fetchall()]
