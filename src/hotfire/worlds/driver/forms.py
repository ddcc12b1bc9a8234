"""The forms of a page, found by CSS selector, with their controls as the HTML standard counts them (4.10.21).

Needs selectolax (`pip install "hotfire[forms]"`), which parses a page as browsers do.
"""

import contextlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Protocol, cast
from urllib.parse import urljoin, urlsplit

from hotfire.errors import SetupError, UsageError
from hotfire.worlds.driver.entries import Control, Form, Kind, Option

_BUTTONS = {"submit": "button", "image": "image"}
_KINDS: Mapping[str, Kind] = {"hidden": "hidden", "checkbox": "box", "radio": "radio", "file": "file"}
_TABLE = {"table", "thead", "tbody", "tfoot", "tr"}
_COMPLAINTS = "[role=alert], [class*=error], [class*=invalid], [class*=alert], [class*=danger], [class*=warning]"
_BEFORE_STOP = re.compile(r" ([.,;:!?])")
_SHOWN = 300


class Node(Protocol):
    """What is asked of an element of a parsed page."""

    @property
    def tag(self) -> str | None:
        """Its name, in lower case."""
        ...

    @property
    def attributes(self) -> dict[str, str | None]:
        """Its attributes; one without a value is None."""
        ...

    @property
    def parent(self) -> "Node | None":
        """The element that it stands in."""
        ...

    @property
    def mem_id(self) -> int:
        """Its identity."""
        ...

    def css(self, query: str) -> "list[Node]":
        """The elements below that fit, in tree order."""
        ...

    def text(self, *, separator: str = "") -> str:
        """All text below."""
        ...


def find_form(page: str, url: str, selector: str, press: str = "") -> Form:
    """The one form of the page that the selector names; `url` is the page's own, `press` names a button by selector.

    Without `press` the form's default button is pressed: its first (4.10.21.2).

    Raises:
        UsageError: no form or several fit, the button is not there, or the form goes to another host.
        SetupError: selectolax is not installed.
    """
    root = _parsed(page)
    found = [node for node in _css(root, selector) if node.tag == "form"]
    if len(found) != 1:
        told = "; ".join(_named(form) for form in root.css("form")) or "none"
        problem = f"{len(found) or 'no'} form{'s' if len(found) > 1 else ''} of the page {url} fit {selector!r}"
        raise UsageError(problem, hint=f"name one of its forms: {told}")
    pressed = {node.mem_id for node in _css(root, press)} if press else set()
    return _Reader(root, url, selector, found[0], pressed).form(press)


def forms_at(page: str, url: str, selector: str) -> list[Form]:
    """All forms of an answer's page that the selector names, as they are."""
    root = _parsed(page)
    found: list[Form] = []
    for node in root.css(selector):
        if node.tag == "form":
            with contextlib.suppress(UsageError):  # one that goes to another host
                found.append(_Reader(root, url, selector, node, set()).form(""))
    return found


def complaints(page: str) -> str:
    """What a page that was not content tells its reader: the texts marked as errors, else how its form begins."""
    root = _parsed(page)
    marked = root.css(_COMPLAINTS)
    around = {id_ for node in marked for id_ in _above(node)}
    texts = dict.fromkeys(text for node in marked if node.mem_id not in around and (text := _words(node)))
    shown = "; ".join(texts) or " ".join(_words(form) for form in root.css("form"))
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"


class _Reader:
    """Reads one form of a page."""

    def __init__(self, root: Node, url: str, selector: str, form: Node, pressed: set[int]) -> None:
        self._root = root
        self._url = url
        self._form = form
        self._called = f"the form {selector!r} of {url}"
        self._pressed = pressed

    def form(self, press: str) -> Form:
        """The form, with the button that is pressed."""
        nodes = [node for node in self._root.css("input, button, select, textarea") if self._is_own(node)]
        buttons = [node for node in nodes if _is_button(node)]
        pressed = next((node for node in buttons if node.mem_id in self._pressed or not press), None)
        if press and pressed is None:
            told = "; ".join(_named(button) for button in buttons) or "none"
            raise UsageError(f"{self._called} has no button {press!r}", hint=f"its buttons are: {told}")
        controls = [control for node in nodes for control in _control(node, pressed)]
        return Form(
            action=self._action(pressed),
            method="POST" if self._says("method", pressed) == "post" else "GET",
            encoding=self._says("enctype", pressed) or "application/x-www-form-urlencoded",
            controls=tuple(_one_of_each_group(controls)),
            called=self._called,
        )

    def _is_own(self, node: Node) -> bool:
        if _disabled(node) or any(above.tag == "datalist" for above in _ancestors(node)):
            return False
        owner = node.attributes.get("form")
        if owner is not None:
            return owner == self._form.attributes.get("id")
        nearest = next((above for above in _ancestors(node) if above.tag == "form"), None)
        if nearest is None and self._form.parent is not None and self._form.parent.tag in _TABLE:
            return any(above.mem_id == self._form.parent.mem_id for above in _ancestors(node))  # 13.2.6.4.9
        return nearest is not None and nearest.mem_id == self._form.mem_id

    def _says(self, word: str, pressed: Node | None) -> str:
        """What the form says of itself, unless its button says otherwise."""
        own = pressed.attributes.get(f"form{word}") if pressed else None
        return (own or self._form.attributes.get(word) or "").strip().lower()

    def _action(self, pressed: Node | None) -> str:
        given = (pressed.attributes.get("formaction") if pressed else None) or self._form.attributes.get("action") or ""
        bases = [href for node in self._root.css("base[href]") if (href := node.attributes.get("href"))]
        base = urljoin(self._url, bases[0]) if bases else self._url
        target = urlsplit(urljoin(base, given.strip()) if given.strip() else self._url)
        if target.netloc != urlsplit(self._url).netloc:
            raise UsageError(
                f"{self._called} goes to {target.scheme}://{target.netloc}, which is not the service under test",
                hint="only the service itself is reached: send its other half with a verb, to a relative URL",
            )
        return (target.path or "/") + (f"?{target.query}" if target.query else "")


def _parsed(page: str) -> Node:
    try:
        from selectolax.lexbor import LexborHTMLParser  # noqa: PLC0415  # an extra: only paths with forms need it
    except ImportError:
        hint = 'install it beside hotfire: pip install "hotfire[forms]"'
        raise SetupError("a critical path reads a page, and selectolax is not installed", hint=hint) from None
    return cast("Node", LexborHTMLParser(page).root or LexborHTMLParser("<p>").root)


def _css(root: Node, selector: str) -> list[Node]:
    try:
        return root.css(selector)
    except Exception as error:
        hint = 'write it as in a style sheet: "#new-post", "form[action=\'/posts\']"'
        raise UsageError(f"{selector!r} is no CSS selector", hint=hint) from error


def _ancestors(node: Node) -> Iterator[Node]:
    while (above := node.parent) is not None:
        yield above
        node = above


def _above(node: Node) -> Iterator[int]:
    return (above.mem_id for above in _ancestors(node))


def _disabled(node: Node) -> bool:
    """Its own attribute, or a fieldset's, but for what stands in the fieldset's first legend (4.10.18.5)."""
    if "disabled" in node.attributes:
        return True
    inside = [node, *_ancestors(node)]
    for place, above in enumerate(inside):
        if above.tag == "fieldset" and "disabled" in above.attributes:
            legends = [
                legend for legend in above.css("legend") if legend.parent and legend.parent.mem_id == above.mem_id
            ]
            if not legends or legends[0].mem_id not in {each.mem_id for each in inside[:place]}:
                return True
    return False


def _type(node: Node) -> str:
    default = "submit" if node.tag == "button" else "text"
    return (node.attributes.get("type") or default).strip().lower()


def _is_button(node: Node) -> bool:
    return node.tag in {"input", "button"} and _type(node) in _BUTTONS


def _control(node: Node, pressed: Node | None) -> Iterator[Control]:
    """The element as a control; a button that submits nothing is none."""
    name, value = node.attributes.get("name") or "", node.attributes.get("value")
    if node.tag == "textarea":
        yield Control(name=name, kind="text", value=node.text(), direction=node.attributes.get("dirname") or "")
    elif node.tag == "select":
        options = tuple(map(_option, node.css("option")))
        yield _select(Control(name=name, kind="select", multiple="multiple" in node.attributes, options=options))
    elif _is_button(node):
        chosen = pressed is not None and pressed.mem_id == node.mem_id
        kind: Kind = "image" if _type(node) == "image" else "button"
        yield Control(name=name, kind=kind, value=value or "", chosen=chosen)
    elif node.tag == "button" or _type(node) in {"button", "reset"}:
        return
    elif name == "_charset_" and _type(node) == "hidden":
        yield Control(name=name, kind="hidden", value="UTF-8")
    else:
        kind = _KINDS.get(_type(node), "text")
        boxed = kind in {"box", "radio"}
        yield Control(
            name=name,
            kind=kind,
            value=("on" if value is None else value) if boxed else value or "",
            chosen="checked" in node.attributes if boxed else True,
            multiple="multiple" in node.attributes,
            direction=(node.attributes.get("dirname") or "") if kind == "text" else "",
        )


def _option(node: Node) -> Option:
    group = node.parent
    words = " ".join(node.text().split())
    label = node.attributes.get("label") or words
    return Option(
        value=(node.attributes.get("value") or "") if "value" in node.attributes else words,
        label=label,
        chosen="selected" in node.attributes,
        disabled="disabled" in node.attributes
        or (group is not None and group.tag == "optgroup" and "disabled" in group.attributes),
    )


def _select(control: Control) -> Control:
    """A list that takes one shows its last selected option, else its first (4.10.7)."""
    if control.multiple or not control.options:
        return control
    chosen = [option for option in control.options if option.chosen]
    shown = chosen[-1] if chosen else next((each for each in control.options if not each.disabled), None)
    return replace(control, options=tuple(replace(each, chosen=each is shown) for each in control.options))


def _one_of_each_group(controls: list[Control]) -> Iterator[Control]:
    """Of radio buttons of one name only the last checked one is checked (4.10.5.1.16)."""
    last = {each.name: place for place, each in enumerate(controls) if each.kind == "radio" and each.chosen}
    for place, control in enumerate(controls):
        another = control.kind == "radio" and last.get(control.name) not in {None, place}
        yield replace(control, chosen=False) if another else control


def _named(node: Node) -> str:
    """An element as a person would select it."""
    words = {name: node.attributes.get(name) for name in ("id", "name", "method", "action", "value")}
    if words["id"]:
        return f"#{words['id']}"
    told = "".join(f'[{name}="{value}"]' for name, value in words.items() if value)
    return f"{node.tag}{told}"


def _words(node: Node) -> str:
    return _BEFORE_STOP.sub(r"\1", " ".join(node.text(separator=" ").split()))
