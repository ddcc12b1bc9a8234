"""Books and their loans (SQLAlchemy's ORM over sqlite3; the tables are made while it is imported)."""

import os

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel
from sqlalchemy import Connection, ForeignKey, UniqueConstraint, create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

app = FastAPI()
engine = create_engine(os.environ["DATABASE_URL"])


@event.listens_for(engine, "connect")
def leave_transactions_to_us(connection: object, record: object) -> None:
    """As SQLAlchemy's documentation says, so that reading belongs to the transaction."""
    connection.isolation_level = None


@event.listens_for(engine, "begin")
def begin(connection: Connection) -> None:
    """Begin one, and wait for its turn to write."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


class Table(DeclarativeBase):
    """The tables of the service."""


class Book(Table):
    """A book, and how many copies are there."""

    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)
    copies: Mapped[int]


class Loan(Table):
    """A copy, lent to a reader."""

    __tablename__ = "loans"
    __table_args__ = (UniqueConstraint("book_id", "reader"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    book_id: Mapped[int] = mapped_column(ForeignKey("books.id"))
    reader: Mapped[str]


Table.metadata.create_all(engine)
with Session(engine) as first, first.begin():
    if first.get(Book, 1) is None:
        first.add(Book(id=1, copies=3))


class Wish(BaseModel):
    """Who wants the book."""

    reader: str


@app.post("/books/{book_id}/loans", status_code=201)
def lend(book_id: int, wish: Wish) -> dict[str, str]:
    """Lend a copy, one to each reader."""
    with Session(engine) as session, session.begin():
        book = session.get(Book, book_id)
        if book is None:
            raise HTTPException(404)
        lent = session.scalar(select(Loan).where(Loan.book_id == book_id, Loan.reader == wish.reader))
        if lent is None:
            if not book.copies:
                raise HTTPException(409, "all copies are lent")
            session.add(Loan(book_id=book_id, reader=wish.reader))
            book.copies -= 1
    return {"reader": wish.reader}


@app.get("/books/{book_id}")
def show(book_id: int) -> dict[str, int]:
    """Show how many copies are there."""
    with Session(engine) as session:
        book = session.get(Book, book_id)
        if book is None:
            raise HTTPException(404)
        return {"copies": book.copies}
