"""Invoices that become final, and a queue of jobs that prints them (SQLAlchemy ORM, psycopg async)."""

import os

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel
from sqlalchemy import ForeignKey, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

app = FastAPI()
engine = create_async_engine(os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://", 1))
Session = async_sessionmaker(engine, expire_on_commit=False)


class Table(DeclarativeBase):
    """The tables of the service."""


class Invoice(Table):
    """An invoice; its number is the caller's own."""

    __tablename__ = "invoices"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str]
    amount: Mapped[int]
    status: Mapped[str]


class Job(Table):
    """Something that a worker does later."""

    __tablename__ = "jobs"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoices.id"))


class Draft(BaseModel):
    """What an invoice is drawn from."""

    number: str
    amount: int


@app.post("/invoices", status_code=201)
async def draw(draft: Draft) -> dict[str, int | str]:
    """Draw an invoice, once for each number."""
    async with Session.begin() as session:
        await session.execute(insert(Invoice).values(status="draft", **draft.model_dump()).on_conflict_do_nothing())
        invoice = (await session.scalars(select(Invoice).where(Invoice.number == draft.number))).one()
        return {"id": invoice.id, "number": invoice.number}


@app.post("/invoices/{invoice_id}/finalize")
async def finalize(invoice_id: int) -> dict[str, str]:
    """Make an invoice final and have it printed."""
    async with Session() as session:
        invoice = await session.get(Invoice, invoice_id, with_for_update=True)
        if invoice is None:
            raise HTTPException(404)
        if invoice.status == "draft":
            invoice.status = "final"
            session.add(Job(kind="print", invoice_id=invoice.id))
            await session.commit()
    return {"status": "final"}
