"""One operation of a document: what of its request and its answers is declared. A value, which crosses as JSON."""

from dataclasses import dataclass, field
from typing import Literal

import msgspec

from hotfire.openapi.schema import Schema, named, parts, resolved

Where = Literal["path", "query", "header", "cookie"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A parameter in path, query, header or cookie.

    `joint` is what stands between the elements of an array in one value ("": it comes once for each); `judged` is
    false where it is written in a style that we do not read, or may be an object, whose members may stand there each
    under a name of its own.
    """

    name: str
    where: Where
    schema: Schema
    required: bool = False
    joint: str = ""
    judged: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A request body of one media type, lower case and without parameters; it may be a range ("image/*")."""

    media_type: str
    schema: Schema
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A method of a path template.

    `definitions` is what the schemas' "#/$defs/NAME" lead to; `shown` are the fields of its successful answers, each
    with no more than its type, format and values;
    `statuses` what it is said to answer ("200", "4XX", "default"); `document` names the document.
    """

    method: str
    template: str
    parameters: tuple[Parameter, ...] = ()
    bodies: tuple[Body, ...] = ()
    statuses: tuple[str, ...] = ()
    shown: dict[str, Schema] = field(default_factory=dict)
    definitions: dict[str, Schema] = field(default_factory=dict)
    document: str = ""

    def written(self) -> str:
        """As JSON."""
        return msgspec.json.encode(self).decode()

    @classmethod
    def read(cls, text: str) -> "Operation":
        """What `written` wrote.

        Raises:
            ValueError: it is not such a text.
        """
        return msgspec.json.decode(text, type=cls)

    def body(self, media_type: str) -> Body | None:
        """The body declared for this media type: by name, else by the narrowest range."""
        major = media_type.partition("/")[0]
        for wanted in (media_type, f"{major}/*", "*/*"):
            for body in self.bodies:
                if body.media_type == wanted:
                    return body
        return None

    def names_fields(self, media_type: str) -> bool:
        """Whether it names the fields of such a body: where it does not, any field may be one that a client sends."""
        body = self.body(media_type)
        return body is not None and _names_fields(body.schema, self.definitions, _DEEPEST)

    def allows(self, status: int) -> bool:
        """Whether the status is declared, by itself, as a range ("4XX") or by "default"; true where none is."""
        return not self.statuses or bool({str(status), f"{status // 100}XX", "default"} & set(self.statuses))


_DEEPEST = 4


def _names_fields(schema: Schema, definitions: dict[str, Schema], depth: int) -> bool:
    """Whether a schema, what it refers to, or a part of it names properties."""
    schema = resolved(schema, definitions)
    inner = [each for key in ("allOf", "anyOf", "oneOf") for each in parts(schema, key)]
    return bool(named(schema, "properties")) or (
        depth > 0 and any(_names_fields(each, definitions, depth - 1) for each in inner)
    )
