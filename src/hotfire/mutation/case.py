"""One request that is wrong in one place, and what is known of it."""

from dataclasses import dataclass

from hotfire.model.edit import Edit


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An edit, and what it makes wrong.

    pointer   the place in the request, not in a schema: "/body/items/0/qty", "/query/page", "/header/range"
    keyword   what kind of wrong it is: a keyword of JSON Schema ("minimum", "required", "type"), or one of our own
              ("nul", "surrogate", "beyond int8", "dangling", "range", "privileged", "unknown", "duplicate key", …)
    sentence  in the user's words: "qty: 0, below the minimum 1"
    proven    the operation's document proves it invalid: it was valid before, and is not after
    """

    edit: Edit
    pointer: str
    keyword: str
    sentence: str
    proven: bool = False
