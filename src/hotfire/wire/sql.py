"""SQL read only as far as names are made of it: statements told apart, what differs from run to run taken out.

Rules
- Literals, numbers and parameters become `?`; comments go; white space folds to one blank; words keep their case.
- `IN (?, ?)` and `ARRAY[?, ?]` become `IN (…)` and `ARRAY[…]`; however many rows, `VALUES (…)`.
- The names of savepoints, cursors and prepared statements become `?`: drivers number them.
- A statement ends at a `;` outside parentheses, quotes, comments and `BEGIN ATOMIC … END`.
No grammar is known beyond this. What a statement really wrote is told by the change log, never by its text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

Turn = Literal["", "begin", "commit", "rollback", "commit and chain", "rollback and chain"]
Verb = Literal["", "prepare", "execute", "deallocate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One normalised statement.

    `turn` is what it does to the transaction; `verb` and `name` say what it does to the prepared statement of that
    name (`DEALLOCATE ALL` has the name ""). A PREPARE's own statement is the part of `text` after " AS ".
    """

    text: str
    turn: Turn = ""
    verb: Verb = ""
    name: str = ""


class _Token(NamedTuple):  # a tuple: a thousand are made where a driver writes its values into the text
    text: str
    gap: bool
    """Whether white space or a comment stands before it."""


_TOKEN = re.compile(
    r"""
    (?P<gap>(?:\s+|--[^\n]*)+)
  | (?P<comment>/\*)
  | (?P<literal>
        [eE]'[^'\\]*(?:(?:''|\\.)[^'\\]*)*'
      | (?:[bBxXnN]|[uU]&)?'[^']*(?:''[^']*)*'
      | \$(?P<tag>(?:[^\W\d]\w*)?)\$.*?\$(?P=tag)\$
      | \$\d+
      | 0[xXoObB][0-9A-Fa-f_]+
      | (?:\d[\d_]*(?:\.(?!\.)[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?
    )
  | (?P<word>(?:[uU]&)?"[^"]*(?:""[^"]*)*"|[^\W\d][\w$]*)
  | (?P<operator>(?:(?!--|/\*)[-+*/<>=~!@\#%^&|`?])+)
  | (?P<mark>::|:=|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_COMMENT_EDGE = re.compile(r"/\*|\*/")
# After these a sign belongs to the number behind it, so that -1 and 1 read alike.
_BEFORE_SIGN = frozenset(("(", "[", ",", "=", "<", ">", "<=", ">=", "<>", "!=", "||")) | frozenset(
    ("SELECT", "WHERE", "AND", "OR", "NOT", "THEN", "ELSE", "WHEN", "LIKE", "BETWEEN", "LIMIT", "OFFSET", "BY")
)
_SIGNS = frozenset("+-")
_OPENING, _CLOSING = frozenset("(["), frozenset(")]")
_OPENING_OR_SIGN = _OPENING | _SIGNS
_NAME_SECOND = frozenset(("SAVEPOINT", "PREPARE", "EXECUTE", "DECLARE"))
_NAME_LAST = frozenset(("RELEASE", "DEALLOCATE", "CLOSE", "FETCH", "MOVE"))
_WRITING = frozenset(("INSERT", "UPDATE", "DELETE", "MERGE", "TRUNCATE", "CALL", "DO")) | frozenset(
    ("CREATE", "ALTER", "DROP", "GRANT", "REVOKE", "COMMENT", "REFRESH", "REASSIGN", "IMPORT", "SECURITY")
)
_WRITES_WITHIN = re.compile(
    r"\b(?:INSERT\s+INTO|DELETE\s+FROM|MERGE\s+INTO|(?<!\bFOR )(?<!\bNO KEY )(?<!\bDO )UPDATE)\b", re.IGNORECASE
)
_COPY_IN = re.compile(r"^COPY\s[^()]*(?:\([^()]*\)\s*)?FROM\b", re.IGNORECASE)
_SELECT_INTO = re.compile(r"^SELECT\b[^()]*\bINTO\b", re.IGNORECASE)
_EXPLAIN = re.compile(r"^EXPLAIN\s+(?:\([^()]*\)\s*|(?:ANALYZE|VERBOSE)\s+)*", re.IGNORECASE)


def normalise(sql: str) -> str:
    """The statements of `sql` in normal form, joined by "; ": `INSERT INTO posts (id, title) VALUES (…)`."""
    return "; ".join(statement.text for statement in read(sql.encode()))


def read(sql: bytes) -> tuple[Statement, ...]:
    """The statements of `sql` as it stands on the wire (UTF-8; other bytes are replaced)."""
    return tuple(_statement(tokens) for tokens in _split(sql.decode("utf-8", "replace")) if tokens)


def writes(text: str) -> bool:
    """Whether normalised `text` looks as if it may write; a function called in a SELECT may write without it."""
    return any(_statement_writes(statement) for statement in text.split("; "))


def _statement_writes(text: str) -> bool:
    first = text.partition(" ")[0].upper()
    match first:
        case "WITH":
            return _WRITES_WITHIN.search(text) is not None
        case "COPY":
            return _COPY_IN.match(text) is not None
        case "SELECT":
            return _SELECT_INTO.match(text) is not None
        case "EXPLAIN":
            prefix = _EXPLAIN.match(text)
            return prefix is not None and "ANALYZE" in prefix[0].upper() and _statement_writes(text[prefix.end() :])
        case _:
            return first in _WRITING


def _tokens(sql: str) -> Iterator[_Token]:
    """The tokens of `sql` without comments, literals already `?`."""
    at, gap = 0, False
    while found := _TOKEN.match(sql, at):
        at = found.end()
        match found.lastgroup:
            case "gap":
                gap = True
                continue
            case "comment":
                at, gap = _comment_end(sql, at), True
                continue
            case "literal":
                yield _Token(text="?", gap=gap)
            case _:
                yield _Token(text=found[0], gap=gap)
        gap = False


def _comment_end(sql: str, at: int) -> int:
    """Where the block comment opened before `at` ends: they nest."""
    depth = 1
    while depth:
        edge = _COMMENT_EDGE.search(sql, at)
        if edge is None:
            return len(sql)
        depth += 1 if edge[0] == "/*" else -1
        at = edge.end()
    return at


def _split(sql: str) -> Iterator[list[_Token]]:
    """The tokens of each statement."""
    statement: list[_Token] = []
    depth, atomic = 0, 0
    last = ""
    for token in _tokens(sql):
        word = token.text.upper()
        if word == ";" and depth <= 0 and not atomic:
            yield statement
            statement, depth = [], 0
            continue
        statement.append(token)
        depth += (word == "(") - (word == ")")
        if word == "ATOMIC" and last == "BEGIN":
            atomic = 1
        elif atomic:
            atomic += (word == "CASE") - (word == "END")
        last = word
    yield statement


def _statement(tokens: list[_Token]) -> Statement:
    words = [token.text.upper() for token in tokens]
    verb, name = _prepared(words, tokens)
    return Statement(text=_text(_unnamed(tokens, words)), turn=_turn(words), verb=verb, name=name)


def _turn(words: list[str]) -> Turn:
    chain = words[-2:] == ["AND", "CHAIN"]
    match words:
        case ["BEGIN", *_] | ["START", "TRANSACTION", *_]:
            return "begin"
        case ["COMMIT" | "END", *rest] if rest[:1] != ["PREPARED"]:
            return "commit and chain" if chain else "commit"
        case ["ROLLBACK" | "ABORT", *rest] if rest[:1] != ["PREPARED"] and "TO" not in rest:
            return "rollback and chain" if chain else "rollback"
        case ["PREPARE", "TRANSACTION", *_]:
            return "rollback"  # nothing of it is there until COMMIT PREPARED, which another session may send
        case _:
            return ""


def _prepared(words: list[str], tokens: list[_Token]) -> tuple[Verb, str]:
    match words:
        case ["DEALLOCATE", "ALL"] | ["DEALLOCATE", "PREPARE", "ALL"] | ["DISCARD", "ALL"]:
            return "deallocate", ""
        case ["DEALLOCATE", *_, _]:
            return "deallocate", _identifier(tokens[-1].text)
        case ["PREPARE", name, *_] if name != "TRANSACTION":
            return "prepare", _identifier(tokens[1].text)
        case ["EXECUTE", _, *_]:
            return "execute", _identifier(tokens[1].text)
        case _:
            return "", ""


def _identifier(text: str) -> str:
    return text[1:-1].replace('""', '"') if text.startswith('"') else text.lower()


def _unnamed(tokens: list[_Token], words: list[str]) -> list[_Token]:
    """The tokens with the names that drivers number taken out."""
    at: int | None = None
    match words:
        case ["PREPARE", "TRANSACTION", *_] | ["DEALLOCATE" | "CLOSE", *_, "ALL"]:
            pass
        case [verb, _, *_] if verb in _NAME_SECOND:
            at = 1
        case [verb, *_, _] if verb in _NAME_LAST or (verb == "ROLLBACK" and "TO" in words):
            at = len(words) - 1
        case [*_, "CURRENT", "OF", _]:
            at = len(words) - 1
        case _:
            pass
    if at is None:
        return tokens
    return [*tokens[:at], _Token(text="?", gap=tokens[at].gap), *tokens[at + 1 :]]


def _text(tokens: list[_Token]) -> str:
    """The tokens as one line of text, lists folded."""
    parts: list[str] = []
    at, last = 0, ""
    while at < len(tokens):
        token = tokens[at]
        if token.text in _SIGNS and last in _BEFORE_SIGN and at + 1 < len(tokens) and tokens[at + 1].text == "?":
            at += 1
            token = _Token(text="?", gap=token.gap)
        parts.append(" " + token.text if last and _spaced(last, token) else token.text)
        at, last = at + 1, token.text.upper()
        end = _list_end(last, tokens, at)
        if end > at:
            parts.append("[…]" if last == "ARRAY" else " (…)")
            at, last = end, ")"
    return "".join(parts)


def _spaced(last: str, token: _Token) -> bool:
    if token.text in {",", ")", "]"} or last in {"(", "["}:
        return False
    return token.gap or last == ","


def _list_end(word: str, tokens: list[_Token], at: int) -> int:
    """Where the list behind `word` ends if it is one to fold, else `at`."""
    match word:
        case "VALUES":
            end = _balanced_end(tokens, at)
            while end > at and [t.text for t in tokens[end : end + 2]] == [",", "("]:
                end = _balanced_end(tokens, end + 1)
            return end
        case "IN" | "ARRAY":
            first = next((token.text for token in tokens[at:] if token.text not in _OPENING_OR_SIGN), "")
            return _balanced_end(tokens, at) if first == "?" else at
        case _:
            return at


def _balanced_end(tokens: list[_Token], at: int) -> int:
    """Where the bracket that opens at `at` has been closed; `at` itself if none opens there."""
    depth, end = 0, at
    while end < len(tokens):
        text = tokens[end].text
        depth += (text in _OPENING) - (text in _CLOSING)
        if depth <= 0:
            return end + 1 if end > at else at
        end += 1
    return end
