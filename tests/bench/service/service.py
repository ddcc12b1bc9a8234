"""A shop as teams write it: FastAPI, SQLAlchemy 2 (async), psycopg 3. An order takes four transactions.

Each may be sent again: the reference is the idempotency key of all four.
"""

import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, FastAPI, Header, HTTPException, Query
from pydantic import BaseModel, Field
from sqlalchemy import ForeignKey, UniqueConstraint, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, selectinload

engine = create_async_engine(os.environ["DATABASE_URL"])
Session = async_sessionmaker(engine, expire_on_commit=False)
app = FastAPI(title="shop")


class Base(DeclarativeBase):
    pass


class Shopper(Base):
    __tablename__ = "shoppers"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    token: Mapped[str] = mapped_column(unique=True)


class Product(Base):
    __tablename__ = "products"
    id: Mapped[int] = mapped_column(primary_key=True)
    sku: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    price: Mapped[int]
    stock: Mapped[int]


class Order(Base):
    __tablename__ = "orders"
    __table_args__ = (UniqueConstraint("shopper_id", "reference"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    shopper_id: Mapped[int] = mapped_column(ForeignKey("shoppers.id"))
    reference: Mapped[str]
    note: Mapped[str]
    status: Mapped[str] = mapped_column(default="placed")
    placed_at: Mapped[datetime] = mapped_column(server_default=func.now())
    lines: Mapped[list["OrderLine"]] = relationship(back_populates="order", order_by="OrderLine.id")


class OrderLine(Base):
    __tablename__ = "order_lines"
    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    quantity: Mapped[int]
    price: Mapped[int]
    order: Mapped[Order] = relationship(back_populates="lines")
    product: Mapped[Product] = relationship()


class Reservation(Base):
    __tablename__ = "reservations"
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    units: Mapped[int]


class Payment(Base):
    __tablename__ = "payments"
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    amount: Mapped[int]


class Mail(Base):
    __tablename__ = "mails"
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    text: Mapped[str]


class LineIn(BaseModel):
    sku: str = Field(min_length=1, max_length=40)
    quantity: int = Field(gt=0, le=100)


class OrderIn(BaseModel):
    reference: str = Field(min_length=4, max_length=80)
    lines: list[LineIn] = Field(min_length=1, max_length=50)
    note: str = Field(default="", max_length=500)


class ProductOut(BaseModel):
    sku: str
    title: str
    price: int


class LineOut(BaseModel):
    sku: str
    title: str
    quantity: int
    price: int


class OrderOut(BaseModel):
    id: int
    reference: str
    status: str
    placed_at: datetime
    amount: int
    lines: list[LineOut]


async def session() -> AsyncIterator[AsyncSession]:
    async with Session() as opened:
        yield opened


Database = Annotated[AsyncSession, Depends(session)]


async def shopper(database: Database, authorization: Annotated[str, Header()]) -> Shopper:
    found = await database.scalar(select(Shopper).where(Shopper.token == authorization.removeprefix("Bearer ")))
    if found is None:
        raise HTTPException(401, "who are you?")
    return found


Known = Annotated[Shopper, Depends(shopper)]


@app.get("/alive")
async def alive() -> dict[str, str]:
    return {"status": "alive", "at": datetime.now(UTC).isoformat()}


@app.get("/products")
async def products(database: Database, who: Known, limit: Annotated[int, Query(le=100)] = 50) -> list[ProductOut]:
    found = await database.scalars(select(Product).order_by(Product.sku).limit(limit))
    return [ProductOut.model_validate(each, from_attributes=True) for each in found]


@app.post("/orders", status_code=201)
async def place(wanted: OrderIn, database: Database, who: Known) -> OrderOut:
    order = await placed(database, who.id, wanted)
    await reserve(database, order)
    await pay(database, order)
    await tell(database, order)
    return OrderOut(
        id=order.id,
        reference=order.reference,
        status=order.status,
        placed_at=order.placed_at,
        amount=amount(order),
        lines=[
            LineOut(sku=line.product.sku, title=line.product.title, quantity=line.quantity, price=line.price)
            for line in order.lines
        ],
    )


def amount(order: Order) -> int:
    return sum(line.quantity * line.price for line in order.lines)


async def placed(database: AsyncSession, shopper_id: int, wanted: OrderIn) -> Order:
    """First transaction: the order with its lines."""
    known = (
        select(Order)
        .where(Order.shopper_id == shopper_id, Order.reference == wanted.reference)
        .options(selectinload(Order.lines).joinedload(OrderLine.product))
    )
    if (order := await database.scalar(known)) is not None:
        await database.commit()
        return order
    skus = [line.sku for line in wanted.lines]
    catalogue = {each.sku: each for each in await database.scalars(select(Product).where(Product.sku.in_(skus)))}
    if missing := set(skus) - set(catalogue):
        raise HTTPException(422, f"no such product: {', '.join(sorted(missing))}")
    order = Order(shopper_id=shopper_id, reference=wanted.reference, note=wanted.note)
    for line in wanted.lines:
        product = catalogue[line.sku]
        order.lines.append(OrderLine(product=product, quantity=line.quantity, price=product.price))
    database.add(order)
    await database.commit()
    return order


async def reserve(database: AsyncSession, order: Order) -> None:
    """Second transaction: the stock goes down, once."""
    units = sum(line.quantity for line in order.lines)
    fresh = (
        insert(Reservation).values(order_id=order.id, units=units).on_conflict_do_nothing().returning(Reservation.units)
    )
    if await database.scalar(fresh) is not None:
        for line in sorted(order.lines, key=lambda line: line.product_id):
            taken = update(Product).where(Product.id == line.product_id).values(stock=Product.stock - line.quantity)
            await database.execute(taken)
    await database.commit()


async def pay(database: AsyncSession, order: Order) -> None:
    """Third transaction: the payment is noted and the order paid."""
    await database.execute(insert(Payment).values(order_id=order.id, amount=amount(order)).on_conflict_do_nothing())
    order.status = "paid"
    await database.commit()


async def tell(database: AsyncSession, order: Order) -> None:
    """Fourth transaction: a mail waits to be sent."""
    text = f"Order {order.reference}: {len(order.lines)} lines, {amount(order) / 100:.2f}"
    await database.execute(insert(Mail).values(order_id=order.id, text=text).on_conflict_do_nothing())
    await database.commit()
