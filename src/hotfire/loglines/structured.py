"""JSON lines: structlog, python-json-logger, loguru's serialize, ECS, and what else writes one object a line."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import cast

from hotfire.loglines.record import Access, Failure
from hotfire.loglines.tracebacks import failure_of

_LEVEL = ("level", "levelname", "severity", "log.level", "record.level.name", "level_name", "lvl", "loglevel")
_MESSAGE = ("message", "msg", "event", "record.message", "text")
_METHOD = ("method", "http.method", "http.request.method", "request_method", "request.method", "verb")
_TARGET = ("path", "url.path", "request.path", "request_path", "http.target", "url", "uri", "http.route", "route")
_STATUS = ("status", "status_code", "http.response.status_code", "http.status_code", "response.status_code")
_REQUEST_ID = {"request_id", "requestid", "req_id", "correlation_id", "trace_id", "x_request_id", "http.request.id"}
_EXCEPTION = {"exc_info", "exception", "traceback", "stack", "stack_trace", "error.stack_trace"}
_NUMBERED = {50: "CRITICAL", 40: "ERROR", 30: "WARNING", 20: "INFO", 10: "DEBUG"}
_NAMED = {"FATAL": "CRITICAL", "CRIT": "CRITICAL", "ALERT": "CRITICAL", "EMERGENCY": "CRITICAL", "ERR": "ERROR"}
_NAMED |= {"EXCEPTION": "ERROR", "WARN": "WARNING"}
_CODE = re.compile(r"[1-5][0-9]{2}")  # RFC 9110 section 15
_LEAST_ID = 8
_TRACEBACK = "Traceback (most recent call last)"


class Structured:
    """One JSON object of a log, with its nested fields named by dots."""

    def __init__(self, fields: Mapping[str, object]) -> None:
        self._fields = dict(_flat(fields))
        self._nested = fields

    @property
    def text(self) -> str:
        """All that it says, as text: `key=value`, one after the other."""
        return " ".join(f"{name}={value}" for name, value in self._fields.items())

    @property
    def message(self) -> str:
        """The message, without its traceback; all of it where no field is called so."""
        found = next((str(self._fields[name]) for name in _MESSAGE if name in self._fields), self.text)
        return found.split(_TRACEBACK, 1)[0].strip()

    @property
    def level(self) -> str:
        """The level's usual name; empty where there is none."""
        value = next((self._fields[name] for name in _LEVEL if name in self._fields), "")
        return _NUMBERED.get(value, "") if isinstance(value, int) else named(str(value))

    @property
    def access(self) -> Access | None:
        """The request that it tells of, where it names path and status."""
        target = next((str(self._fields[name]) for name in _TARGET if name in self._fields), "")
        status = next((self._fields[name] for name in _STATUS if name in self._fields), None)
        code = str(status) if isinstance(status, int | str) else ""
        if not target or not _CODE.fullmatch(code):
            return None
        method = next((str(self._fields[name]) for name in _METHOD if name in self._fields), "")
        return Access(method=method.upper(), target=target, status=int(code))

    @property
    def failure(self) -> Failure | None:
        """The traceback in one of its fields, or the exception that a field describes."""
        for value in self._fields.values():
            if isinstance(value, str) and _TRACEBACK in value:
                return failure_of(value.splitlines())
        for name in _EXCEPTION:
            if self._nested.get(name) and not isinstance(self._nested[name], bool | int):
                told = str(self._nested[name])
                return Failure(exception=told[:200], parts=frozenset({(told, "")}))
        return None

    @property
    def request_id(self) -> str:
        """The id by which the lines of one request are joined."""
        for name, value in self._fields.items():
            key = name.lower().replace("-", "_")
            if (key in _REQUEST_ID or key.rsplit(".", 1)[-1] in _REQUEST_ID) and len(str(value)) >= _LEAST_ID:
                return str(value)
        return ""


def structured(text: str) -> Structured | None:
    """The JSON object that a line is; None where it is none."""
    if not (text.startswith("{") and text.endswith("}")):
        return None
    try:
        parsed: object = json.loads(text)
        return Structured(cast("dict[str, object]", parsed)) if isinstance(parsed, dict) else None
    except (ValueError, RecursionError):
        return None


def named(level: str) -> str:
    """A level as Python calls it: `warn` is WARNING, `fatal` CRITICAL."""
    upper = level.strip().upper()
    upper = _NAMED.get(upper, upper)
    return upper if upper in {*_NUMBERED.values(), "NOTICE", "TRACE", "SUCCESS"} else ""


def _flat(fields: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, object]]:
    """Every field that is no object, named from the outside in."""
    for name, value in fields.items():
        if isinstance(value, dict):
            yield from _flat(cast("dict[str, object]", value), f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
