"""The critical path of a host."""

from hotfire import Actor, critical_path


@critical_path(
    owner="clusters team <clusters@example.org>",
    expected="The host is of the cluster.",
    rollback="Take the host out of the cluster.",
)
def add_host(operator: Actor) -> None:
    """Add a host to a cluster."""
    operator.post("/hosts", json={"name": "node1", "memory": 64}, repeat="each")
