"""Back-pressure: an end is not read while what came from it cannot go on, so a border keeps little of a long stream."""

import asyncio
from typing import Literal

MOST = 4 << 20
"""Bytes that a border keeps of one stream before it reads no more of it, or passes on what it must not keep whole."""

Reason = Literal["slow", "kept"]
"""The other end reads slower than this one writes; or what was said is kept, because a call or a reply is held."""


class Tap:
    """The reading of one end, which stands still as long as there is a reason for it."""

    __slots__ = ("_reasons", "_transport")

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._reasons: set[Reason] = set()

    def shut(self, reason: Reason) -> None:
        """Read no more, for this reason."""
        if not self._reasons and not self._transport.is_closing():
            self._transport.pause_reading()
        self._reasons.add(reason)

    def open(self, *reasons: Reason) -> None:
        """These reasons are gone."""
        stood_still = bool(self._reasons)
        self._reasons.difference_update(reasons)
        if stood_still and not self._reasons and not self._transport.is_closing():
            self._transport.resume_reading()
