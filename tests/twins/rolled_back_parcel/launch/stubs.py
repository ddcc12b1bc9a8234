"""The carrier, as far as the shop uses it."""

import uuid

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route


async def ship(request: Request) -> JSONResponse:
    """Take a parcel."""
    shipment = {"id": str(uuid.uuid4()), "to": (await request.json())["reference"]}
    return JSONResponse(shipment, status_code=201)


carrier = Starlette(routes=[Route("/v1/shipments", ship, methods=["POST"])])
