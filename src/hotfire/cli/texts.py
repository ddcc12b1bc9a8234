"""Text files of a project, by the names that the user knows: read as UTF-8, and replaced whole or not at all."""

import os
from contextlib import suppress
from pathlib import Path

from hotfire.errors import UsageError


def text_of(file: Path, name: str) -> str:
    """What stands in a file.

    Raises:
        UsageError: it cannot be read.
    """
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{name} cannot be read: {error}", hint="make it a readable file in UTF-8") from error


def replace_text(file: Path, name: str, text: str) -> None:
    """Write a file, and its folder where there is none: a disk that is full must not cost what a person has signed.

    Raises:
        UsageError: it cannot be written; what stood there stands.
    """
    place = Path(os.path.realpath(file))  # a link stays a link
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        _replace(place, text)
    except OSError as error:
        hint = "make its folder yours, with room for it"
        raise UsageError(f"{name} cannot be written: {error.strerror}", hint=hint) from error


def _replace(file: Path, text: str) -> None:
    """As the file that stands there: with its line ends, its rights and its owner."""
    before = file.stat() if file.exists() else None
    newline = "\r\n" if before and b"\r\n" in file.read_bytes() else "\n"
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with fresh.open("w", encoding="utf-8", newline=newline) as written:
            written.write(text)
            written.flush()
            os.fsync(written.fileno())
        if before:
            with suppress(OSError):
                os.chown(fresh, before.st_uid, before.st_gid)
            fresh.chmod(before.st_mode & 0o7777)
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)
