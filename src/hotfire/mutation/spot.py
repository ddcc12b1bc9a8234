"""One place of a request, as the kinds of wrong see it, and what one of them makes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hotfire.model.edit import Act, Part
from hotfire.mutation.sample import Sampler
from hotfire.openapi.operation import Parameter
from hotfire.openapi.schema import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A value in a JSON body, or a text elsewhere (`textual`).

    place, occurrence  as an edit says it; `tokens` is the way to it in a body
    pointer, name      as a case says it: "/body/items/0/qty", "items[0].qty"
    key                the member's or the parameter's own name; of an element, that of its array
    kind               its JSON type; of a text, the type that is declared, else what it looks like
    value              what stands there; of a text that looks like a number or true, that
    holder             the object or array that it stands in, or None at the top
    facets, others     the schemas that speak of it; branches of unions that it is not of
    around             the values beside it, by name; of a body as a whole, what to send for fields nobody sets
    masked             a secret stands there, of which only the name is known
    parameter          what the document declares of a text, and all that is sent for it (`sent`)
    absent             a header that the request does not have
    margins            what stands before and behind it in the same segment of a path, as it is written there
    whole              a body or a form as a whole: only some kinds of wrong are meant for it (`order.WHOLE`)
    """

    part: Part
    place: str
    pointer: str
    name: str
    key: str
    kind: str
    value: object
    sampler: Sampler
    occurrence: int = 1
    tokens: tuple[str | int, ...] = ()
    holder: object = None
    facets: tuple[Schema, ...] = ()
    others: tuple[Schema, ...] = ()
    around: Mapping[str, object] = field(default_factory=dict)
    textual: bool = False
    masked: bool = False
    parameter: Parameter | None = None
    sent: tuple[str, ...] = ()
    absent: bool = False
    margins: tuple[str, str] = ("", "")
    whole: bool = False

    @property
    def text(self) -> str:
        """A text to go on from: the one that stands there, if it is known."""
        return "text" if self.masked or not isinstance(self.value, str) else self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a kind of wrong makes of a spot.

    `new` is the value; `raw` stands in its place where no value can say it (JSON text; percent sequences elsewhere),
    and is never proven; `base64` likewise, for bytes. `key` is the name of an inserted member. `why` is the end of the
    sentence, which shows the new value first where `shows`. `only_proven`: no case, unless the document proves it.
    """

    keyword: str
    why: str
    new: object = None
    act: Act = "replace"
    key: str = ""
    raw: str | None = None
    base64: str | None = None
    shows: bool = True
    only_proven: bool = False
