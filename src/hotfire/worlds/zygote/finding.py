"""The application: found by its name, and told what it is; what keeps it from being had is told to the world.

Standard library only, Python 3.8 and newer: the zygote loads it by path.
"""

# ruff: noqa: PTH100, PTH120
from __future__ import annotations

import functools
import importlib
import inspect
import os
import traceback
from typing import Any

HERE = os.path.dirname(os.path.abspath(__file__))


class Refused(Exception):  # noqa: N818  # a message to the world, not an error of this file
    """The application cannot be had: `kind` is module, attribute, raised or server."""

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(text)
        self.kind = kind


def find(name: str) -> Any:
    """The object that `module:attribute` names, or what the factory `module:factory()` makes. Raises Refused."""
    module_name, _, attribute = name.partition(":")
    attribute, factory = (attribute[:-2], True) if attribute.endswith("()") else (attribute or "app", False)
    try:
        target: Any = importlib.import_module(module_name)
        module_file = getattr(target, "__file__", None) or module_name
        for part in attribute.split("."):
            if not hasattr(target, part):
                raise Refused(  # noqa: TRY301  # the next clauses let it pass
                    "attribute", f"{module_file} has no attribute {attribute!r}"
                )
            target = getattr(target, part)
        return target() if factory else target
    except ModuleNotFoundError as problem:
        own = problem.name is not None and (module_name + ".").startswith(problem.name + ".")
        raise Refused("module" if own else "raised", trace(problem)) from None
    except Refused:
        raise
    except BaseException as problem:  # noqa: BLE001  # an application may even exit while it is imported
        raise Refused("raised", trace(problem)) from None


def kind_of(app: Any) -> str:
    """Whether it is called as ASGI or as WSGI applications are. Raises Refused for a factory that was not called."""
    while isinstance(app, functools.partial):
        app = app.func
    if inspect.isclass(app):
        return "asgi"
    call = app if inspect.isroutine(app) else type(app).__call__
    if inspect.iscoroutinefunction(call):
        return "asgi"
    try:
        takes = inspect.signature(app).parameters.values()
    except (TypeError, ValueError):
        return "asgi"
    if inspect.isfunction(app) and all(each.default is not each.empty for each in takes):
        raise Refused("attribute", f"{app.__name__}() wants no argument: it makes the application")
    return "wsgi" if len(takes) == 2 else "asgi"


def trace(problem: BaseException) -> str:
    """The traceback without our own files' and importlib's frames, its end where it is very long."""
    frames = problem.__traceback__
    while frames and _ours(frames.tb_frame.f_code.co_filename):
        frames = frames.tb_next
    return "".join(traceback.format_exception(type(problem), problem, frames))[-40_000:]


def _ours(file: str) -> bool:
    return os.path.dirname(file) == HERE or "importlib" in file
