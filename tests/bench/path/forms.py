"""What clients send: the six fields of each step, each with its type and its bounds."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


def _near(day: date) -> date:
    if not date(2020, 1, 1) <= day <= date(2099, 12, 31):
        raise ValueError("is not of this century's plans")
    return day


Id = Annotated[int, Field(ge=1, le=2_147_483_647)]
Key = Annotated[str, Field(pattern=r"^[a-z0-9-]{4,40}$")]
Line = Annotated[str, Field(pattern=r"^[^\x00-\x1f]{1,120}$")]
Cents = Annotated[int, Field(ge=1, le=100_000_000)]
Count = Annotated[int, Field(ge=1, le=10_000)]
Day = Annotated[date, AfterValidator(_near)]


class Currency(StrEnum):
    EUR = "EUR"
    CHF = "CHF"
    USD = "USD"


class Department(StrEnum):
    WORKSHOP = "workshop"
    KITCHEN = "kitchen"
    OFFICE = "office"


class Unit(StrEnum):
    PIECE = "piece"
    BOX = "box"
    METRE = "metre"


class Country(StrEnum):
    DE = "DE"
    CH = "CH"
    AT = "AT"


class Risk(StrEnum):
    LOW = "low"
    HIGH = "high"


class Terms(StrEnum):
    DELIVERED = "DAP"
    EX_WORKS = "EXW"


class Carrier(StrEnum):
    POST = "post"
    RAIL = "rail"
    LORRY = "lorry"


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Wanted(Form):
    reference: Key
    title: Line
    department: Department
    needed_by: Day
    budget_cents: Cents
    currency: Currency


class Item(Form):
    position: Annotated[int, Field(ge=1, le=99)]
    sku: Key
    quantity: Count
    unit: Unit
    price_cents: Cents
    note: Line


class Delivery(Form):
    recipient: Line
    street: Line
    city: Line
    postcode: Annotated[str, Field(pattern=r"^[0-9]{4,5}$")]
    country: Country
    floor: Annotated[int, Field(ge=-5, le=200)]


class Enquiry(Form):
    sku: Key
    quantity: Count
    currency: Currency
    express: bool
    wanted_on: Day
    contact: Line


class Submission(Form):
    approver: Key
    reason: Line
    urgency: Annotated[int, Field(ge=1, le=5)]
    decide_by: Day
    confidential: bool
    project: Key


class Decision(Form):
    approved: bool
    limit_cents: Cents
    cost_centre: Key
    valid_until: Day
    conditions: Line
    risk: Risk


class Placement(Form):
    terms: Terms
    payment_days: Annotated[int, Field(ge=0, le=120)]
    partial: bool
    ship_by: Day
    contact: Line
    remark: Line


class Shipment(Form):
    carrier: Carrier
    tracking: Key
    parcels: Count
    weight_grams: Cents
    expected_on: Day
    insured: bool


class Receipt(Form):
    received_on: Day
    parcels: Count
    damaged: Annotated[int, Field(ge=0, le=10_000)]
    complete: bool
    place: Line
    remark: Line


class Invoice(Form):
    number: Key
    amount_cents: Cents
    currency: Currency
    due_on: Day
    vat_percent: Annotated[int, Field(ge=0, le=30)]
    paid: bool
