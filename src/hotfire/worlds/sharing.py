"""Which process may serve several trials, one after the other: none of them has changed, cut or broken anything.

DESIGN section 6, point 2. What such a process does badly is seen again in one of its own: what came before may be why.
"""

from hotfire.model.history import History

_TOO_MANY = 429


def is_unspent(history: History) -> bool:
    """Whether the process that showed this may serve another trial: it answered, nothing changed, and it is at rest."""
    left = (history.state, history.effects, history.unquiet, history.exits)
    return bool(history.replies) and not any(left) and not is_doubtful(history)


def is_doubtful(history: History) -> bool:
    """Whether the trials before this one may be the reason: an error, no answer, too many requests."""
    return bool(history.trouble) or any(reply.failed or reply.status == _TOO_MANY for reply in history.replies)
