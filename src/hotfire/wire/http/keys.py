"""Idempotency keys as partners honour them, in both of Stripe's meanings (docs.stripe.com/api/idempotent_requests).

    v1    the first answer under a key is kept and given again, a 500 too; the same key with another request is a 400
    v2    likewise once the work succeeded; work that failed is done again under the same key
    none  keys mean nothing: each request is done

Not kept are 400, 401, 409 and 429: there, no work had begun. A key belongs to one request: method, host, path and body
(draft-ietf-httpapi-idempotency-key-header). While the first request under a key is at work, Stripe answers another one
409; here it waits for the first, since luck would decide between the two.
"""

from dataclasses import dataclass, field, replace
from typing import Literal, Self, get_args

from hotfire.wire.http.message import Response, refusal

Meaning = Literal["v1", "v2", "none"]
MEANINGS: tuple[str, ...] = get_args(Meaning)
HEADER = "Idempotency-Key"

_NOT_BEGUN = frozenset({400, 401, 409, 429})
_REPLAYED = (b"idempotent-replayed", b"true")


@dataclass(slots=True, kw_only=True)
class Keys:
    """The keys that one partner knows: each with what was asked under it, and the answer."""

    meaning: Meaning = "v1"
    known: dict[str, tuple[str, Response]] = field(default_factory=dict)

    def answer(self, key: str, asked: str) -> Response | None:
        """The answer to a request under a key, or None where the work is to be done. "" is no key."""
        if key not in self.known:
            return None
        before, answer = self.known[key]
        if before != asked:
            return refusal(400, "this idempotency key was used with another request")
        if self.meaning == "v2" and answer.status >= 400:
            return None
        return replace(answer, headers=(*answer.headers, _REPLAYED))

    def keep(self, key: str, asked: str, answer: Response) -> None:
        """The work under a key has ended with this answer."""
        if key and self.meaning != "none" and answer.status not in _NOT_BEGUN:
            self.known[key] = (asked, answer)

    def copy(self) -> Self:
        """As they are now."""
        return replace(self, known=dict(self.known))
