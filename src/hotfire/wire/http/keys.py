"""Idempotency keys as partners honour them, in both of Stripe's meanings (docs.stripe.com/api/idempotent_requests).

    v1    the first answer under a key is kept and given again, a 500 too; the same key with another request is a 400
    v2    likewise once the work succeeded; work that failed is done again under the same key
    none  keys mean nothing: each request is done

While the first request under a key is at work, another is answered 409. Not kept are 400, 401, 409 and 429: there, no
work had begun. A key belongs to one request: method, host, path and body (draft-ietf-httpapi-idempotency-key-header).
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
    """The keys that one partner knows: each with what was asked under it, and the answer, None while it is at work."""

    meaning: Meaning = "v1"
    known: dict[str, tuple[str, Response | None]] = field(default_factory=dict)

    def begin(self, key: str, asked: str) -> Response | None:
        """A request comes under a key: the answer to it, or None where the work is to be done. "" is no key."""
        if not key or self.meaning == "none":
            return None
        before, answer = self.known.get(key, (asked, None))
        if before != asked:
            return refusal(400, "this idempotency key was used with another request")
        if key in self.known and answer is None:
            return refusal(409, "a request with this idempotency key is at work")
        if answer is None or (self.meaning == "v2" and answer.status >= 400):
            self.known[key] = (asked, None)
            return None
        return replace(answer, headers=(*answer.headers, _REPLAYED))

    def end(self, key: str, answer: Response | None) -> None:
        """The work under a key has ended with this answer; None: it came to nothing."""
        if key not in self.known:
            return
        if answer is None or answer.status in _NOT_BEGUN:
            del self.known[key]
        else:
            self.known[key] = (self.known[key][0], answer)

    def copy(self) -> Self:
        """As they are now; what is at work is forgotten with the moment."""
        done = {key: kept for key, kept in self.known.items() if kept[1] is not None}
        return type(self)(meaning=self.meaning, known=done)
