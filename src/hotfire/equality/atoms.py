"""The long generated values of one state, found again inside of other texts: in a slug, a URL, a page."""

import re
from collections.abc import Iterable, Iterator

from hotfire.equality.reading import INSTANTS, is_single

HOLE, INSTANT, NODE = MARKS = "\x00\x01\x02"

_PIECE = re.compile(r"[A-Za-z0-9]+|[^A-Za-z0-9]")
_WORD = re.compile(r"[\w\-+.~%]+")
_PLAIN = re.compile(r"[A-Za-z0-9]+\Z|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
_SIGN = r"[/=:]"  # of base64; elsewhere they stand between words
_SCRAP = r"(?<![\w\-+.~%])[A-Za-z0-9]{0,2}"  # what is left between two signs may be a word of every run by chance
_TORN = re.compile(
    rf"(?:{_SCRAP}{_SIGN}+)*{HOLE}(?:{_SIGN}+(?:{_SCRAP}{_SIGN}+)*{HOLE})*(?:{_SIGN}+{_SCRAP}(?![\w\-+.~%]))*"
)


class Atoms:
    """An index of values by their first piece; a value that is made of others is no atom itself."""

    def __init__(self, values: Iterable[str]) -> None:
        self._whole: set[str] = set()
        self._index: dict[str, dict[int, set[str]]] = {}
        for value in sorted({value for value in values if is_single(value)}, key=_by_length):
            if _PLAIN.match(value) or (NODE not in (skeleton := self.cut(value)[0]) and INSTANT not in skeleton):
                self._add(value)

    def _add(self, value: str) -> None:
        self._whole.add(value)
        self._enter(value)
        if (name := node_name(value)) != value:
            self._enter(name)

    def _enter(self, spelled: str) -> None:
        if piece := _PIECE.match(spelled):
            self._index.setdefault(piece[0], {}).setdefault(len(spelled), set()).add(spelled)

    def __contains__(self, value: str) -> bool:
        return value in self._whole

    def cut(self, text: str) -> tuple[str, list[str]]:
        """The text with NODE for each atom and INSTANT for each moment in it, and the nodes' names in order."""
        parts: list[str] = []
        nodes: list[str] = []
        start = 0
        for moment in INSTANTS.finditer(text) if len(text) > 15 else ():
            self._cut(text[start : moment.start()], parts, nodes)
            parts.append(INSTANT)
            start = moment.end()
        self._cut(text[start:], parts, nodes)
        return "".join(parts), nodes

    def _cut(self, text: str, parts: list[str], nodes: list[str]) -> None:
        done = 0
        for start, end in self._found(text):
            parts += (text[done:start], NODE)
            nodes.append(node_name(text[start:end]))
            done = end
        parts.append(text[done:])

    def _found(self, text: str) -> Iterator[tuple[int, int]]:
        done = 0
        for piece in _PIECE.finditer(text):
            start = piece.start()
            if start >= done and (lengths := self._index.get(piece[0])) and (end := _longest(text, start, lengths)):
                yield start, end
                done = end


def _longest(text: str, start: int, lengths: dict[int, set[str]]) -> int:
    """Where the longest value that begins here ends, at the end of a piece; 0 if there is none."""
    for length in sorted(lengths, reverse=True):
        end = start + length
        if text[start:end] in lengths[length] and _is_edge(text, end):
            return end
    return 0


def _is_edge(text: str, end: int) -> bool:
    return not (text[end - 1].isalnum() and text[end : end + 1].isalnum())


def _by_length(value: str) -> tuple[int, str]:
    return len(value), value


def node_name(value: str) -> str:
    """One name for all spellings of a value: a UUID is the same with and without its dashes."""
    return value.replace("-", "") if len(value) == 36 and _UUID.match(value) else value


def words(skeleton: str) -> set[str]:
    """The words of a cut text."""
    return set(_WORD.findall(skeleton))


def holed(skeleton: str, known: frozenset[str]) -> str:
    """The cut text with a HOLE for each word that does not stand in every clean run: a token that is known nowhere."""
    return _TORN.sub(HOLE, _WORD.sub(lambda word: word[0] if word[0] in known else HOLE, skeleton))
