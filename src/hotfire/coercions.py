"""What frameworks document that they read as the type that is wanted, though a document calls it another.

7 for a text, "7" for a number, 1.5 for an integer, 1 or "yes" for a boolean   pydantic, DRF, marshmallow, forms
a value for a list of one, a list for a set                                    likewise
no coercion: an object for anything else, a word for a number
"""

import json

from hotfire.editing.leaves import leaves
from hotfire.model.edit import Edit
from hotfire.model.request import Request

_OF_TYPE = {"type", "format", "uniqueItems"}  # the keywords of JSON Schema that a coercion passes by


def is_coercion(request: Request | None, edit: Edit | None, keyword: str) -> bool:
    """Whether a value that was taken may have been read as what was wanted. A text in a URL or a form always may."""
    if keyword != "type" or edit is None or edit.part != "body":
        return keyword in _OF_TYPE
    new, own = _value(edit.value), _value(_own(request, edit))
    wants_number = isinstance(own, int | float) and not isinstance(own, bool)
    return not isinstance(new, dict) and not (wants_number and isinstance(new, str) and not _is_number(new))


def _own(request: Request | None, edit: Edit) -> str:
    """What stands there in the undisturbed request, if it is a scalar."""
    found = leaves(request) if request else ()
    return next((each.value for each in found if (each.part, each.place) == (edit.part, edit.place)), "null")


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
