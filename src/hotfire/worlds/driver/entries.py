"""A form as a value: its controls, what a person writes into them, and the request body that this makes.

WHATWG HTML, 4.10.21.4 "Constructing the entry list" and 4.10.21.7 "Multipart form data"; the page that a form stands
in is read by `forms.py`.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias
from urllib.parse import quote_plus

from hotfire.errors import UsageError

BOUNDARY = hashlib.sha256(b"hotfire").hexdigest()[:32]
"""Without luck, or no two plays would send the same bytes (RFC 2046, 5.1.1)."""

Kind = Literal["text", "hidden", "box", "radio", "select", "file", "button", "image"]

Upload: TypeAlias = tuple[str, bytes | str] | tuple[str, bytes | str, str]
"""A file as it is uploaded: its name, its content and, if it is not application/octet-stream, its type."""

Value: TypeAlias = str | float | bool | Upload | Sequence[str] | Sequence[Upload] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One option of a select."""

    value: str
    label: str
    chosen: bool = False
    disabled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One control that is not disabled. `chosen`: a box or radio that is checked, the button that is pressed."""

    name: str
    kind: Kind
    value: str = ""
    chosen: bool = True
    multiple: bool = False
    options: tuple[Option, ...] = ()
    files: tuple[Upload, ...] = ()
    direction: str = ""

    def entries(self) -> Iterator[tuple[str, str | Upload]]:
        """What it adds to the entry list, if it is successful."""
        match self.kind:
            case "select":
                chosen = (option.value for option in self.options if option.chosen and not option.disabled)
                yield from ((self.name, value) for value in chosen if self.name)
            case "file":
                files = self.files or (("", b""),)
                yield from ((self.name, file) for file in files if self.name)
            case "image" if self.chosen:
                prefix = f"{self.name}." if self.name else ""
                yield from ((f"{prefix}x", "0"), (f"{prefix}y", "0"))
            case _ if self.name and self.chosen:
                yield self.name, self.value
                if self.direction:
                    yield self.direction, "ltr"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form of one page: where it goes (path and query), how, and with what, in tree order."""

    action: str
    method: Literal["GET", "POST"]
    encoding: str
    controls: tuple[Control, ...]
    called: str

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of its fields, in tree order."""
        return tuple(dict.fromkeys(control.name for control in self.controls if control.name))

    def is_again(self, other: "Form") -> bool:
        """Whether the other is this form once more, as a page shows it that was not content with what came."""
        return (self.method, _path(self.action)) == (other.method, _path(other.action))


def fill(form: Form, values: Mapping[str, Value]) -> Form:
    """The form with these values in place of those that stand in the page.

    A text for a field, a select or a group of radio buttons; True or False, or the values to be checked, for boxes;
    `(name, content, type)` for a file; a list where there are several. A button's name presses it.

    Raises:
        UsageError: the form has no such field, or a field cannot take the value.
    """
    for name, value in values.items():
        own = [control for control in form.controls if control.name == name]
        if not own:
            hint = f"its fields are: {', '.join(form.fields) or 'none'}"
            raise UsageError(f"{form.called} has no field {name!r}", hint=hint)
        changed = iter(_changed(f"{form.called}, field {name!r}", own, value))
        form = replace(form, controls=tuple(next(changed) if each in own else each for each in form.controls))
        if any(each.kind in {"button", "image"} for each in own):
            form = replace(form, controls=tuple(_released(each, name) for each in form.controls))
    return form


def _released(control: Control, pressed: str) -> Control:
    other = control.kind in {"button", "image"} and control.name != pressed
    return replace(control, chosen=False) if other else control


def _changed(where: str, own: Sequence[Control], value: Value) -> list[Control]:
    """The controls of one name with their new values."""
    kinds = {control.kind for control in own}
    if "file" in kinds:
        return _uploading(where, own, value)
    if "select" in kinds:
        return [_selecting(where, control, _texts(where, value)) for control in own]
    if kinds & {"box", "radio"}:
        return _checking(where, own, value)
    if kinds & {"button", "image"}:
        return _pressing(where, own, value)
    texts = _texts(where, value)
    if len(texts) != len(own):
        raise UsageError(f"{where} stands {len(own)} times, not {len(texts)}", hint=f"write a list of {len(own)} texts")
    return [replace(control, value=text) for control, text in zip(own, texts, strict=True)]


def _checking(where: str, own: Sequence[Control], value: Value) -> list[Control]:
    """Boxes and radio buttons; a hidden field of the same name, as some frameworks put there, stays as it is."""
    ours = [control for control in own if control.kind in {"box", "radio"}]
    if isinstance(value, bool) and len(ours) == 1 and ours[0].kind == "box":
        return [replace(control, chosen=value) if control in ours else control for control in own]
    wanted, there = _texts(where, value), [control.value for control in ours]
    _known(where, wanted, there)
    return [replace(each, chosen=each.value in wanted) if each in ours else each for each in own]


def _pressing(where: str, own: Sequence[Control], value: Value) -> list[Control]:
    if value is True and len(own) == 1:
        return [replace(own[0], chosen=True)]
    wanted = _texts(where, value)
    _known(where, wanted, [control.value for control in own])
    return [replace(control, chosen=control.value in wanted) for control in own]


def _selecting(where: str, control: Control, wanted: Sequence[str]) -> Control:
    """Options by their value, else by the label that a person reads."""
    labels = {option.label: option.value for option in reversed(control.options)}
    values = {option.value for option in control.options if not option.disabled}
    chosen = [text if text in values else labels.get(text, text) for text in wanted]
    _known(where, chosen, sorted(values))
    if len(chosen) > 1 and not control.multiple:
        raise UsageError(f"{where} takes one option, not {len(chosen)}", hint="write one text")
    options = tuple(replace(option, chosen=option.value in chosen) for option in control.options)
    return replace(control, options=options)


def _known(where: str, wanted: Iterable[str], there: Sequence[str]) -> None:
    for text in wanted:
        if text not in there:
            raise UsageError(f"{where} cannot take {text!r}", hint=f"it takes: {', '.join(map(repr, there))}")


def _uploading(where: str, own: Sequence[Control], value: Value) -> list[Control]:
    given = [value] if isinstance(value, tuple) else value
    if not isinstance(given, list | tuple) or not all(
        isinstance(each, tuple) and len(each) in {2, 3} for each in given
    ):
        hint = f'write {where.rpartition(" ")[2].strip(chr(39))}=("books.csv", b"title\\n…", "text/csv")'
        raise UsageError(f"{where} takes a file: its name, its content and its type", hint=hint)
    files: tuple[Upload, ...] = tuple(each for each in given if isinstance(each, tuple))
    return [replace(control, files=files) for control in own]


def _texts(where: str, value: Value) -> list[str]:
    if value is None:
        return [""]
    if isinstance(value, bool | bytes):
        raise UsageError(f"{where} takes a text, not {value!r}", hint="True and False are for a single box")
    if isinstance(value, list | tuple):
        return [str(each) for each in value]
    return [str(value)]


# the request


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """What a browser would send: the target, and the body with its type (empty for GET)."""

    method: str
    target: str
    content: bytes = b""
    content_type: str = ""


def send(form: Form) -> Sending:
    """The request that submitting the form makes; text is UTF-8, each line ends with CRLF."""
    entries = [(_lines(name), value) for control in form.controls for name, value in control.entries()]
    if form.method == "GET":
        return Sending(method="GET", target=f"{_path(form.action)}?{_urlencoded(entries)}")
    content, content_type = _encoded(form.encoding, entries)
    return Sending(method="POST", target=form.action, content=content, content_type=content_type)


Entries = Sequence[tuple[str, str | Upload]]


def _encoded(encoding: str, entries: Entries) -> tuple[bytes, str]:
    match encoding:
        case "multipart/form-data":
            parts = b"".join(_part(name, value) for name, value in entries)
            return parts + f"--{BOUNDARY}--\r\n".encode(), f"multipart/form-data; boundary={BOUNDARY}"
        case "text/plain":
            return "".join(f"{name}={_text(value)}\r\n" for name, value in entries).encode(), "text/plain"
        case _:
            return _urlencoded(entries).encode(), "application/x-www-form-urlencoded"


def _urlencoded(entries: Entries) -> str:
    return "&".join(f"{_quoted(name)}={_quoted(_text(value))}" for name, value in entries)


def _quoted(text: str) -> str:
    """URL standard, 5.2: all but letters, digits and *-._ is escaped, a space is a plus."""
    return quote_plus(text, safe="*").replace("~", "%7E")


def _text(value: str | Upload) -> str:
    """A file stands as its name where only text goes."""
    return _lines(value if isinstance(value, str) else value[0])


def _part(name: str, value: str | Upload) -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{_escaped(name)}"'
    if isinstance(value, str):
        return f"{head}\r\n\r\n{_lines(value)}\r\n".encode()
    file, content = value[0], value[1].encode() if isinstance(value[1], str) else value[1]
    kind = value[2] if len(value) == 3 else "application/octet-stream"
    return f'{head}; filename="{_escaped(file)}"\r\nContent-Type: {kind}\r\n\r\n'.encode() + content + b"\r\n"


def _escaped(name: str) -> str:
    return name.replace("\r", "%0D").replace("\n", "%0A").replace('"', "%22")


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")


def _path(action: str) -> str:
    return action.partition("?")[0]
