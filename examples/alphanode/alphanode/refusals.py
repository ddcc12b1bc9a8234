"""The services' ways of saying no; `alphanode.problems` turns them into answers."""


class Refused(Exception):
    """A request that is understood and refused; carries the HTTP status of its answer."""

    status = 400

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class Unauthenticated(Refused):
    """Nobody knows who is asking."""

    status = 401


class Forbidden(Refused):
    """Known, but not allowed."""

    status = 403


class NotFound(Refused):
    """Not there, or not to be seen by this user."""

    status = 404


class Conflict(Refused):
    """It contradicts what is already there."""

    status = 409


class TooMany(Refused):
    """More often than anyone needs to."""

    status = 429


class Unavailable(Refused):
    """Somebody that we depend on cannot be reached."""

    status = 503
