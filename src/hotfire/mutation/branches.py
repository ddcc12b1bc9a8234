"""The branches of a union that the recorded value is not of: a value of each, wrong in one place."""

from collections.abc import Iterator
from dataclasses import replace

from hotfire.mutation.bodies import missing
from hotfire.mutation.bodywalk import BodyWalk, applied
from hotfire.mutation.constraints import documented
from hotfire.mutation.sample import NOTHING
from hotfire.mutation.spot import Change, Spot
from hotfire.mutation.values import another_type, null, other_types

_KINDS = (documented, missing, another_type, null, other_types)
_MOST = 8  # branches of one spot


def other_branches(spot: Spot) -> Iterator[Change]:
    """The value replaced by one of another branch, of which one place is wrong; only what is proven."""
    walk = BodyWalk.of(spot.sampler.definitions) if spot.others and spot.part == "body" else None
    for branch in spot.others[:_MOST] if walk else ():
        sample = spot.sampler.value(branch)
        if walk is None or sample is NOTHING:
            continue
        for inner in walk.spots(sample, [branch]):
            for kind in _KINDS:
                for change in kind(inner):
                    if change.raw is None and change.base64 is None:
                        new = applied(sample, inner.tokens, change)
                        why = f"{inner.name} {change.why}" if inner.tokens else change.why
                        yield replace(change, new=new, why=why, act="replace", key="", only_proven=True)


def other_members(spot: Spot) -> Iterator[Change]:
    """Another value that its own schema allows, where that is wrong beside its neighbours (if, oneOf by a constant)."""
    for facet in spot.facets:
        enum = facet.get("enum", [facet["const"]] if "const" in facet else [])
        if isinstance(enum, list) and spot.part == "body":
            for each in enum:
                if each != spot.value:
                    yield Change(keyword="enum", why="which does not go with the rest", new=each, only_proven=True)
    if spot.kind == "boolean" and spot.part == "body":
        why = "which does not go with the rest"
        yield Change(keyword="const", why=why, new=not spot.value, only_proven=True)
