"""HTTP/1.1 without IO, from a partner's side (RFC 9112, framed by h11): bytes in, requests out, and what each asks.

A request is read whole before anything is asked about it; a pipelined one waits until the one before is answered.
"""

from hotfire.wire.http.asking import Ask, Naming
from hotfire.wire.http.content import content_of
from hotfire.wire.http.dialogue import Dialogue, Interim, Refusal
from hotfire.wire.http.keys import HEADER, MEANINGS, Keys, Meaning
from hotfire.wire.http.message import Headers, Request, Response, Told, header, refusal

__all__ = [
    "HEADER",
    "MEANINGS",
    "Ask",
    "Dialogue",
    "Headers",
    "Interim",
    "Keys",
    "Meaning",
    "Naming",
    "Refusal",
    "Request",
    "Response",
    "Told",
    "content_of",
    "header",
    "refusal",
]
