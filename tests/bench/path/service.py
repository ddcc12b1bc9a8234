"""Purchasing: a buyer asks for something, an approver decides, it is ordered, shipped, received and invoiced.

Each step says what is to stand there, so it may be sent again: rows are put, a reference names a request, and the
supplier is sent the same key.
"""

from dataclasses import dataclass
from typing import Annotated, Any

import asyncpg
from borders import FAILURES, held, invalid, unavailable
from fastapi import Depends, FastAPI, HTTPException, Path
from fastapi.exceptions import RequestValidationError
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from forms import Decision, Delivery, Enquiry, Form, Invoice, Item, Placement, Receipt, Shipment, Submission, Wanted

app = FastAPI(title="purchasing", lifespan=held)
for failure in FAILURES:
    app.add_exception_handler(failure, unavailable)
app.add_exception_handler(RequestValidationError, invalid)

Database = asyncpg.Connection | asyncpg.Pool
Number = Annotated[int, Path(ge=1, le=2_147_483_647)]
Answer = dict[str, Any]


@dataclass
class Person:
    """Who asks, by the session that the token names; the role is the column of a request in which the name stands."""

    name: str
    role: str


async def person(bearer: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]) -> Person:
    session = await app.state.sessions.hgetall(f"session:{bearer.credentials}")
    if not session:
        raise HTTPException(401, "Sign in.", {"WWW-Authenticate": "Bearer"})
    return Person(session["name"], session["role"])


async def buyer(anyone: Annotated[Person, Depends(person)]) -> Person:
    if anyone.role != "buyer":
        raise HTTPException(403, "This is for buyers.")
    return anyone


async def approver(anyone: Annotated[Person, Depends(person)]) -> Person:
    if anyone.role != "approver":
        raise HTTPException(403, "This is for approvers.")
    return anyone


Buyer = Annotated[Person, Depends(buyer)]
Approver = Annotated[Person, Depends(approver)]


async def put(database: Database, table: str, key: str, request: int, who: Person, state: str, row: Answer) -> None:
    """Let this row stand there, whatever stood there before: of a request that is theirs, and in this state."""
    columns = ", ".join(row)
    places = ", ".join(f"${place}" for place, _ in enumerate(row, 4))
    changes = ", ".join(f"{column} = excluded.{column}" for column in row)
    done = await database.execute(
        f"INSERT INTO {table} (request_id, {columns}) SELECT id, {places} FROM requests "  # noqa: S608  # names of ours
        f"WHERE id = $1 AND {who.role} = $2 AND state = $3 ON CONFLICT ({key}) DO UPDATE SET {changes}",
        request,
        who.name,
        state,
        *row.values(),
    )
    if done == "INSERT 0 0":
        raise HTTPException(404, f"There is no such request that is {state}.")


async def put_form(database: Database, table: str, request: int, who: Person, state: str, form: Form) -> None:
    await put(database, table, "request_id", request, who, state, form.model_dump())


async def state_of(database: asyncpg.Connection, request: int, who: Person) -> str | None:
    """The state of a request that is theirs, which is locked until the transaction ends."""
    query = f"SELECT state FROM requests WHERE id = $1 AND {who.role} = $2 FOR UPDATE"  # noqa: S608  # likewise
    return await database.fetchval(query, request, who.name)


def in_state(state: str | None, *states: str) -> str:
    if state is None:
        raise HTTPException(404, "There is no such request.")
    if state not in states:
        raise HTTPException(409, f"The request is {state}.")
    return state


@app.post("/requests", status_code=201)
async def ask(wanted: Wanted, buyer: Buyer) -> Answer:
    """Begin a request; the same reference again is the same request."""
    query = """
        INSERT INTO requests (buyer, reference, title, department, needed_by, budget_cents, currency)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (buyer, reference) DO UPDATE SET reference = excluded.reference RETURNING id
    """
    request = await app.state.pool.fetchval(query, buyer.name, *wanted.model_dump().values())
    return {"id": request, "reference": wanted.reference}


@app.post("/requests/{request}/items", status_code=201)
async def add(request: Number, item: Item, buyer: Buyer) -> Answer:
    """Put something at a position of the request."""
    await put(app.state.pool, "items", "request_id, position", request, buyer, "draft", item.model_dump())
    return {"position": item.position, "amount_cents": item.quantity * item.price_cents}


@app.put("/requests/{request}/delivery")
async def deliver(request: Number, delivery: Delivery, buyer: Buyer) -> Delivery:
    """Say where it is wanted."""
    await put_form(app.state.pool, "deliveries", request, buyer, "draft", delivery)
    return delivery


@app.put("/requests/{request}/quote")
async def quote(request: Number, enquiry: Enquiry, buyer: Buyer) -> Answer:
    """Ask the supplier what it costs."""
    answer = await app.state.supplier.get(f"/prices/{enquiry.sku}", params={"quantity": enquiry.quantity})
    price = answer.raise_for_status().json()["price_cents"]
    row = {**enquiry.model_dump(), "price_cents": price}
    await put(app.state.pool, "quotes", "request_id", request, buyer, "draft", row)
    return {"sku": enquiry.sku, "price_cents": price}


@app.post("/requests/{request}/submission")
async def submit(request: Number, submission: Submission, buyer: Buyer) -> Answer:
    """Hand it to the approver, in whose inbox it stands then."""
    change = "UPDATE requests SET state = 'submitted', approver = $2 WHERE id = $1"
    async with app.state.pool.acquire() as database, database.transaction():
        state = in_state(await state_of(database, request, buyer), "draft", "submitted")
        await put_form(database, "submissions", request, buyer, state, submission)
        await database.execute(change, request, submission.approver)
    await app.state.sessions.sadd(f"inbox:{submission.approver}", request)
    return {"state": "submitted"}


@app.post("/requests/{request}/decision")
async def decide(request: Number, decision: Decision, approver: Approver) -> Answer:
    """Approve it or decline it; it is out of the inbox then."""
    decided = "approved" if decision.approved else "declined"
    async with app.state.pool.acquire() as database, database.transaction():
        state = in_state(await state_of(database, request, approver), "submitted", "approved", "declined")
        await put_form(database, "decisions", request, approver, state, decision)
        await database.execute("UPDATE requests SET state = $2 WHERE id = $1", request, decided)
    await app.state.sessions.srem(f"inbox:{approver.name}", request)
    return {"state": decided}


@app.post("/requests/{request}/order", status_code=201)
async def order(request: Number, placement: Placement, buyer: Buyer) -> Answer:
    """Order it from the supplier, who knows the request's key and delivers once."""
    async with app.state.pool.acquire() as database, database.transaction():
        state = in_state(await state_of(database, request, buyer), "approved", "ordered")
        body = placement.model_dump(mode="json")
        answer = await app.state.supplier.post("/orders", json=body, headers={"Idempotency-Key": f"request-{request}"})
        number = answer.raise_for_status().json()["number"]
        row = {**placement.model_dump(), "number": number}
        await put(database, "orders", "request_id", request, buyer, state, row)
        await database.execute("UPDATE requests SET state = 'ordered' WHERE id = $1", request)
    return {"number": number, "state": "ordered"}


@app.put("/requests/{request}/shipment")
async def ship(request: Number, shipment: Shipment, buyer: Buyer) -> Shipment:
    """Say how it comes."""
    await put_form(app.state.pool, "shipments", request, buyer, "ordered", shipment)
    return shipment


@app.put("/requests/{request}/receipt")
async def receive(request: Number, receipt: Receipt, buyer: Buyer) -> Receipt:
    """Say that it is there."""
    await put_form(app.state.pool, "receipts", request, buyer, "ordered", receipt)
    return receipt


@app.put("/requests/{request}/invoice")
async def charge(request: Number, invoice: Invoice, approver: Approver) -> Invoice:
    """Book what is to be paid."""
    await put_form(app.state.pool, "invoices", request, approver, "ordered", invoice)
    return invoice


@app.delete("/requests/{request}", status_code=204)
async def withdraw(request: Number, buyer: Buyer) -> None:
    """Take a request back, with all that hangs on it."""
    await app.state.pool.execute("DELETE FROM requests WHERE id = $1 AND buyer = $2", request, buyer.name)
