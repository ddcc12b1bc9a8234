"""A JSON body as spots, and a change made in one of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from hotfire.model.pointer import pointer_of
from hotfire.mutation.facets import Reader, type_of
from hotfire.mutation.sample import Sampler
from hotfire.mutation.spot import Change, Spot
from hotfire.openapi.schema import Schema
from hotfire.openapi.validity import MASK

Tokens = tuple[str | int, ...]

_NONE: Mapping[str, object] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyWalk:
    """Reads a value as spots, parents first; of an array's elements that are alike, the first."""

    reader: Reader
    sampler: Sampler

    @classmethod
    def of(cls, definitions: dict[str, Schema]) -> "BodyWalk":
        """The walk of an operation's schemas."""
        return cls(reader=Reader(definitions=definitions), sampler=Sampler(definitions=definitions))

    def spots(self, value: object, schemas: list[Schema], around: Mapping[str, object] = _NONE) -> Iterator[Spot]:
        """All spots of a body; `around` is what stands around the whole."""
        yield from self._spots(value, schemas, (), None, around)

    def _spots(
        self, value: object, schemas: list[Schema], tokens: Tokens, holder: object, around: Mapping[str, object]
    ) -> Iterator[Spot]:
        facets = self.reader.of(schemas, value)
        place = pointer_of(*tokens)
        kinds = [each["type"] for each in facets.flat if "type" in each]
        others = facets.others if value is not None or "null" in kinds else [*facets.others, *facets.flat]
        yield Spot(
            part="body",
            place=place,
            pointer=f"/body{place}",
            name=spoken(tokens),
            key=next((each for each in reversed(tokens) if isinstance(each, str)), "body"),
            kind="number" if "number" in kinds and type_of(value) == "integer" else type_of(value),
            value=value,
            sampler=self.sampler,
            tokens=tokens,
            holder=holder,
            facets=tuple(facets.flat),
            others=tuple(each for each in others if each.get("type") != "null"),
            around=around,
            masked=isinstance(value, str) and MASK.search(value) is not None,
        )
        if isinstance(value, dict):
            for name, member in value.items():
                yield from self._spots(member, self.reader.members(facets, name), (*tokens, name), value, value)
        elif isinstance(value, list):
            alike: list[object] = []
            tuples = any("prefixItems" in each or "contains" in each for each in facets.flat)
            for n, element in enumerate(value):
                if tuples or (shape := _shape(element)) not in alike:
                    alike += [] if tuples else [shape]
                    schemas = self.reader.elements(facets, n)
                    yield from self._spots(element, schemas, (*tokens, n), value, _NONE)


def spoken(tokens: Tokens) -> str:
    """A place as a programmer says it: "items[0].qty"."""
    if not tokens:
        return "the body"
    return "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in tokens).removeprefix(".")


def applied(root: object, tokens: Tokens, change: Change) -> object:
    """The body with a change at the place; what is on the way is copied, the rest shared."""
    if not tokens:
        return {**cast("dict[str, object]", root), change.key: change.new} if change.act == "insert" else change.new
    first, rest = tokens[0], tokens[1:]
    if isinstance(root, list):
        at = cast("int", first)
        inner = [] if change.act == "remove" and not rest else [applied(root[at], rest, change)]
        return [*root[:at], *inner, *root[at + 1 :]]
    members = dict(cast("dict[str, object]", root))
    if change.act == "remove" and not rest:
        del members[cast("str", first)]
    else:
        members[cast("str", first)] = applied(members[cast("str", first)], rest, change)
    return members


def _shape(value: object) -> object:
    return tuple(sorted(value)) if isinstance(value, dict) else type_of(value)
