"""A folder as a store: whatever is done to it, each moment comes back exactly, and what changed is told as rows."""

import asyncio
import os
import random
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from hotfire.errors import HotfireError
from hotfire.model.store import START
from hotfire.worlds.stores.files.store import FilesStore
from hotfire.worlds.stores.files.tree import Tree

Facts = dict[str, tuple[object, ...]]


def store(folder: Path) -> FilesStore:
    return FilesStore("media", Tree(folder / "w0" / "media", folder / "contents"), {})


def facts(folder: Path) -> Facts:
    """All that can be seen of a folder, read without what is tested."""
    found: Facts = {}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            found[name] = ("link", str(path.readlink()))
        elif path.is_dir():
            found[name] = ("folder", stat.S_IMODE(status.st_mode))
        else:
            found[name] = ("file", stat.S_IMODE(status.st_mode), status.st_mtime_ns, path.read_bytes())
    return found


def shuffle(folder: Path, luck: random.Random) -> None:
    """Do a dozen things to a folder."""
    for _ in range(12):
        inside = [path for path in sorted(folder.rglob("*")) if path.is_dir() and not path.is_symlink()]
        path = luck.choice([folder, *inside]) / luck.choice("abcd")
        doing: list[Callable[[], object]] = [
            lambda path=path: path.write_bytes(luck.randbytes(luck.randrange(9)) * 999),
            lambda path=path: path.write_text(luck.choice(["one", "two"])),
            lambda path=path: path.mkdir(),
            lambda path=path: path.symlink_to(luck.choice("abcd")),
            lambda path=path: path.chmod(luck.choice([0o600, 0o755])),
            lambda path=path: shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink(),
            lambda path=path: path.rename(path.with_name(luck.choice("abcd"))),
            lambda path=path: os.utime(path, ns=(0, luck.randrange(10**18))),
        ]
        try:
            luck.choice(doing)()
        except OSError:
            continue  # a name that is taken, a link in a circle


@pytest.mark.parametrize("seed", range(8))
def test_every_moment_comes_back_exactly(tmp_path: Path, seed: int) -> None:
    async def play() -> None:
        luck = random.Random(seed)  # noqa: S311  (luck from a seed)
        held = store(tmp_path)
        folder, moments = held.tree.folder, []
        for _ in range(5):
            shuffle(folder, luck)
            moments.append((await held.checkpoint(), facts(folder)))
        for checkpoint, seen in reversed(moments):
            shuffle(folder, luck)
            await held.restore(checkpoint)
            assert facts(folder) == seen
            assert (await held.changes(checkpoint)).rows == ()
        await held.restore(START)
        assert facts(folder) == {}
        await held.close()
        assert not folder.exists()

    asyncio.run(play())


def test_what_changed_is_told_as_rows(tmp_path: Path) -> None:
    async def play() -> None:
        held = store(tmp_path)
        media = held.tree.folder
        (media / "kept.txt").write_text("as it was")
        (media / "gone.txt").write_text("x")
        begun = await held.checkpoint()
        (media / "a").mkdir()
        (media / "a" / "photo.png").write_bytes(b"\x89PNG\0")
        (media / "a" / "draft.png.tmp").write_bytes(b"half")
        (media / "link").symlink_to("a/photo.png")
        (media / "gone.txt").unlink()
        (media / "kept.txt").write_text("otherwise")
        os.utime(media / "kept.txt", ns=(0, 0))
        rows = {(row.after or row.before or {})["path"]: row for row in (await held.changes(begun)).rows}
        assert sorted(map(str, rows)) == ["a/photo.png", "gone.txt", "kept.txt", "link"]
        photo, kept = rows["a/photo.png"].after, rows["kept.txt"]
        assert photo is not None
        assert photo["content"] is None
        assert len(photo["digest"] or "") == 64
        assert photo["size"] == "5"
        assert [each and each["content"] for each in (kept.before, kept.after)] == ["as it was", "otherwise"]
        assert rows["gone.txt"].after is None
        assert (rows["link"].after or {})["link"] == "a/photo.png"
        assert {row.table for row in rows.values()} == {"media.files"}

    asyncio.run(play())


def test_a_frozen_start_is_the_template_until_thaw_and_a_forgotten_moment_is_refused(tmp_path: Path) -> None:
    async def play() -> None:
        held = store(tmp_path)
        (held.tree.folder / "a").write_text("a")
        await held.freeze()
        (held.tree.folder / "b").write_text("b")
        late = await held.checkpoint()
        await held.restore(START)
        assert set(facts(held.tree.folder)) == {"a"}
        with pytest.raises(HotfireError, match="no checkpoint"):
            await held.restore(late)
        await held.thaw()
        await held.restore(START)
        assert facts(held.tree.folder) == {}

    asyncio.run(play())


def test_a_second_write_within_a_tick_of_the_clock_is_seen(tmp_path: Path) -> None:
    async def play() -> None:
        held = store(tmp_path)
        file = held.tree.folder / "a.txt"
        file.write_text("one")
        begun = await held.checkpoint()
        for text in ("two", "six", "ten"):
            with file.open("r+") as same:
                same.write(text)
            ((row,),) = ((await held.changes(begun)).rows,)
            assert (row.after or {})["content"] == text

    asyncio.run(play())
