"""A text that a regular expression matches: the shortest that its first alternatives give, or a longer one.

Reads what patterns of documents are made of (ECMA 262): characters, classes, groups, alternatives, quantifiers. What it
does not read (backreferences, lookaround) it takes as nothing; whoever asks validates what comes out.
"""

from dataclasses import dataclass, field
from itertools import pairwise

_CLASSES = {"d": "0", "w": "a", "s": " ", "D": "a", "W": "-", "S": "a", "n": "\n", "t": "\t", "r": "\r", "f": "\f"}
_ENDLESS = 10_000


@dataclass(slots=True, kw_only=True)
class _Piece:
    """A unit, how often it stands, and how often it may."""

    unit: str
    times: int
    most: int


@dataclass(slots=True)
class _Reading:
    text: str
    at: int = 0
    pieces: list[_Piece] = field(default_factory=list)

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def take(self) -> str:
        self.at += 1
        return self.text[self.at - 1 : self.at]

    def until(self, letter: str) -> str:
        """All before the letter, which is taken, too; ValueError where it does not come."""
        begin, end = self.at, self.text.index(letter, self.at)
        self.at = end + 1
        return self.text[begin:end]

    def alternatives(self) -> list[_Piece]:
        first = self.sequence()
        while self.peek() == "|":
            self.take()
            other = self.sequence()
            first = first or other
        return first

    def sequence(self) -> list[_Piece]:
        pieces: list[_Piece] = []
        while self.peek() not in {"", "|", ")"}:
            unit = self.atom()
            least, most = self.quantity()
            if unit:
                pieces.append(_Piece(unit=unit, times=least, most=most))
        return pieces

    def atom(self) -> str:
        letter = self.take()
        if letter in "^$":
            return ""
        if letter == ".":
            return "a"
        if letter == "[":
            return self.class_()
        if letter == "(":
            return self.group()
        return self.escape() if letter == "\\" else letter

    def escape(self) -> str:
        letter = self.take()
        if letter in "bB" or letter.isdigit():
            return ""
        if letter in "pP" and self.peek() == "{":
            name = self.until("}")[1:]
            return "0" if name.startswith("N") else "A" if name == "Lu" else "a"
        if letter in "xu" and self.peek() != "{":
            width = 2 if letter == "x" else 4
            code, self.at = self.text[self.at : self.at + width], self.at + width
            return chr(int(code, 16)) if code else ""
        return _CLASSES.get(letter, letter)

    def group(self) -> str:
        aside = False
        if self.peek() == "?":
            self.take()
            kind = self.take()
            if kind == "P" or (kind == "<" and self.peek() not in {"=", "!"}):
                self.until(">")
            elif kind == "<":
                self.take()
                aside = True
            else:
                aside = kind in "=!"
        inner = self.alternatives()
        self.take()
        return "" if aside else "".join(piece.unit * piece.times for piece in inner) or _once(inner)

    def class_(self) -> str:
        negated = self.peek() == "^"
        if negated:
            self.take()
        members: list[str] = []
        while self.peek() not in {"", "]"} or not members:
            letter = self.take()
            if letter == "-" and members and self.peek() not in {"", "]"}:
                members.append(f"-{self.take()}")
            else:
                members.append(self.escape() if letter == "\\" else letter)
        self.take()
        if not negated:
            return next((each for each in members if each), "")
        return next((each for each in "aA0-_ é~" if not _within(each, members)), "")

    def quantity(self) -> tuple[int, int]:
        letter, least, most = self.peek(), 1, 1
        if letter in {"*", "+", "?"}:
            self.take()
            least, most = int(letter == "+"), 1 if letter == "?" else _ENDLESS
        elif letter == "{" and (end := self.text.find("}", self.at)) > 0:
            low, comma, high = self.text[self.at + 1 : end].partition(",")
            if not low.isdigit():
                return 1, 1
            self.at = end + 1
            least = min(int(low), _ENDLESS)
            most = (int(high) if high.isdigit() else _ENDLESS) if comma else least
        if self.peek() in {"?", "+"}:  # lazy or possessive
            self.take()
        return least, most


def matching(pattern: str, least: int = 0) -> str:
    """A text that the pattern matches, of at least that many characters if it may be; "" where none was found."""
    try:
        pieces = _Reading(pattern).alternatives()
    except (ValueError, IndexError, RecursionError):
        return ""
    for piece in pieces:
        lacking = least - sum(len(each.unit) * each.times for each in pieces)
        if lacking > 0:
            piece.times = min(piece.most, piece.times + -(-lacking // len(piece.unit)))
    return "".join(piece.unit * piece.times for piece in pieces)


def _once(pieces: list[_Piece]) -> str:
    return pieces[0].unit if pieces and pieces[0].most else ""


def _within(letter: str, members: list[str]) -> bool:
    ranges = (
        begin[-1:] <= letter <= each[1:] for begin, each in pairwise(members) if each[:1] == "-" and len(each) > 1
    )
    return letter in members or any(ranges)
