"""The `Store` of one world's folder: a checkpoint is a list of what lay where, a change what two lists differ in."""

from pathlib import Path

from hotfire.errors import HotfireError
from hotfire.model.history import Row, RowChange
from hotfire.model.store import START, Changes
from hotfire.wire.files import is_temporary
from hotfire.worlds.marks import remove_tree
from hotfire.worlds.stores.files.tree import Entry, Index, Tree

COLUMNS = {"path": "text", "size": "integer", "content": "text", "digest": "text", "link": "text"}
_SMALL = 1 << 14  # bytes: a text up to here is told whole, so that ids in it are compared as ids


class FilesStore:
    """One world's copy of a folder; `template` is what it begins as. Its rows are of the table `media.files`."""

    def __init__(self, name: str, tree: Tree, template: Index) -> None:
        self.name = name
        self.tree = tree
        self._template = template
        self._start = template
        self._moments: dict[int, Index] = {}
        tree.bring(template)

    def adopt(self) -> None:
        """What lies there now is what this world's START means."""
        self._template = self._start = self.tree.keep()

    # the Store protocol

    async def checkpoint(self) -> int:
        """Keep what lies there. The service should be at rest."""
        number = max(self._moments, default=START) + 1
        self._moments[number] = self.tree.keep()
        return number

    async def restore(self, checkpoint: int) -> None:
        """Bring it back; nobody else may have a file open."""
        self.tree.bring(self._moment(checkpoint))
        self._moments = {number: moment for number, moment in self._moments.items() if number <= checkpoint}

    async def changes(self, checkpoint: int) -> Changes:
        """Files and links that have come, have gone or are others; temporary names are left out."""
        before, now = self._moment(checkpoint), self.tree.look()
        rows = []
        for path in dict.fromkeys([*before, *now]):
            if is_temporary(path) or _alike(before.get(path), now.get(path)):
                continue
            old = self._row(path, before.get(path), now=False)
            new = self._row(path, now.get(path), now=True)
            if old != new:
                rows.append(RowChange(store=self.name, table=f"{self.name}.files", before=old, after=new))
        return Changes(rows=tuple(rows), writes=())

    async def advance(self, prime: int) -> None:
        """Nothing: names of files are the service's own."""

    async def columns(self) -> dict[str, dict[str, str]]:
        """The columns of the one table."""
        return {f"{self.name}.{self.name}.files": dict(COLUMNS)}

    async def freeze(self) -> None:
        """What lies there now is the state of the start, until `thaw`."""
        self._start, self._moments = self.tree.keep(), {}

    async def thaw(self) -> None:
        """The start is the template's again."""
        self._start, self._moments = self._template, {}

    async def close(self) -> None:
        """Remove the world's folder."""
        remove_tree(self.tree.folder.parent)

    def _moment(self, checkpoint: int) -> Index:
        if checkpoint == START:
            return self._start
        if checkpoint not in self._moments:
            hint = "a restore forgets later checkpoints"
            raise HotfireError(f"there is no checkpoint {checkpoint} of {self.name}", hint=hint)
        return self._moments[checkpoint]

    def _row(self, path: str, entry: Entry | None, *, now: bool) -> Row | None:
        """A file or a link as a row; None for a folder, which is no state."""
        if entry is None or entry.kind not in {"file", "link"}:
            return None
        row: Row = dict.fromkeys(COLUMNS)
        row["path"] = path
        if entry.kind == "link":
            return {**row, "link": entry.content}
        file = self.tree.folder / path if now else self.tree.kept(entry.content)
        text = _text(file) if entry.size <= _SMALL else None
        return {**row, "size": str(entry.size), "content": text, "digest": entry.content if text is None else None}


def _alike(one: Entry | None, other: Entry | None) -> bool:
    """Whether no row can differ: a mode and a time are no state."""
    return one is not None and other is not None and (one.kind, one.content) == (other.kind, other.content)


def _text(file: Path) -> str | None:
    try:
        text = file.read_bytes().decode()
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text
