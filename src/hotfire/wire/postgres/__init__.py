"""PostgreSQL's protocol without IO: `opening()` reads a client's first packets, `Dialogue` all that follows."""

from hotfire.wire.postgres.asks import Ask, Done, Segment, Status, Told
from hotfire.wire.postgres.dialogue import Dialogue
from hotfire.wire.postgres.startup import (
    ACCEPTED,
    AUTHENTICATION_OK,
    REFUSED,
    CancelRequest,
    GSSRequest,
    Opening,
    SSLRequest,
    Startup,
    cancel_request,
    error_response,
    opening,
    raise_statement,
    ssl_request,
    startup_message,
)

__all__ = [
    "ACCEPTED",
    "AUTHENTICATION_OK",
    "REFUSED",
    "Ask",
    "CancelRequest",
    "Dialogue",
    "Done",
    "GSSRequest",
    "Opening",
    "SSLRequest",
    "Segment",
    "Startup",
    "Status",
    "Told",
    "cancel_request",
    "error_response",
    "opening",
    "raise_statement",
    "ssl_request",
    "startup_message",
]
