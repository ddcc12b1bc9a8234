"""Builders of what crosses a border: points, exchanges and effects."""

from hotfire.model.call import Call, Effect, Exchange, Outcome, Point

_DEPENDENCY = "db"


def statement(signature: str, *, dependency: str = _DEPENDENCY, occurrence: int = 1) -> Point:
    """The point of a statement; those before it in its transaction stand in front, joined by "; "."""
    return Point(dependency=dependency, signature=signature, occurrence=occurrence)


def commit(*statements: str, dependency: str = _DEPENDENCY, occurrence: int = 1) -> Point:
    """The point of the COMMIT that ends a transaction of these statements."""
    return statement("; ".join((*statements, "COMMIT")), dependency=dependency, occurrence=occurrence)


def effect(
    *writes: str, point: Point | None = None, first_write: Point | None = None, call: int = 1, answered: bool = False
) -> Effect:
    """A transaction that did `writes` ("insert orders"); its points are made of them where none are given."""
    statements = tuple(map(_statement, writes))
    return Effect(
        point=point or commit(*statements),
        first_write=first_write or point or statement(statements[0]),
        call=call,
        writes=tuple(sorted(writes)),
        answered=answered,
    )


def exchange(
    point: Point, *, number: int = 1, connection: int = 1, begun: float = 0.0, outcome: Outcome = "ok", detail: str = ""
) -> Exchange:
    """A call at a point, with its reply. `begun` is seconds since the step was armed; it took a millisecond."""
    text = point.signature.rsplit("; ", 1)[-1]
    call = Call(number=number, point=point, connection=connection, text=text, executes=True, begun=begun)
    return Exchange(call=call, outcome=outcome, detail=detail, ended=begun + 0.001)


_FORMS = {
    "insert": "INSERT INTO {} VALUES ($)",
    "update": "UPDATE {} SET state = $ WHERE id = $",
    "delete": "DELETE FROM {} WHERE id = $",
}


def _statement(write: str) -> str:
    operation, table = write.split(" ", 1)
    return _FORMS.get(operation, f"{operation.upper()} {{}}").format(table)
