"""What becomes of files that are there already: what they say stays, as long as all runs still answer it.

A person may have widened a placeholder by hand, `<any>` for a version: recording again must not undo that.
"""

from collections.abc import Sequence

from hotfire.expected.comparing import Known, compare
from hotfire.expected.document import Expected
from hotfire.expected.form import form_of_reply
from hotfire.model.history import Reply


def holding(expected: Sequence[Expected | None], runs: Sequence[Sequence[Reply]]) -> list[bool]:
    """Of each step, whether every one of these plays answers as expected, given what the steps before answered.

    `runs` hold a reply for each step. Nothing is expected where None stands, and nothing holds there.
    """
    found = [each is not None for each in expected]
    for replies in runs:
        known: Known = {}
        for index, (each, reply) in enumerate(zip(expected, replies, strict=True)):
            if each is not None and compare(each, form_of_reply(reply), known):
                found[index] = False
    return found


def keep(
    old: Sequence[Expected | None], new: Sequence[Expected | str], runs: Sequence[Sequence[Reply]]
) -> list[Expected | str]:
    """What was learned of each step, and in its place the old where that still holds.

    Where old and new do not hold together, since one name is given to two values, all is taken as learned.
    """
    held = holding(old, runs)
    mixed = [was if was and holds else now for was, now, holds in zip(old, new, held, strict=True)]
    together = holding([None if isinstance(each, str) else each for each in mixed], runs)
    fine = all(holds or isinstance(each, str) for each, holds in zip(mixed, together, strict=True))
    return mixed if fine else list(new)
