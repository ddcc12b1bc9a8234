"""What stands on sqlite3 crosses the border as itself does: aiosqlite, SQLAlchemy over both, Django's ORM."""

# The programs are written here, nothing in them comes from outside.
# ruff: noqa: S608

import sys
from pathlib import Path

import pytest

from tests.worlds.zygote.test_sqlite_hook import OPEN, Transcript, crossed

CLOSE = "connection.close()\n"
ORM = """
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
class Table(DeclarativeBase):
    pass
class A(Table):
    __tablename__ = "a"
    id: Mapped[int] = mapped_column(primary_key=True)
    t: Mapped[str]
"""
INSERT = "INSERT INTO a (t) VALUES (…) wrote insert a"


def told(folder: Path, program: str, expect: str = "") -> Transcript:
    return crossed(sys.executable, folder, OPEN + CLOSE + program, expect=expect)


@pytest.mark.parametrize("journal", ["delete", "wal"])
def test_aiosqlite(tmp_path: Path, journal: str) -> None:
    program = f"""
import asyncio, aiosqlite
async def main():
    async with aiosqlite.connect(FILE) as connection:
        await connection.execute("PRAGMA journal_mode = {journal}")
        await connection.execute("INSERT INTO a (t) VALUES (?)", ("x",))
        await connection.commit()
        await connection.executemany("INSERT INTO a (t) VALUES (?)", [("y",), ("z",)])
        await connection.rollback()
        async with connection.execute("SELECT t FROM a") as cursor:
            print(await cursor.fetchall())
asyncio.run(main())
"""
    assert told(tmp_path, program, "[('x',)]") == [
        INSERT,
        "COMMIT durable",
        INSERT,
        "ROLLBACK",
        "SELECT t FROM a",
    ]


def test_sqlalchemys_orm(tmp_path: Path) -> None:
    program = f"""{ORM}
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session
engine = create_engine("sqlite:///" + FILE)
with Session(engine) as session, session.begin():
    session.add(A(t="x"))
    session.add(A(t="y"))
with Session(engine) as session:
    print(session.scalars(select(A.t)).all())
    session.add(A(t="z"))
    session.flush()
    session.rollback()
with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
    connection.exec_driver_sql("DELETE FROM a")
engine.dispose()
"""
    crossing = told(tmp_path, program, "['x', 'y']")
    writing = dict.fromkeys(line.partition(" ")[0] for line in crossing if "wrote" in line)
    assert list(writing) == ["INSERT", "DELETE"]
    assert [line for line in crossing if line.endswith("durable")] == [
        "COMMIT durable",
        "DELETE FROM a wrote delete a durable",
    ]


def test_sqlalchemy_over_aiosqlite(tmp_path: Path) -> None:
    program = f"""{ORM}
import asyncio
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
async def main():
    engine = create_async_engine("sqlite+aiosqlite:///" + FILE)
    async with AsyncSession(engine) as session, session.begin():
        session.add_all([A(t="x"), A(t="y")])
    async with AsyncSession(engine) as session:
        print(await session.scalar(select(func.count()).select_from(A)))
    await engine.dispose()
asyncio.run(main())
"""
    crossing = told(tmp_path, program, "2")
    assert [line for line in crossing if line.endswith("durable")] == ["COMMIT durable"]


def test_djangos_orm(tmp_path: Path) -> None:
    program = """
from django.conf import settings
settings.configure(DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": FILE}}, USE_TZ=True)
import django
django.setup()
from django.db import connection, models, transaction
class A(models.Model):
    id = models.AutoField(primary_key=True)
    t = models.TextField()
    class Meta:
        app_label, db_table = "shop", "a"
A.objects.create(t="%s")
try:
    with transaction.atomic():
        A.objects.create(t="y")
        with transaction.atomic():
            A.objects.filter(t="y").update(t="z")
        raise KeyError
except KeyError:
    pass
with transaction.atomic():
    A.objects.all().delete()
print(A.objects.count())
connection.close()
"""
    crossing = told(tmp_path, program, "0")
    writes = [line.partition(" wrote ")[2] for line in crossing if "wrote" in line]
    assert writes == ["insert a durable", "insert a", "update a", "delete a"]
    assert [line for line in crossing if line.endswith("durable") and "wrote" not in line] == ["COMMIT durable"]
