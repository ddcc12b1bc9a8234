"""How moments are written: in ISO 8601, and as people and file names write days, months, years and clock times.

All plays of a recording fall on one day: what is the same in all of them may be that day, as "Nov. 28, 2026",
20261128 or 2026/11/28. Where it surely is, `hotfire record` writes a placeholder (`is_near`). Where it may be, an
answer that differs in nothing else proves nothing (`found_in`).
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Final

from hotfire.equality import reading

_DAY = r"\d{4}-\d\d-\d\d"
_ISO = rf"{_DAY}[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?"
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_END = r"(?![A-Za-z0-9])"
_MONTH = (
    r"(?i:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    rf"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?){_END}\.?"
)
_WEEKDAYS: Final = ("Mon(?:day)?", "Tue(?:sday)?", "Wed(?:nesday)?", "Thu(?:rsday)?", "Fri(?:day)?", "Sat(?:urday)?")
_WEEKDAY = rf"(?:{'|'.join(_WEEKDAYS)}|Sun(?:day)?){_END}"
_HALF = rf" ?[AaPp]\.?[Mm]{_END}\.?"
_CLOCK = (
    rf"(?:(?:[01]?\d|2[0-3])(?::[0-5]\d){{1,2}}(?:[.,]\d+)?(?:{_HALF})?"
    rf"|(?:0?[1-9]|1[0-2]){_HALF}|(?:noon|midnight){_END})"
)
_AT = rf"(?:(?:,? (?:at )?|[:T]){_CLOCK}(?: ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d))?)?"
_NUMBERED = rf"\d{{1,2}}(?:st|nd|rd|th)?{_END}"
_YEAR = rf"\d{{4}}{_END}(?!-\d)"
_WORDS = (
    rf"{_WEEKDAY} {_MONTH} {{1,2}}\d{{1,2}} {_CLOCK} {_YEAR}"
    rf"|(?:{_WEEKDAY},? )?(?:{_MONTH}[ -]{{1,2}}{_NUMBERED}(?:,? {_YEAR})?"
    rf"|{_NUMBERED}\.?[ /-]?(?:of )?{_MONTH}(?:,?[ /-]{_YEAR})?){_AT}"
)
_ELSEWHERE = rf"{_NUMBERED}\.? (?:de )?[^\W\d_]{{3,12}}\.?(?: de)? {_YEAR}{_AT}"  # 28 novembre 2026
_FIGURES = (
    "(?:"
    + "|".join(rf"\d{{4}}{s}\d\d?{s}\d\d?(?!\d)|\d\d?{s}\d\d?{s}(?:\d{{4}}|\d\d)(?!\d)" for s in ("/", r"\.", "-", "_"))
    + f"){_AT}"
)
_PACKED = r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[T_]?(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?Z?)?"
_PACKED_SHORT = r"\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_IN_FIGURES = r"(?:19|20)\d\d[-/._](?:0[1-9]|1[0-2])|(?:0?[1-9]|1[0-2])[-/._](?:19|20)\d\d"

FORMS: Final = {
    "zone": rf"{_ISO} ?(?:Z|[+-]\d\d(?::?\d\d)?)",
    "naive": _ISO,
    "date": _DAY,
    "http": r"[A-Z][a-z]{2}, \d\d? [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [A-Z]{3,4}",
    "epoch": r"\d{10}(?:\.\d+)?|\d{13}(?:\.\d+)?|\d{16}|\d{19}",
    "compact": rf"{_PACKED}|{_PACKED_SHORT}",
    "words": rf"{_WORDS}|{_ELSEWHERE}",
    "figures": _FIGURES,
    "clock": _CLOCK,
    "month": rf"{_IN_FIGURES}|{_MONTH}(?:,? \d{{4}})?",
    "weekday": _WEEKDAY,
    "year": r"(?:19|20)\d\d",
}
"""How moments are written: the name in `<instant:NAME>` → a regular expression."""
ISO: Final = ("zone", "naive", "date", "http")
"""Of these nothing else is written."""
WHOLE: Final = (*ISO, "epoch", "compact", "words", "figures")
"""These name a moment, not only its part."""

_ALONE = r"(?<![A-Za-z0-9])(?<!\d[.:])(?:{})(?![A-Za-z0-9]|[.:]\d)"
IN_ISO: Final = rf"(?:{reading.INSTANTS.pattern})(?![:\d]|{_HALF})|{_DAY}(?!\d)|{FORMS['http']}"
"""A moment as machines write it; before "a.m." there is a day and a clock time."""
SPELLED: Final = _ALONE.format(rf"{_WORDS}|{_FIGURES}|{_PACKED}|{_CLOCK}")
"""A moment that is not written in ISO 8601, wherever a text may be taken apart: none that a number could be."""
_NAMED = rf"(?<![A-Za-z0-9.])(?=[A-Z]){_MONTH}"
_FOUND: Final = re.compile(
    rf"(?P<iso>{IN_ISO})|(?<!\d)(?P<packed>{_PACKED}|{_PACKED_SHORT})(?!\d)|(?P<spelled>{SPELLED}|{_ALONE.format(_ELSEWHERE)})"
    rf"|(?P<month>{_ALONE.format(_IN_FIGURES)}|{_NAMED})"
    rf"|(?P<weekday>{_ALONE.format(_WEEKDAY)})|(?<![$€£])(?P<year>{_ALONE.format(FORMS['year'])})"
)

_NEAR = timedelta(days=2)  # a moment that near to the recording belongs to the run, or to `prepare`
_RECENT = timedelta(minutes=30)
_SHORT = 6  # digits of 281126
_FULL = 8  # digits of 20261128
_CENTURY = 2000
_NUMBER = re.compile(r"\d+")


def form_of(text: str) -> str:
    """The form in which a text writes a moment: a name of `FORMS`; "" if it is none."""
    return next((name for name, shape in FORMS.items() if re.fullmatch(shape, text)), "")


def found_in(text: str, recorded: date) -> Iterator[tuple[int, int, str]]:
    """Where moments may stand in a text that was recorded on a day: from, to, and in which form.

    What might as well be a number (2026, 20261128) is one only if it is of the year around that day.
    """
    for found in _FOUND.finditer(text):
        form = form_of(found[0])
        if form and _may_be(form, found[0], recorded):
            yield found.start(), found.end(), form


def is_part(name: str, number: str, recorded: date) -> bool:
    """Whether a number is that day's year, month or day, and the name of its field says so: "year", "dueMonth"."""
    found = re.search(r"(?:(?<![A-Za-z])|(?<=[a-z])(?=[A-Z]))((?i:year|month|day))\Z", name)
    return found is not None and number == str(getattr(recorded, found[1].lower()))


def is_near(text: str, now: datetime) -> bool:
    """Whether a text reads as a moment near the recording, for whoever reads it: no number, no opening hour."""
    if (moment := reading.instant(text)) is not None:
        return abs(moment - now.timestamp()) < _NEAR.total_seconds()
    today = now.astimezone(UTC)
    match form_of(text):
        case "clock":
            clock = _clock_of(text)
            begun = datetime.combine(today.date(), datetime.min.time(), UTC) + clock
            return timedelta() <= (today - begun) % timedelta(days=1) < _RECENT
        case "compact" | "figures" | "words" as form:
            return any(abs(day - today.date()) <= _NEAR for day in _days_of(form, text, today.date()))
        case _:
            return False


def _may_be(form: str, text: str, recorded: date) -> bool:
    match form:
        case "compact" if len(text) == _SHORT:
            return any(abs(day - recorded) <= _NEAR for day in _days_of(form, text, recorded))
        case "compact" | "figures" | "words":
            return any(abs(day.year - recorded.year) <= 1 for day in _days_of(form, text, recorded))
        case "month" if not _NUMBER.search(text):
            return (_month_of(text) - recorded.month + 1) % len(_MONTHS) <= 1 + 1
        case "month" | "year":
            return any(abs(int(number) - recorded.year) <= 1 for number in _NUMBER.findall(text))
        case _:
            return True


def _days_of(form: str, text: str, around: date) -> Iterator[date]:
    """The days that a text may name, read one way or the other: 3.4.2026 is two."""
    numbers = _NUMBER.findall(text)
    if form == "compact":
        digits = text if len(text) == _SHORT else text[2:_FULL]
        spelled = [(digits[:2], digits[2:4], digits[4:6])]
    elif form == "figures":
        first, second, third = numbers[:3]
        spelled = [(first, second, third)] if len(first) > 2 else [(third, second, first), (third, first, second)]
    else:
        year = next((number for number in numbers if len(number) > 2), "")
        years = [year] if year else [str(around.year + offset) for offset in (-1, 0, 1)]
        spelled = [(each, str(_month_of(text) or around.month), numbers[0]) for each in years]
    for year, month, day in spelled:
        with suppress(ValueError):
            yield date(int(year) + (_CENTURY if len(year) == 2 else 0), int(month), int(day))


def _month_of(text: str) -> int:
    """The month that a text names; 0 if it is in a language that is not known here."""
    words = (word[:3].lower() for word in re.findall(r"[^\W\d_]+", text))
    return next((_MONTHS.index(word) + 1 for word in words if word in _MONTHS), 0)


def _clock_of(text: str) -> timedelta:
    """The time of a day: "5:56 a.m.", "noon"."""
    hour, minute, *_ = [*(int(number) for number in _NUMBER.findall(text)), 0, 0]
    if text in ("noon", "midnight"):
        hour = 12 if text == "noon" else 0
    elif half := re.search(r"([AaPp])\.?[Mm]", text):
        hour = hour % 12 + (12 if half[1] in "Pp" else 0)
    return timedelta(hours=hour, minutes=minute)
