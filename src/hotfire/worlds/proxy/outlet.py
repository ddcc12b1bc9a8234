"""The way out of a border: bytes leave at once, where the kernel takes them, and not at the end of the loop's turn.

The transport sends what is written in a callback after it. A border would let both ends wait while it reads what it
has passed on; sent at once, the other end works meanwhile.
"""

import asyncio
import os
import socket
import struct

_LINGER_NOT = struct.pack("ii", 1, 0)  # close sends a reset, not an end


class Outlet:
    """Writes to one transport, in order. Once the transport closes, what is sent goes nowhere."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._fd: int = transport.get_extra_info("socket").fileno()

    def send(self, data: bytes) -> None:
        """Send now; what the kernel does not take now, the transport sends as soon as it can."""
        transport = self._transport
        if transport.is_closing():
            return
        sent = 0
        if transport.get_write_buffer_size() == 0:
            try:
                sent = os.write(self._fd, data)
            except (BlockingIOError, BrokenPipeError, ConnectionResetError):  # the transport sees the last two itself
                sent = 0
        if sent < len(data):
            transport.write(data[sent:] if sent else data)


def reset(transport: asyncio.Transport) -> None:
    """Cut with a TCP reset. From the reading task: another's close would not interrupt the peer."""
    line = transport.get_extra_info("socket")
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
    transport.abort()
