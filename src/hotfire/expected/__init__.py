"""What steps are expected to answer: learned from undisturbed runs, kept as files that a person reviews, compared."""

from hotfire.expected.comparing import NOTES, Category, Difference, Known, compare, learn_request
from hotfire.expected.document import REVIEWED, Expected, name_of, parse, written
from hotfire.expected.form import Form, form_of_reply
from hotfire.expected.keeping import holding, keep
from hotfire.expected.learning import learn

__all__ = [
    "NOTES",
    "REVIEWED",
    "Category",
    "Difference",
    "Expected",
    "Form",
    "Known",
    "compare",
    "form_of_reply",
    "holding",
    "keep",
    "learn",
    "learn_request",
    "name_of",
    "parse",
    "written",
]
