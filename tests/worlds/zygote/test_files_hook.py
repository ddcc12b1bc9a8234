"""The hook in front of files, in two Pythons: what crosses the border, as a transcript."""

import ast
import json
import os
import socketserver
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from hotfire.wire.files import Dialogue
from hotfire.wire.hook import Call, Done, Lines
from hotfire.worlds.zygote import SCRIPT
from tests.worlds.zygote.hooked import LOADS, Transcript, World, world
from tests.worlds.zygote.test_old_python import pythons

HOOK = SCRIPT.with_name("files_hook.py")


class Answering(socketserver.BaseRequestHandler):
    """One call of the service."""

    def handle(self) -> None:
        world = self.server
        assert isinstance(world, World)
        lines, dialogue, asked = Lines(), Dialogue("media.files"), ""
        while data := self.request.recv(65536):
            for said in lines.feed(data):
                answer: dict[str, object] = {"wait": True}
                if isinstance(said, Call):
                    asked = dialogue.call(said).text
                    if world.fail and asked.startswith(world.fail):
                        answer = {"fail": "No space left on device", "code": "ENOSPC"}
                        world.said.append(f"{asked} refused")
                elif isinstance(said, Done):
                    durable = dialogue.done(said).durable
                    world.said.append(f"{asked}{'!' if durable else ''}{said.detail and f' {said.detail}'}")
                else:
                    world.said.append(f"stray {Path(said.path).name}")
                self.request.sendall(json.dumps(answer).encode() + b"\n")


def crossed(python: str, folder: Path, program: str, *, fail: str = "") -> Transcript:
    """What crosses the border while a program runs over a folder; a ! stands behind what is an effect."""
    media = folder / "media"
    media.mkdir()
    with world(Answering, fail) as server:
        source = LOADS + f"beside({str(HOOK)!r})\n" + "import os, pathlib, shutil, tempfile\n"
        source += f"M = {str(media)!r}\nP = pathlib.Path(M)\n" + textwrap.dedent(program)
        port = server.server_address[1]
        environment = {
            **os.environ,
            f"HOTFIRE_FILES_{port}": str(media),
            f"HOTFIRE_SOURCE_FILES_{port}": f"{folder}/own",
        }
        done = subprocess.run(
            [python, "-W", "error", "-c", source],
            env=environment,
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return server.said


def two() -> list[str]:
    """Our own Python, and the oldest that is here."""
    return list(dict.fromkeys([sys.executable, *pythons()[1:2]]))


BOTH = pytest.mark.parametrize("python", two(), ids=lambda path: Path(path).parts[-3])


def test_its_syntax_is_that_of_3_8_and_it_imports_the_standard_library_alone() -> None:
    for file in (HOOK, SCRIPT.with_name("hook_line.py")):
        tree = ast.parse(file.read_text(), feature_version=(3, 8))
        names = {
            (node.module or "" if isinstance(node, ast.ImportFrom) else alias.name).partition(".")[0]
            for node in ast.walk(tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        }
        assert names <= set(sys.stdlib_module_names)


@BOTH
def test_a_file_that_is_written_in_place_goes_three_ways(tmp_path: Path, python: str) -> None:
    program = """
        with open(M + "/small.txt", "w", encoding="utf-8") as file:
            file.write("hello")
        with (P / "large.bin").open("wb") as file:
            for _ in range(40):
                file.write(b"x" * 1000)
        assert (P / "large.bin").stat().st_size == 40000
        P.joinpath("small.txt").write_text("again")
        with open(M + "/small.txt", "a") as file:
            file.write(", and more")
        assert open(M + "/small.txt").read() == "again, and more"
    """
    small, large = "media/small.txt", "media/large.bin"
    assert crossed(python, tmp_path, program) == [
        f"create {small}!",
        f"write {small}!",
        f"create {large}!",
        f"write {large}!",
        f"close {large}!",
        f"empty {small}!",
        f"write {small}!",
        f"write {small}!",
    ]


@BOTH
def test_a_file_that_is_published_by_a_rename_is_one_effect(tmp_path: Path, python: str) -> None:
    program = """
        fd, name = tempfile.mkstemp(dir=M)
        with os.fdopen(fd, "wb") as file:
            file.write(b"hello")
        os.replace(name, M + "/hello.txt")
        (P / "hello.txt").rename(P / "again.txt")
        (P / "again.txt").unlink()
    """
    told = crossed(python, tmp_path, program)
    assert [line for line in told if line.endswith("!")] == [
        "rename media/… to media/hello.txt!",
        "rename media/hello.txt to media/again.txt!",
        "remove media/again.txt!",
    ]
    assert told[:2] == ["create media/…", "write media/…"]


@BOTH
def test_descriptors_links_and_whole_trees(tmp_path: Path, python: str) -> None:
    program = """
        (P / "deep" / "er").mkdir(parents=True)
        fd = os.open(M + "/deep/er/a.txt", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        os.write(fd, b"a"); os.write(fd, b"b"); os.close(fd)
        os.symlink("er/a.txt", M + "/deep/link")
        shutil.copyfile(M + "/deep/er/a.txt", M + "/copy.txt")
        assert open(M + "/copy.txt").read() == "ab"
        shutil.move(M + "/copy.txt", os.path.join(os.path.dirname(M), "outside.txt"))
        os.truncate(M + "/deep/er/a.txt", 1)
        shutil.rmtree(M + "/deep")
        assert os.listdir(M) == []
    """
    told = crossed(python, tmp_path, program)
    assert all(line.endswith("!") for line in told)
    deep = [line.rstrip("!") for line in told if "deep" in line]
    assert deep[:5] == [
        "create media/deep/er/a.txt",
        "write media/deep/er/a.txt",
        "close media/deep/er/a.txt",
        "link media/deep/link",
        "truncate media/deep/er/a.txt",
    ]
    assert sorted(deep[5:]) == ["remove media/deep/er/a.txt", "remove media/deep/link"]
    assert "rename media/copy.txt to elsewhere!" in told


@BOTH
def test_what_is_refused_is_not_done_and_what_python_refuses_is_told(tmp_path: Path, python: str) -> None:
    program = """
        try:
            open(M + "/full.txt", "wb")
        except OSError as problem:
            assert (problem.errno, problem.strerror) == (28, "No space left on device")
        assert not (P / "full.txt").exists()
        try:
            open(M + "/missing/x.txt", "w")
        except FileNotFoundError:
            pass
        for wrong in ({"mode": "wb", "encoding": "utf-8"}, {"mode": "w", "buffering": 0}, {"mode": "wbt"}):
            try:
                open(M + "/wrong.txt", **wrong)
            except ValueError:
                continue
            raise AssertionError(wrong)
    """
    assert crossed(python, tmp_path, program, fail="create media/full") == [
        "create media/full.txt refused",
        "create media/missing/x.txt FileNotFoundError: No such file or directory",
    ]


@BOTH
def test_the_projects_own_folder_is_read_and_not_written(tmp_path: Path, python: str) -> None:
    program = """
        assert open("own/a.txt").read() == "a"
        for change in (
            lambda: open("own/a.txt", "a"),
            lambda: os.rename("own/a.txt", "own/b.txt"),
            lambda: os.remove(os.path.abspath("own/a.txt")),
        ):
            try:
                change()
            except PermissionError as problem:
                assert M in problem.strerror, problem
            else:
                raise AssertionError
    """
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "a.txt").write_text("a")
    assert crossed(python, tmp_path, program) == ["stray a.txt"] * 3


@BOTH
def test_other_files_and_reading_pass_untouched(tmp_path: Path, python: str) -> None:
    program = """
        with open("beside.txt", "w+") as file:
            file.write("x")
        os.rename("beside.txt", "other.txt")
        with tempfile.NamedTemporaryFile() as file:
            file.write(b"x")
        os.listdir(M)
        class Keeps:
            rename, open = os.rename, open
        Keeps().rename("other.txt", "last.txt")
        assert Keeps().open("last.txt").read() == "x"
    """
    assert crossed(python, tmp_path, program) == []
