"""Every open connection to a dependency is dead before the request comes, and the dependency is well.

As behind a restart, a failover, or a firewall that forgets idle lines. The step is sent once to warm the pool; then all
connections end; then come as many requests as the pool is large, and one more, which meets no dead connection.
"""

from dataclasses import dataclass
from typing import ClassVar

from hotfire.model.perturbation import Send
from hotfire.model.step import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadPool:
    """`connections`: how many the pool holds."""

    kind: ClassVar[str] = "dead_pool"
    needs_network: ClassVar[bool] = True
    dependency: str
    connections: int = 1

    def requests(self, step: Step) -> tuple[Send, ...]:
        """One that warms the pool, then those that meet dead connections, then one that must not."""
        del step
        again = Send(retry=False)
        return (again, Send(retry=False, cuts=self.dependency), *(again for _ in range(self.connections)))

    def says(self) -> str:
        """In the user's words."""
        return f"{self.dependency}: every open connection ended between two requests"
