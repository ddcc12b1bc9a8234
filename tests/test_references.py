"""What undisturbed runs leave, and where they do not agree."""

from dataclasses import replace

import pytest

from hotfire.references import references_of
from hotfire.testing import baseline, reply


@pytest.mark.parametrize(("last", "differs"), [(200, False), (500, True)])
def test_a_rest_that_is_answered_otherwise_is_no_agreement(last: int, differs: bool) -> None:
    of = baseline(lambda _: [])
    statuses = (200, 200, last)
    clean = [replace(run, final_replies=(reply(status=each),)) for run, each in zip(of.clean, statuses, strict=True)]
    references = references_of(replace(of, clean=tuple(clean)))
    assert references.disagree_later is differs
    assert not references.disagree
