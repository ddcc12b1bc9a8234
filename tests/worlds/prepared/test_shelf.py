"""The shelf gives back what was put on it, or nothing; it is closed to others, and bounded."""

import fcntl
import os
import stat
import threading
import time
from pathlib import Path

import pytest

from hotfire.worlds.prepared import shelf as shelves
from hotfire.worlds.prepared.copying import Torn, names
from hotfire.worlds.prepared.key import Key
from hotfire.worlds.prepared.shelf import Shelf


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    shelf = Shelf.open()
    assert shelf
    return shelf


@pytest.fixture
def base(tmp_path):
    return made(tmp_path / "base", PG_VERSION=b"18\n", settings=b"x" * 5000)


@pytest.fixture
def data(tmp_path, base):
    return made(tmp_path / "data", **contents(base), rows=b"prepared rows", **{"postmaster.pid": b"1"})


def made(folder, **files):
    (folder / "empty").mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def contents(folder):
    return {name: (folder / name).read_bytes() for name in names(folder) if not name.endswith("/")}


def key(digest="k1", project="/srv/shop", files=None):
    return Key(digest=digest, project=Path(project), files=files or {})


def found(shelf, wanted):
    entry = shelf.find(wanted)
    assert entry
    return entry


def test_it_gives_back_what_was_put_on_it(shelf, data, base, tmp_path):
    assert shelf.find(key()) is None
    shelf.keep(key(), data, base)
    shelf.take(found(shelf, key()), tmp_path / "copy", None)
    assert contents(tmp_path / "copy") == contents(data)
    assert (tmp_path / "copy" / "empty").is_dir()
    assert not (tmp_path / "copy" / "postmaster.pid").exists()
    assert list(names(found(shelf, key()) / "data")) == ["empty/", "rows"]  # initdb's own take no room


def test_it_is_closed_to_others(shelf, data, base):
    shelf.keep(key(), data, base)
    assert stat.S_IMODE(shelf.root.stat().st_mode) == 0o700
    shelf.root.chmod(0o755)
    assert Shelf.open() is None


def test_a_copy_of_the_project_may_have_it_unless_the_data_names_the_place(shelf, data, base):
    elsewhere = key(project="/srv/copy")
    shelf.keep(key(), data, base)
    assert shelf.find(elsewhere)
    (data / "rows").write_bytes(b"media: /srv/shop/media")
    shelf.keep(key("k2"), data, base)
    assert shelf.find(key("k2"))
    assert shelf.find(key("k2", "/srv/copy")) is None


def test_what_is_old_or_of_the_future_is_not_used(shelf, data, base, monkeypatch):
    shelf.keep(key(), data, base)
    real = time.time
    for moment in (shelves.SECONDS + 1, -10):
        monkeypatch.setattr(time, "time", lambda moment=moment: real() + moment)
        assert shelf.find(key()) is None


@pytest.mark.parametrize("damage", ["cut", "changed", "gone", "record", "half", "base"])
def test_a_broken_entry_is_noticed_and_made_anew(shelf, data, base, tmp_path, damage):
    shelf.keep(key(), data, base)
    entry = found(shelf, key())
    rows = entry / "data" / "rows"
    match damage:
        case "cut":
            rows.write_bytes(b"prepared")
        case "changed":
            rows.write_bytes(b"prepared ROWS")
        case "gone":
            rows.unlink()
        case "base":
            (base / "settings").write_bytes(b"y" * 5000)
        case "record":
            (entry / "entry.json").write_text('{"key": ')
        case _:
            (entry / "entry.json").unlink()
    with pytest.raises(Torn):
        shelf.take(entry, tmp_path / "copy", None)
    assert not (tmp_path / "copy").exists()
    shelf.keep(key(), data, base)
    shelf.take(found(shelf, key()), tmp_path / "copy", None)


def test_what_fails_half_way_leaves_nothing(shelf, data, base, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shelves, "mentions", full)
    with pytest.raises(OSError, match="No space"):
        shelf.keep(key(), data, base)
    assert list(shelf.root.iterdir()) == []


def test_what_a_killed_engine_left_is_removed_in_time(shelf):
    left = shelf.root / ".new-0123"
    left.mkdir()
    shelf.prune()
    assert left.exists()  # it may be one that is being written
    os.utime(left, (1, 1))
    shelf.prune()
    assert not left.exists()


def test_the_oldest_go_first(shelf, data, base, monkeypatch):
    for number in range(shelves.OF_ONE_PROJECT + 1):
        shelf.keep(key(f"k{number}"), data, base)
        record = found(shelf, key(f"k{number}")) / "entry.json"
        os.utime(record, (number, number))
    shelf.prune()
    assert {path.name for path in shelf.root.iterdir()} == {"k1", "k2", "k3"}
    shelf.keep(key("o1", "/srv/other"), data, base)
    monkeypatch.setattr(shelves, "LIMIT", 2 * len(b"prepared rows"))
    shelf.prune()
    assert {path.name for path in shelf.root.iterdir()} == {"k3", "o1"}


def test_what_is_being_copied_is_not_removed(shelf, data, base):
    shelf.keep(key(), data, base)
    entry = found(shelf, key())
    lock = os.open(entry, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_SH)
    shelf.drop(entry)
    assert shelf.find(key())
    os.close(lock)
    shelf.drop(entry)
    assert shelf.find(key()) is None


def test_many_at_once_keep_and_take_whole_entries(shelf, data, base, tmp_path):
    problems = []

    def work(number):
        for turn in range(10):
            shelf.keep(key(), data, base)
            copy = tmp_path / f"copy-{number}-{turn}"
            try:
                shelf.take(shelf.find(key()) or tmp_path, copy, None)
            except Torn:
                continue  # another has just put its own in its place: that one prepares
            if contents(copy) != contents(data):
                problems.append(copy)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert shelf.find(key())
    assert [path.name for path in shelf.root.iterdir()] == ["k1"]


def test_it_tells_which_file_has_changed(shelf, data, base):
    shelf.keep(key(files={"seed.py": "1", "app.py": "1"}), data, base)
    assert shelf.changed(key("k2", files={"seed.py": "2", "app.py": "1"})) == "seed.py"
    assert shelf.changed(key("k2", files={"seed.py": "1", "app.py": "1"})) == ""
    assert shelf.changed(key("k2", "/srv/other")) == ""
