"""Requests that are wrong in one place, made from a recorded one: the likeliest first, lazily, and always the same.

    fill = filling(request, operation)                   what the document declares beside: insertions, or none
    for case in cases(filled(request, fill), operation, route=step.route, answered=reply.body):
        case.edit, case.pointer, case.keyword, case.sentence, case.proven

Without an operation, values are made wrong by what they look like, and nothing is proven. A request that the document
itself objects to (`Judge.objection`) should be asked about without it.
"""

from collections.abc import Iterator

from hotfire.model.edit import Edit
from hotfire.model.request import Request
from hotfire.mutation.case import Case
from hotfire.mutation.filling import filled, filling
from hotfire.mutation.order import ONCE, ORDER, WHOLE
from hotfire.mutation.subject import Subject
from hotfire.openapi import Operation

__all__ = ["Case", "cases", "filled", "filling"]


def cases(
    request: Request, operation: Operation | None = None, *, route: str = "", answered: str = ""
) -> Iterator[Case]:
    """All cases of a request; each differs from it in exactly one place, and no two send the same.

    `route` is the template by which path parameters are known where there is no operation; `answered` the recorded
    answer's body, whose fields a client may try to set itself.

    Raises:
        UsageError: a schema of the document is none.
    """
    subject = Subject.of(request, operation, answered)
    spots = list(subject.spots(route))
    sent: set[Edit] = set()
    for kind in ORDER:
        for spot in spots:
            if spot.whole and kind not in WHOLE:
                continue
            shown: set[str] = set()
            for change in kind(spot):
                if change.keyword in shown:
                    continue
                case = subject.case(spot, change)
                if case is not None and case.edit not in sent:
                    sent.add(case.edit)
                    yield case
                    if case.proven and kind in ONCE:
                        shown.add(change.keyword)
