"""Redis's protocol without IO, RESP2 and RESP3: bytes in, what was asked and what was told out."""

from hotfire.wire.redis.commands import CommandTable
from hotfire.wire.redis.values import ReplyError, Value, decode, encode

__all__ = ["CommandTable", "ReplyError", "Value", "decode", "encode"]
