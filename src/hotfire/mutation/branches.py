"""Values that the recorded request does not have, wrong in one place: of another branch of a union, of fewer members.

Each stands in the place of the whole value, so the request still differs in one place; what the document does not prove
is no case.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from hotfire.mutation.bodies import missing, unknown
from hotfire.mutation.bodywalk import BodyWalk, applied
from hotfire.mutation.constraints import documented
from hotfire.mutation.sample import NOTHING
from hotfire.mutation.spot import Change, Spot
from hotfire.mutation.values import another_type, null, other_types
from hotfire.openapi.schema import Schema

Kind = Callable[[Spot], Iterator[Change]]

_MOST = 8  # branches of one spot
_CONDITIONAL = ("dependentRequired", "dependentSchemas", "if")
_BESIDE = "which does not go with the rest"


def other_branches(spot: Spot) -> Iterator[Change]:
    """The value replaced by one of another branch, of which one place is wrong."""
    for branch in spot.others[:_MOST] if spot.part == "body" else ():
        sample = spot.sampler.value(branch)
        if sample is not NOTHING:
            yield from _wrong(spot, sample, [branch])


def absent_members(spot: Spot) -> Iterator[Change]:
    """A member that could not be filled in, or is read-only, sent in the wrong."""
    if spot.part != "body" or not isinstance(spot.value, dict):
        return
    walk = BodyWalk.of(spot.sampler.definitions)
    for name, schemas in walk.reader.declared(walk.reader.of(list(spot.facets), spot.value)).items():
        sample = spot.sampler.value(schemas[0]) if name not in spot.value else NOTHING
        if sample is not NOTHING:
            for change in _wrong(spot, sample, schemas):
                yield replace(change, act="insert", key=name)


def fewer_members(spot: Spot) -> Iterator[Change]:
    """Where members ask for others: one of them left out, and another one left out or changed beside it."""
    if not isinstance(spot.value, dict) or not any(key in facet for facet in spot.facets for key in _CONDITIONAL):
        return
    for name in spot.value:
        few = {other: value for other, value in spot.value.items() if other != name}
        for change in _wrong(spot, few, list(spot.facets), (missing, documented, other_members)):
            yield replace(change, why=f"{name} left out, {change.why}")


def other_members(spot: Spot) -> Iterator[Change]:
    """Another value that its own schema allows, where that is wrong beside its neighbours (if, oneOf by a constant)."""
    for facet in spot.facets if spot.part == "body" else ():
        enum = facet.get("enum", [facet["const"]] if "const" in facet else [])
        for each in enum if isinstance(enum, list) else ():
            if each != spot.value:
                yield Change(keyword="enum", why=_BESIDE, new=each, only_proven=True)
    if spot.kind == "boolean" and spot.part == "body":
        yield Change(keyword="const", why=_BESIDE, new=not spot.value, only_proven=True)


def _wrong(spot: Spot, sample: object, schemas: list[Schema], kinds: tuple[Kind, ...] = ()) -> Iterator[Change]:
    """The spot's whole value replaced by a sample that is wrong in one place."""
    for inner in BodyWalk.of(spot.sampler.definitions).spots(sample, schemas):
        for kind in kinds or _KINDS:
            for change in kind(inner):
                if change.raw is None and change.base64 is None:
                    new = applied(sample, inner.tokens, change)
                    why = f"{inner.name} {change.why}" if inner.tokens else change.why
                    yield replace(change, new=new, why=why, act="replace", key="", only_proven=True)


_KINDS = (documented, missing, another_type, null, other_types, unknown, other_members)
