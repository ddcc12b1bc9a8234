"""What the hook in front of files says: what is done to which path, and whether that changes what a folder holds.

Each call is durable by itself: a file that is there, that has its content, its new name, or is gone. A call is named by
its path without what is made up in each run (`write media/avatars/….png`). Files under temporary names are no state of
a service's: they are not compared, and what is done to them is no effect; the rename that publishes one is.
"""

import re

from hotfire.wire.generated import in_words
from hotfire.wire.hook import Asked, Call, Done, Outcome

_TEMPORARY = re.compile(
    r"\.?tmp[a-z0-9_]{8}(\.[^.]*)?"  # tempfile's, with a suffix or without
    r"|.*\.(tmp|temp|part|partial|crdownload)([.~_-][^.]*)?"  # by its extension, and what makes it unique
    r"|\..+\.[A-Za-z0-9_]{6,8}"  # rsync's, and mkstemp's beside a file
    r"|.*~",
    re.DOTALL,
)
_FOLDERS = frozenset({"tmp", "temp", ".tmp", ".temp"})


def is_temporary(path: str) -> bool:
    """Whether what is at this path is by its name not yet, or no longer, what readers are meant to see."""
    *folders, name = path.split("/")
    return not _FOLDERS.isdisjoint(folders) or _TEMPORARY.fullmatch(name) is not None


class Dialogue:
    """What is done to the files of one dependency; `table` is what the effects are told of."""

    def __init__(self, table: str) -> None:
        self._table = table
        self.open = False
        """No transaction is ever open: there is none."""

    def call(self, call: Call) -> Asked:
        """Something is about to be done to a path."""
        text = in_words(call.text)
        return Asked(text=text, signature=text)

    def done(self, done: Done) -> Outcome:
        """It is done; `writes` are the paths that it changed."""
        seen = [operation for operation, path in done.writes if not is_temporary(path)]
        wrote = tuple((operation, self._table) for operation in dict.fromkeys(seen))
        return Outcome(outcome=done.outcome, detail=done.detail, wrote=wrote, durable=bool(wrote))
