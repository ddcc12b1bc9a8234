"""Route templates: OpenAPI's where the service publishes a document, else generated-looking segments replaced."""

import re
from dataclasses import dataclass

import msgspec

from hotfire.wire.generated import is_generated


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One path template of the document with its methods, upper case."""

    template: str
    methods: frozenset[str]
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Routes:
    """The service's routes, more literal ones first."""

    routes: tuple[Route, ...] = ()

    @classmethod
    def of_document(cls, document: bytes) -> "Routes":
        """Read an OpenAPI document; what is not one gives no routes."""
        try:
            parsed = msgspec.json.decode(document)
            paths = parsed["paths"].items()
            found = [_route(template, methods) for template, methods in paths]
        except (msgspec.DecodeError, TypeError, KeyError, AttributeError):
            return cls()
        return cls(routes=tuple(sorted(found, key=lambda route: (route.template.count("{"), route.template))))

    def template(self, method: str, target: str) -> str:
        """The route of a request target, without its query."""
        path = target.split("?", 1)[0]
        for route in self.routes:
            if method in route.methods and route.pattern.fullmatch(path):
                return route.template
        return "/".join("{id}" if is_generated(part) else part for part in path.split("/"))


def _route(template: str, methods: dict[str, object]) -> Route:
    pattern = "".join(
        "[^/]+" if part.startswith("{") else re.escape(part) for part in re.split(r"(\{[^}]*\})", template)
    )
    return Route(template=template, methods=frozenset(map(str.upper, methods)), pattern=re.compile(pattern))
