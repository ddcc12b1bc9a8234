"""What frameworks document that they read as the type that is wanted, though a document calls it another.

7 for a text, "7" for a number, 1.5 for an integer, 1 or "yes" for a boolean   pydantic, DRF, marshmallow, forms
a value for a list of one, a list for a set                                    likewise
no coercion: an object or a list for anything else, anything for an object, a word for a number or a boolean
"""

import json
from functools import reduce

from hotfire.model.edit import Edit
from hotfire.model.pointer import tokens_of
from hotfire.model.request import Request

_OF_TYPE = {"type", "format", "uniqueItems"}  # the keywords of JSON Schema that a coercion passes by
_BOOLEANS = {"true", "false", "t", "f", "yes", "no", "y", "n", "on", "off", "1", "0", ""}


def is_coercion(request: Request | None, edit: Edit | None, keyword: str) -> bool:
    """Whether a value that was taken may have been read as what was wanted. A text in a URL or a form always may.

    Nor is it known what is wanted where the undisturbed request has nothing: then it may, unless it is an object.
    """
    if keyword != "type" or edit is None or edit.part != "body":
        return keyword in _OF_TYPE
    new, own = _value(edit.value), _own(request, edit)
    if isinstance(own, dict):
        return new is None
    if own is None or isinstance(own, list):
        return not isinstance(new, dict)
    return not isinstance(new, dict | list) and not (isinstance(new, str) and _is_other_word(new, own))


def _is_other_word(text: str, own: object) -> bool:
    """Whether a text is none for what is wanted: no number, or neither yes nor no."""
    if isinstance(own, bool):
        return text.strip().lower() not in _BOOLEANS
    return isinstance(own, int | float) and not _is_number(text)


def _own(request: Request | None, edit: Edit) -> object:
    """What stands there in the undisturbed request; None where nothing does."""
    body = _value(request.body) if request and not request.binary else None
    return reduce(_member, tokens_of(edit.place), body)


def _member(value: object, token: str) -> object:
    match value:
        case dict():
            return value.get(token)
        case list() if token.isdecimal() and int(token) < len(value):
            return value[int(token)]
    return None


def _value(text: str) -> object:
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
