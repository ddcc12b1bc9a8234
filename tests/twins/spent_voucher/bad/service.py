"""Orders of tickets, some with a voucher (SQLAlchemy's ORM over sqlite3).

Modelled on https://github.com/pretix/pretix/issues/165: an order that is cancelled leaves its voucher spent.
"""

import os
import secrets

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel
from sqlalchemy import ForeignKey, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

app = FastAPI()
engine = create_engine(os.environ["DATABASE_URL"])


class Table(DeclarativeBase):
    """The tables of the service."""


class Voucher(Table):
    """A price that is offered to a few."""

    __tablename__ = "vouchers"
    code: Mapped[str] = mapped_column(primary_key=True)
    cents: Mapped[int]
    most: Mapped[int]
    redeemed: Mapped[int] = mapped_column(default=0)


class Order(Table):
    """A ticket for a guest."""

    __tablename__ = "orders"
    code: Mapped[str] = mapped_column(primary_key=True)
    guest: Mapped[str]
    cents: Mapped[int]
    voucher: Mapped[str | None] = mapped_column(ForeignKey("vouchers.code"))


Table.metadata.create_all(engine)
with Session(engine) as first, first.begin():
    if first.get(Voucher, "FRIENDS") is None:
        first.add(Voucher(code="FRIENDS", cents=1900, most=3))


class Wish(BaseModel):
    """Who wants a ticket, and the voucher."""

    guest: str
    voucher: str | None = None


@app.post("/orders", status_code=201)
def order(wish: Wish) -> dict[str, str | int]:
    """Sell a ticket."""
    with Session(engine) as session, session.begin():
        cents = 2900
        if wish.voucher:
            voucher = session.get(Voucher, wish.voucher)
            if voucher is None or voucher.redeemed >= voucher.most:
                raise HTTPException(409, "the voucher has been used up")
            voucher.redeemed += 1
            cents = voucher.cents
        made = Order(code=secrets.token_hex(8), guest=wish.guest, cents=cents, voucher=wish.voucher)
        session.add(made)
        return {"code": made.code, "cents": cents}


@app.delete("/orders/{code}", status_code=204)
def cancel(code: str) -> None:
    """Cancel an order."""
    with Session(engine) as session, session.begin():
        found = session.get(Order, code)
        if found is None:
            raise HTTPException(404)
        session.delete(found)


@app.get("/orders/{code}")
def show(code: str) -> dict[str, str | int]:
    """An order."""
    with Session(engine) as session:
        found = session.scalars(select(Order).where(Order.code == code)).one_or_none()
        if found is None:
            raise HTTPException(404)
        return {"guest": found.guest, "cents": found.cents}
