"""The engine: plan → run → judge → confirm, as a stream of events. It does no IO and knows only the World protocol."""

from hotfire.engine.fire import fire
from hotfire.engine.order import Order

__all__ = ["Order", "fire"]
