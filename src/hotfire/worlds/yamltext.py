"""YAML as an OpenAPI document means it: the values of JSON, read as YAML 1.2 reads them (OpenAPI 3.1, section 4.3).

PyYAML reads YAML 1.1, where `2024-05-17` is a date, `12:30` a number, and `on`, `no`, `null` are no names. Here all of
them are text, and a name is the text that stands there.
"""

import importlib
import re
from typing import Any, ClassVar

import msgspec

from hotfire.errors import UsageError

_TAG = "tag:yaml.org,2002:"
_PLAIN = (  # YAML 1.2.2, section 10.3.2; and the merge key, which many documents have
    ("null", r"null|Null|NULL|~|", [*"nN~", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", [*"tTfF"]),
    ("int", r"[-+]?(0|[1-9][0-9]*)|0o[0-7]+|0x[0-9a-fA-F]+", [*"-+0123456789"]),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+\.[0-9]*|[0-9]+(\.[0-9]*)?[eE][-+]?[0-9]+|\.(inf|Inf|INF))", [*"-+.0123456789"]),
    ("merge", "<<", ["<"]),
)
_HINT = "correct it where the message points to"


def from_yaml(text: bytes, name: str) -> object:
    """What a text in YAML says, as values of JSON.

    Raises:
        UsageError: it is no YAML, or none that JSON could hold; or there is nothing here to read it with.
    """
    try:
        yaml = importlib.import_module("yaml")
    except ImportError as error:
        raise UsageError(
            f"{name} is YAML, and PyYAML is not installed",
            hint="pip install pyyaml beside hotfire, or write it as JSON",
        ) from error
    try:
        return msgspec.json.decode(msgspec.json.encode(yaml.load(text, Loader=_loader(yaml))))
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        told = " ".join(str(error).split())
        raise UsageError(f"{name}: this is no YAML: {told}", hint=_HINT) from error


def _loader(yaml: Any) -> Any:
    """PyYAML's safe loader, with the types of YAML 1.2 alone."""

    class Loader(yaml.SafeLoader):  # type: ignore[misc]  # it is imported when it is wanted
        yaml_implicit_resolvers: ClassVar[dict[str, list[Any]]] = {}

        def construct_mapping(self, node: Any, *, deep: bool = False) -> Any:
            if isinstance(node, yaml.MappingNode):
                self.flatten_mapping(node)
                for key, _ in node.value:
                    if isinstance(key, yaml.ScalarNode):
                        key.tag = f"{_TAG}str"
            return super().construct_mapping(node, deep=deep)

    for tag, pattern, first in _PLAIN:
        Loader.add_implicit_resolver(_TAG + tag, re.compile(f"(?:{pattern})$"), first)
    return Loader
