"""A document as a tree of JSON: its nodes read by type, its references followed, and what is wrong told with its place.

A place is a JSON pointer (RFC 6901) from the document's root; references are of OpenAPI 3.1 section 4.8.23.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast
from urllib.parse import unquote

from hotfire.errors import UsageError
from hotfire.model.pointer import tokens_of

Node = Mapping[str, object]

_LONGEST_CHAIN = 20  # references to references: more are a loop
_HINT = "correct the document, or name another: [tool.hotfire.service] openapi"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """The whole document; `name` is the file or the URL by which its readers know it."""

    name: str
    root: Node

    def wrong(self, where: str, problem: str) -> UsageError:
        """The error of a document that is wrong at this place."""
        return UsageError(f"{self.name}: {where or '/'}: {problem}", hint=_HINT)

    def node(self, value: object, where: str) -> Node:
        """The value as an object; absent, an empty one.

        Raises:
            UsageError: it is something else.
        """
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            raise self.wrong(where, f"an object should stand here, not {_shown(value)}")
        return cast("Node", value)

    def items(self, value: object, where: str) -> list[object]:
        """The value as a list; absent, an empty one.

        Raises:
            UsageError: it is something else.
        """
        if value is None:
            return []
        if not isinstance(value, list):
            raise self.wrong(where, f"a list should stand here, not {_shown(value)}")
        return cast("list[object]", value)

    def text(self, node: Node, key: str, where: str) -> str:
        """A member that has to be there, as text.

        Raises:
            UsageError: it is not there, or no text.
        """
        value = node.get(key)
        if not isinstance(value, str) or not value:
            raise self.wrong(where, f"{key!r} should be a text, not {_shown(value)}")
        return value

    def followed(self, value: object, where: str) -> tuple[Node, str]:
        """The object that stands here, or that a reference here leads to, and its place.

        Raises:
            UsageError: it leads nowhere, out of the document, or round in a circle.
        """
        for _ in range(_LONGEST_CHAIN):
            node = self.node(value, where)
            reference = node.get("$ref")
            if not isinstance(reference, str):
                return node, where
            value, where = self.target(reference, where), reference[1:]
        raise self.wrong(where, "this $ref leads round in a circle")

    def target(self, reference: str, where: str) -> object:
        """What a reference within the document leads to.

        Raises:
            UsageError: it leads nowhere, or out of the document.
        """
        if not reference.startswith("#"):
            raise self.wrong(where, f"$ref {reference!r} leads out of the document: bundle it into one file")
        node: object = self.root
        try:
            for token in map(unquote, tokens_of(unquote(reference[1:]) if "%" in reference else reference[1:])):
                node = node[int(token)] if isinstance(node, list) else cast("Node", node)[token]
        except (LookupError, ValueError, TypeError):
            raise self.wrong(where, f"$ref {reference!r} leads nowhere") from None
        return node


def _shown(value: object) -> str:
    text = "nothing" if value is None else repr(value)
    return text if len(text) <= 60 else f"{text[:60]}…"
