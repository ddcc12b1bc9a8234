"""Redis's protocol without IO, RESP2 and RESP3: bytes in, what was asked and what was told out."""

from hotfire.wire.redis.asks import Ask, Done, Piece, Told
from hotfire.wire.redis.commands import CommandTable
from hotfire.wire.redis.dialogue import Dialogue
from hotfire.wire.redis.frames import Frames, is_whole, scan_client, scan_server
from hotfire.wire.redis.login import may_log_in
from hotfire.wire.redis.values import ReplyError, Value, decode, encode

__all__ = [
    "Ask",
    "CommandTable",
    "Dialogue",
    "Done",
    "Frames",
    "Piece",
    "ReplyError",
    "Told",
    "Value",
    "decode",
    "encode",
    "is_whole",
    "may_log_in",
    "scan_client",
    "scan_server",
]
