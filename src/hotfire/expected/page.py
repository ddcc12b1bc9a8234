"""HTML in a normal form, in which pages are compared by structure and text: one element or text a line.

    <form id="signup" method="post">
      <input name="email" type="email">
      Join us

Attributes are sorted, white space is one space, comments and end tags are left out: the indentation tells what stands
in what. A text's own "<" stays `&lt;`, so that what is shown is never taken for what is done.
"""

from collections.abc import Sequence
from html import escape
from html.parser import HTMLParser
from typing import Final

_VOID: Final = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
_SIBLINGS: Final = (
    frozenset({"li"}),
    frozenset({"p"}),
    frozenset({"option", "optgroup"}),
    frozenset({"dt", "dd"}),
    frozenset({"td", "th"}),
    frozenset({"tr"}),
    frozenset({"thead", "tbody", "tfoot"}),
)
"""Elements whose end tag may be left out: the next of its kind ends the one before (HTML, 13.1.2.4)."""
_RAW: Final = frozenset({"script", "style"})


def lines_of(page: str) -> tuple[str, ...]:
    """The lines of a page's normal form; two spaces of indentation for each element around."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return tuple(reader.lines)


class _Reader(HTMLParser):
    """Reads one page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self._open: list[str] = []

    def handle_decl(self, decl: str) -> None:
        self._add(f"<!{decl.lower()}>")

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if self._open and any(tag in kin and self._open[-1] in kin for kin in _SIBLINGS):
            self._open.pop()
        written = [_attribute(name, value) for name, value in sorted(attrs, key=lambda each: each[0])]
        self._add(f"<{' '.join([tag, *written])}>")
        if tag not in _VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        raw = bool(self._open) and self._open[-1] in _RAW
        for part in data.splitlines() if raw else [data]:
            if text := " ".join(part.split()):
                self._add(escape(text, quote=False))

    def _add(self, line: str) -> None:
        self.lines.append("  " * len(self._open) + line)


def _attribute(name: str, value: str | None) -> str:
    return name if value is None else f'{name}="{escape(" ".join(value.split()))}"'
