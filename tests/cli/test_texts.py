"""Text files of a project: what cannot be read is told, and a file is replaced whole or not at all."""

import os
from pathlib import Path

import pytest

from hotfire.cli.texts import replace_text, text_of
from hotfire.errors import UsageError


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_a_file_is_replaced_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "there.toml"
    file.write_bytes(b"a = 1\r\n")
    file.chmod(0o640)
    (tmp_path / "link.toml").symlink_to(file)
    replace_text(tmp_path / "link.toml", "link.toml", "a = 2\nb = 3\n")
    assert file.read_bytes() == b"a = 2\r\nb = 3\r\n"
    assert file.stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "link.toml").is_symlink()
    assert names(tmp_path) == ["link.toml", "there.toml"]


def test_a_new_file_gets_its_folder(tmp_path: Path) -> None:
    replace_text(tmp_path / "expected" / "new.txt", "new.txt", "ä\n")
    assert text_of(tmp_path / "expected" / "new.txt", "new.txt") == "ä\n"
    other = tmp_path / "other"
    other.touch()
    assert (tmp_path / "expected" / "new.txt").stat().st_mode == other.stat().st_mode


def test_a_full_disk_leaves_what_stood_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    file = tmp_path / "there.toml"
    file.write_text("signed\n")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UsageError, match=r"launch/there\.toml cannot be written: No space left") as refused:
        replace_text(file, "launch/there.toml", "other\n")
    assert "room" in refused.value.hint
    assert (file.read_text(), names(tmp_path)) == ("signed\n", ["there.toml"])


def test_a_text_that_cannot_be_written_leaves_what_stood_there(tmp_path: Path) -> None:
    file = tmp_path / "there.toml"
    file.write_text("signed\n")
    with pytest.raises(UnicodeEncodeError):
        replace_text(file, "there.toml", "\ud800")
    assert (file.read_text(), names(tmp_path)) == ("signed\n", ["there.toml"])


def test_what_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "latin").write_bytes(b"\xe4")
    for name in ("latin", "missing", "."):
        with pytest.raises(UsageError, match="launch/x cannot be read: ") as refused:
            text_of(tmp_path / name, "launch/x")
        assert "UTF-8" in refused.value.hint
