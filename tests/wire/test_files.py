"""What is done to files, as calls and effects; and which names are temporary."""

import pytest

from hotfire.wire.files import Dialogue, is_temporary
from hotfire.wire.hook import Call, Done


def told(text: str, *writes: tuple[str, str]) -> tuple[str, tuple[tuple[str, str], ...], bool]:
    dialogue = Dialogue("media.files")
    asked = dialogue.call(Call(text=text, open=False))
    done = dialogue.done(Done(outcome="ok", detail="", open=False, changed=len(writes), writes=writes))
    return asked.signature, done.wrote, done.durable


def test_a_write_is_durable_by_itself_and_named_without_what_is_made_up() -> None:
    assert told("write media/a;b_Ab3dE9x.png", ("write", "media/a;b_Ab3dE9x.png")) == (
        "write media/a,b_….png",
        (("write", "media.files"),),
        True,
    )


def test_what_is_done_to_a_temporary_file_is_no_effect_and_its_publication_is_one() -> None:
    assert told("create media/tmpabc12345", ("create", "media/tmpabc12345")) == ("create media/…", (), False)
    both = ("rename", "media/x.png.tmp"), ("rename", "media/x.png")
    assert told("rename media/x.png.tmp to media/x.png", *both)[1:] == ((("rename", "media.files"),), True)


def test_what_failed_has_changed_nothing() -> None:
    assert told("remove media/x.png")[1:] == ((), False)


@pytest.mark.parametrize(
    ("path", "temporary"),
    [
        ("tmpk3j2_x9a", True),
        ("a/tmpk3j2_x9a.png", True),
        ("report.csv.tmp", True),
        ("report.csv.tmp-7f3a", True),
        ("report.part", True),
        (".report.csv.Xk3Jd9", True),
        ("report.csv~", True),
        ("tmp/upload.png", True),
        ("report.csv", False),
        ("template.html", False),
        ("temperatures.csv", False),
        ("part.one.csv", False),
        (".gitkeep", False),
        ("tmpwatch.txt", False),
    ],
)
def test_names_that_are_temporary(path: str, temporary: bool) -> None:
    assert is_temporary(path) is temporary
