"""Has every id that SQLite gives count on from the last one given, as a sequence of a server does.

A plain INTEGER PRIMARY KEY is given the highest id in use plus one: the first order and the first mail are both 1, in
every run, and no order of two requests can be told from the other by anything else. So in the template, and nowhere
else, such a column becomes AUTOINCREMENT, which is a word in the table's declaration and a counter; then each counter
can be moved to a range of its own. Ids of deleted rows are not given again; nothing else is different.

Pure: a declaration in, a declaration out.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    r"""
    (?P<gap>\s+|--[^\n]*|/\*.*?(?:\*/|\Z))
  | (?P<name>"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|'(?:[^']|'')*'|\w+)
  | (?P<mark>.)
    """,
    re.VERBOSE | re.DOTALL,
)


class _Token(NamedTuple):
    text: str
    end: int
    depth: int  # of the brackets around it


def counting(declaration: str, column: str) -> str:
    """The CREATE TABLE with AUTOINCREMENT at its primary key, which is `column`; "" where that key is not found."""
    for item in _items(declaration):
        words = [_bare(token.text) for token in item]
        outer = [token for token in item if token.depth == 1]
        if words[:1] == [column.upper()] and (end := _end_of_key(outer)):
            return f"{declaration[:end]} AUTOINCREMENT{declaration[end:]}"
        if words[:2] == ["PRIMARY", "KEY"] or (words[:1] == ["CONSTRAINT"] and words[2:4] == ["PRIMARY", "KEY"]):
            inner = [token for token in item if token.depth == 2]
            if inner and _bare(inner[0].text) == column.upper():
                return f"{declaration[: inner[-1].end]} AUTOINCREMENT{declaration[inner[-1].end :]}"
    return ""


def _end_of_key(tokens: list[_Token]) -> int:
    """Where PRIMARY KEY, its order and its conflict clause end among a column's tokens; 0 where there is none."""
    words = [token.text.upper() for token in tokens]
    at = next((index for index in range(len(words) - 1) if words[index : index + 2] == ["PRIMARY", "KEY"]), -1)
    if at < 0:
        return 0
    last = at + 1
    if words[last + 1 : last + 2] == ["ASC"]:
        last += 1
    if words[last + 1 : last + 3] == ["ON", "CONFLICT"]:
        last += 3
    return tokens[last].end


def _items(declaration: str) -> Iterator[list[_Token]]:
    """The columns and constraints of a CREATE TABLE, without the commas between them and the brackets inside."""
    item: list[_Token] = []
    depth = 0
    for found in _TOKEN.finditer(declaration):
        text = found[0]
        if found.lastgroup == "gap":
            continue
        if text == ")":
            depth -= 1
        if (text == "," and depth == 1) or (text == ")" and depth == 0):
            yield item
            item = []
        elif depth and text not in {"(", ")"}:
            item.append(_Token(text=text, end=found.end(), depth=depth))
        if text == "(":
            depth += 1


def _bare(text: str) -> str:
    if text[:1] in {'"', "`", "'"}:
        return text[1:-1].replace(text[0] * 2, text[0]).upper()
    return (text[1:-1] if text.startswith("[") else text).upper()
