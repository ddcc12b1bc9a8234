"""The carrier, as far as the shop uses it."""

from fastapi import FastAPI

carrier = FastAPI()


@carrier.get("/v1/prices")
def price(grams: int) -> dict[str, int]:
    """What a parcel of this weight costs."""
    return {"cents": 490 if grams < 2000 else 890}
