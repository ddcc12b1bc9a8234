"""Builders of what a run leaves and answers: row changes and replies."""

import json
from collections.abc import Mapping

from hotfire.model.history import Reply, Row, RowChange

_STORE = "db"


def inserted(table: str, **values: object) -> RowChange:
    """A row that is there afterwards and was not before. Values are written as the server writes them; None is NULL."""
    return RowChange(store=_STORE, table=table, before=None, after=_row(values))


def updated(table: str, before: Mapping[str, object], **values: object) -> RowChange:
    """A row that was `before`, with the columns in `values` changed."""
    return RowChange(store=_STORE, table=table, before=_row(before), after=_row({**before, **values}))


def deleted(table: str, **values: object) -> RowChange:
    """A row that was there before and is no more."""
    return RowChange(store=_STORE, table=table, before=_row(values), after=None)


def reply(
    status: int | None = 200,
    body: object = "",
    *,
    send: int = 0,
    attempt: int = 1,
    actor: str = "ann",
    cut: str = "",
    headers: Mapping[str, str] | None = None,
) -> Reply:
    """An answer; a body that is no text is sent as JSON. `status=None` was cut, and `cut` says how."""
    return Reply(
        send=send,
        attempt=attempt,
        actor=actor,
        status=status,
        headers=tuple((headers or {}).items()),
        body=body if isinstance(body, str) else json.dumps(body),
        cut=cut or ("" if status else "the connection was closed before an answer"),
    )


def _row(values: Mapping[str, object]) -> Row:
    return {column: _text(value) for column, value in values.items()}


def _text(value: object) -> str | None:
    match value:
        case None:
            return None
        case bool():
            return "t" if value else "f"
        case dict() | list():
            return json.dumps(value)
        case _:
            return str(value)
