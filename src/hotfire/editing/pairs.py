"""Name=value pairs changed at one place: a query, a URL-encoded form (both of the URL standard), a Cookie header."""

from dataclasses import dataclass
from urllib.parse import quote, quote_plus, unquote_plus

from hotfire.model.edit import Edit


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How pairs are joined and written, and what they are called in an error."""

    called: str
    joint: str
    percent: bool
    plus: bool = False

    def name(self, text: str) -> str:
        """A name as it stands in a pair, read."""
        return unquote_plus(text) if self.percent else text.strip()

    def writes(self, value: str | bytes) -> str:
        """A value, or a name, as it stands in a pair."""
        if self.percent:
            return quote_plus(value, safe="") if self.plus else quote(value, safe="")
        return value if isinstance(value, str) else value.decode("latin-1")


QUERY = Manner(called="query", joint="&", percent=True)
FORM = Manner(called="form", joint="&", percent=True, plus=True)
COOKIES = Manner(called="Cookie header", joint="; ", percent=False)


def changed(pairs: str, manner: Manner, edit: Edit, value: str) -> str:
    """The pairs with one replaced, removed or added behind the last; `value` is written already.

    Raises:
        LookupError: there is no such pair.
    """
    pieces = pairs.split(manner.joint) if pairs else []
    pair = f"{manner.writes(edit.place)}={value}"
    if edit.act == "insert":
        return manner.joint.join([*pieces, pair])
    named = [n for n, piece in enumerate(pieces) if manner.name(piece.partition("=")[0]) == edit.place]
    if len(named) < edit.occurrence:
        raise LookupError(f"the {manner.called} has no {edit.place!r} #{edit.occurrence}")
    at = named[edit.occurrence - 1]
    if edit.act == "remove":
        return manner.joint.join(pieces[:at] + pieces[at + 1 :])
    name = pieces[at].partition("=")[0]
    return manner.joint.join([*pieces[:at], f"{name}={value}", *pieces[at + 1 :]])
