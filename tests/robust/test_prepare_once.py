"""`prepare` runs once: the second check takes what it left, and any change of what it depends on runs it anew."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.robust import django_project, remains
from tests.robust.project import PATIENCE, Project, project

CACHED = "prepared (cached): python -m django migrate"
ASKED = ("check", "--dry-run", "-j", "1")


@contextmanager
def shop(migrations: int = 3) -> Iterator[Project]:
    with project() as target:
        shutil.rmtree(target.folder)
        django_project.write(target.folder, migrations, target.room.parent / "counted")
        yield target


def counted(target: Project) -> int:
    """How often the seed has run."""
    file = target.room.parent / "counted"
    return len(file.read_text().splitlines()) if file.exists() else 0


def checked(target: Project, *more: str) -> str:
    ended = target.run(*ASKED, *more)
    assert ended.code == 0, ended
    return ended.err


def entries(target: Project) -> list[str]:
    shelf = target.cache / "hotfire" / "prepared"
    return [path.name for path in shelf.iterdir() if path.is_dir()] if shelf.exists() else []


def replace(target: Project, file: str, old: str, new: str) -> None:
    text = (target.folder / file).read_text()
    assert old in text
    (target.folder / file).write_text(text.replace(old, new))


def test_two_hundred_migrations_run_once_and_the_verdict_is_the_same():
    with shop(200) as target:
        first, second = target.run("check", "-j", "1"), target.run("check", "-j", "1")
        assert (first.code, second.code) == (0, 0), (first, second)
        assert "preparing: python -m django migrate" in first.err
        assert CACHED in second.err
        assert counted(target) == 1
        trials = [sorted(path.name for path in run.glob("trials/*.json")) for run in target.folder.glob(".hotfire/2*")]
        assert len(trials) == 2
        assert trials[0] == trials[1] != []
        remains.nothing_left(target)


CHANGES = {
    "a migration": ("blog/migrations/m0003.py", "default=''", "default='x'"),
    "a seed file": ("titles.txt", "second", "third"),
    "the environment": ("pyproject.toml", "only-for-trials", "another"),
    "a command": ("pyproject.toml", "python seed.py", "python seed.py --all"),
}


def test_each_change_runs_it_anew_and_taking_it_back_does_not():
    with shop() as target:
        checked(target)
        for count, (file, old, new) in enumerate(CHANGES.values(), 2):
            replace(target, file, old, new)
            assert f"preparing ({file} has changed)" in checked(target)
            assert counted(target) == count
        replace(target, file, new, old)
        assert CACHED in checked(target)
        replace(target, file, "python seed.py", "python absent.py")
        assert target.run(*ASKED).code == 4
        assert counted(target) == len(CHANGES) + 1
        assert len(entries(target)) == 3  # the latest of a project; one that failed leaves none


def test_fresh_runs_it_anew_and_a_broken_entry_does_too():
    with shop() as target:
        checked(target)
        assert "preparing: python" in checked(target, "--fresh")
        assert CACHED in checked(target)
        (entry,) = entries(target)
        data = target.cache / "hotfire" / "prepared" / entry / "data"
        next(data.glob("base/*/pg_filenode.map")).write_bytes(b"")
        (data / "global" / "pg_control").unlink()
        assert CACHED not in checked(target)
        assert counted(target) == 3
        assert CACHED in checked(target)


def test_a_copy_of_the_project_has_it_too():
    with shop() as target:
        checked(target)
        elsewhere = target.room.parent / "elsewhere"
        shutil.copytree(target.folder, elsewhere, ignore=shutil.ignore_patterns(".hotfire"))
        shutil.rmtree(target.folder)
        elsewhere.rename(target.folder)
        assert CACHED in checked(target)
        moved = Project(folder=target.room.parent / "moved", room=target.room)
        shutil.copytree(target.folder, moved.folder, ignore=shutil.ignore_patterns(".hotfire"))
        assert CACHED in checked(moved)
        assert counted(target) == 1


def test_data_that_names_the_projects_place_is_for_that_place_alone():
    with shop() as target:
        replace(target, "seed.py", "line.strip()", "os.path.abspath(line.strip())")
        checked(target)
        assert CACHED in checked(target)
        moved = Project(folder=target.room.parent / "moved", room=target.room)
        shutil.copytree(target.folder, moved.folder, ignore=shutil.ignore_patterns(".hotfire"))
        assert CACHED not in checked(moved)
        assert CACHED in checked(target)


def test_what_writes_into_the_project_is_kept_once_it_writes_the_same():
    with shop() as target:
        replace(target, "seed.py", "import django\n", "import django\nopen('made.txt', 'w').write('made')\n")
        assert "what prepare left is not kept: made.txt changed while it ran" in checked(target)
        assert CACHED not in checked(target)
        assert CACHED in checked(target)


ENVIRONMENT = '[tool.hotfire.service.environment]\nMEDIA = "{media.path}"\n'
BESIDE = """
[tool.hotfire.dependency.mail]
kind = "smtp"

[tool.hotfire.dependency.media]
kind = "files"
folder = "media"
"""


def test_what_is_declared_beside_the_database_keeps_it_from_nothing_unless_prepare_fills_it():
    with shop() as target:
        file = target.folder / "pyproject.toml"
        inside = file.read_text().replace("[tool.hotfire.service.environment]\n", ENVIRONMENT)
        file.write_text(inside + BESIDE)
        (target.folder / "media").mkdir()
        (target.folder / "media" / "logo.svg").write_text("<svg/>")
        checked(target)
        assert CACHED in checked(target)
        replace(target, "seed.py", "import django\n", "import django\nopen(os.environ['MEDIA'] + '/a', 'w').close()\n")
        assert "prepare runs in each check: what it leaves in media is not kept" in checked(target)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_an_engine_that_ends_in_the_middle_keeps_nothing(number):
    with shop() as target:
        seed = (target.folder / "seed.py").read_text()
        (target.folder / "seed.py").write_text(f"{seed}\nimport time\ntime.sleep(600)\n")
        engine = target.start(*ASKED, stderr=subprocess.DEVNULL)
        assert remains.wait(lambda: counted(target) == 1)
        os.kill(engine.pid, number)
        engine.communicate(timeout=PATIENCE)
        assert entries(target) == []
        (target.folder / "seed.py").write_text(seed)
        assert CACHED not in checked(target)
        assert CACHED in checked(target)


def test_two_engines_at_once_are_both_right():
    with shop() as target:
        engines = [target.start(*ASKED) for _ in range(2)]
        said = [engine.communicate(timeout=PATIENCE) for engine in engines]
        assert [engine.returncode for engine in engines] == [0, 0], said
        assert len(entries(target)) == 1
        assert CACHED in checked(target)
