"""The kinds of wrong, the likeliest first: what real services get wrong most stands at the head."""

from collections.abc import Iterator

from hotfire.mutation.bodies import (
    another_content_type,
    duplicate_key,
    file_name,
    missing,
    no_form,
    no_json,
    repeated,
    unknown,
)
from hotfire.mutation.branches import Kind, absent_members, fewer_members, other_branches, other_members
from hotfire.mutation.constraints import documented
from hotfire.mutation.headers import mangled_cookie, probed, probed_further
from hotfire.mutation.names import dangling, privileged, reversed_range
from hotfire.mutation.spot import Change, Spot
from hotfire.mutation.values import (
    another_type,
    beyond_int4,
    beyond_int8,
    empty,
    huge,
    impossible_date,
    negative,
    not_a_number,
    not_utf8,
    nul,
    null,
    other_types,
    surrogate,
    too_long,
)


def documented_further(spot: Spot) -> Iterator[Change]:
    """The other values beyond each constraint."""
    yield from documented(spot)


ORDER: tuple[Kind, ...] = (
    nul,
    beyond_int8,
    null,
    another_type,
    too_long,
    negative,
    documented,
    missing,
    privileged,
    impossible_date,
    reversed_range,
    surrogate,
    dangling,
    no_json,
    no_form,
    probed,
    empty,
    beyond_int4,
    not_utf8,
    file_name,
    another_content_type,
    duplicate_key,
    not_a_number,
    other_types,
    unknown,
    huge,
    repeated,
    mangled_cookie,
    probed_further,
    documented_further,
    other_members,
    other_branches,
    absent_members,
    fewer_members,
)

WHOLE: frozenset[Kind] = frozenset({privileged, unknown, no_json, no_form, file_name})
"""The kinds that are meant for a body or a form as a whole."""

ONCE: frozenset[Kind] = frozenset({documented})
"""The kinds of which one proven value a spot and keyword is enough, at first."""
