"""What the service wanted to reach and could not, in the user's words, with what to write."""

from hotfire.worlds.zygote.messages import Pinned, Undeclared, Want

_SERVERS = {5432: "postgres", 6379: "redis", 6380: "redis", 25: "smtp", 465: "smtp", 587: "smtp", 1025: "smtp"}
_LEVELS = 2  # of a host's name belong to the zone: "stripe" in api.stripe.com


class Wants:
    """What one world's service wanted since it was last forgotten, each once."""

    def __init__(self) -> None:
        self._told: dict[Want, None] = {}

    def take(self, want: Want) -> None:
        """Keep it."""
        self._told[want] = None

    def forget(self) -> None:
        """From here on it counts anew."""
        self._told.clear()

    @property
    def hint(self) -> str:
        """The first of them, and what to write; empty where there is none."""
        return next((says(want) for want in self._told), "")

    def all(self) -> tuple[str, ...]:
        """Each of them, and what to write."""
        return tuple(says(want) for want in self._told)


def says(want: Want) -> str:
    """One want, and what to write."""
    place = f" ({want.place})" if want.place else ""
    match want:
        case Pinned():
            return (
                f"the service compares the certificate of {want.host} with one that it knows{place}, and hotfire's "
                "stand-in shows its own: turn the pinning off by a setting in [tool.hotfire.service.environment], "
                "or take the address from there: {NAME.url}"
            )
        case Undeclared(host=host, port=port) if host.startswith(("/", "@")):
            del port
            return f"the service wants the unix socket {host}{place}, which is outside of the seal: {_by_address(0)}"
        case Undeclared(host=host, port=port):
            where = f"{host}:{port}" if port else host
            if _is_near(host):
                return f"the service wants {where}{place}, where nothing listens: {_by_address(port)}"
            return f"the service wants {where}{place}, which is not declared: {_declaration(host, port)}"


def _is_near(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")


def _by_address(port: int) -> str:
    kind = _SERVERS.get(port, "…")
    name = kind if port in _SERVERS else "NAME"
    return (
        f'declare it by [tool.hotfire.dependency.{name}] kind = "{kind}", and take its address from the environment: '
        f'"{{{name}.host}}" and "{{{name}.port}}" in [tool.hotfire.service.environment]'
    )


def _declaration(host: str, port: int) -> str:
    if port in _SERVERS:
        return _by_address(port)
    levels = host.split(".")
    name = levels[-_LEVELS] if len(levels) >= _LEVELS and not levels[-1].isdigit() else "partner"
    return f'write [tool.hotfire.dependency.{name}] kind = "http", hosts = ["{host}"]'
