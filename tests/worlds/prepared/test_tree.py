"""A folder's digest is of its content: where it lies, and when it was touched, is no part of it."""

import os
import shutil

import pytest

from hotfire.worlds.prepared import tree
from hotfire.worlds.prepared.tree import Memory, NoKey, Reader


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "shop"
    (folder / "seeds").mkdir(parents=True)
    (folder / "seeds" / "posts.json").write_text("[]")
    (folder / "large.bin").write_bytes(bytes(100_000))
    return folder


def read(folder, memory=None):
    return Reader(memory=memory or Memory()).tree(folder)


def test_a_copy_elsewhere_and_a_touched_file_are_the_same(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "copy")
    os.utime(tmp_path / "copy" / "large.bin", (1, 1))
    assert read(folder) == read(tmp_path / "copy")


@pytest.mark.parametrize("change", ["content", "name", "mode", "new file", "new folder", "link"])
def test_a_change_is_seen(folder, change):
    before, seeds = read(folder), folder / "seeds"
    match change:
        case "content":
            (seeds / "posts.json").write_text("{}")
        case "name":
            (seeds / "posts.json").rename(seeds / "posts2.json")
        case "mode":
            (seeds / "posts.json").chmod(0o755)
        case "new file":
            (seeds / "empty").touch()
        case "new folder":
            (seeds / "more").mkdir()
        case _:
            (seeds / "more").symlink_to("posts.json")
    assert read(folder) != before


def test_what_is_surely_not_read_is_left_out(folder):
    before = read(folder)
    for name in (".git", ".hotfire", "node_modules", "__pycache__", ".pytest_cache"):
        (folder / name).mkdir()
        (folder / name / "file").touch()
    (folder / "environment").mkdir()
    (folder / "environment" / "pyvenv.cfg").touch()
    (folder / "old.pyc").touch()
    assert read(folder) == before


def test_links_that_lead_out_are_followed_and_circles_are_not(folder, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "seed.sql").write_text("one")
    (folder / "linked").symlink_to(outside)
    (folder / "circle").symlink_to(folder)
    (folder / "lost").symlink_to("nowhere")
    before = read(folder)
    (outside / "seed.sql").write_text("two")
    assert {name for name, _ in before.items() ^ read(folder).items()} == {"linked/seed.sql"}


def test_a_large_file_is_remembered_until_it_changes(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(tree, "UNSETTLED", -(10**12))
    memory = Memory.load(tmp_path / "memory")
    before = read(folder, memory)
    memory.save()
    known = Memory.load(tmp_path / "memory").known
    assert list(known) == [str(folder / "large.bin")]
    memory.known[str(folder / "large.bin")][-1] = "remembered"
    assert read(folder, memory)["large.bin"] == "-remembered"
    status = (folder / "large.bin").stat()
    (folder / "large.bin").write_bytes(bytes(99_999) + b"1")
    os.utime(folder / "large.bin", ns=(status.st_atime_ns, status.st_mtime_ns))
    assert read(folder, memory)["large.bin"] not in ("-remembered", before["large.bin"])


def test_a_file_that_has_just_changed_is_not_remembered(folder):
    memory = Memory()
    read(folder, memory)
    assert memory.known == {}


def test_a_torn_memory_is_forgotten(tmp_path):
    (tmp_path / "memory").write_text("{")
    assert Memory.load(tmp_path / "memory").known == {}


@pytest.mark.parametrize(("limit", "value"), [("MOST_FILES", 2), ("MOST_BYTES", 50_000)])
def test_a_huge_folder_has_no_digest(folder, monkeypatch, limit, value):
    monkeypatch.setattr(tree, limit, value)
    with pytest.raises(NoKey, match="more than"):
        read(folder)
