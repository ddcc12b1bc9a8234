"""The key changes with all that `prepare` can depend on, and with nothing else."""

import dataclasses
import json
import shutil
import sys
from pathlib import Path

import pytest

from hotfire.config import parse
from hotfire.worlds.prepared import key as keys
from hotfire.worlds.prepared.key import Project, key_of
from hotfire.worlds.prepared.tree import Memory, NoKey

CONFIGURATION = """
[tool.hotfire.service]
app = "shop:app"
prepare = ["python seed.py", "python -m shop.load {more}"]
python = "environment/bin/python"

[tool.hotfire.service.environment]
DATABASE_URL = "{{db.url}}"
SECRET_KEY = "{secret}"
SEEDS = "{seeds}"

[tool.hotfire.dependency.db]
kind = "postgres"
server = "{server}"
"""
BESIDE = """
[tool.hotfire.dependency.media]
kind = "files"
folder = "../media"

[tool.hotfire.dependency.cache]
kind = "redis"

[tool.hotfire.dependency.pay]
kind = "http"
hosts = ["pay.example"]
"""


@dataclasses.dataclass(slots=True, kw_only=True)
class Laid:
    """A project with an environment of its own, and a folder beside it."""

    top: Path
    more: str = ""
    secret: str = "only-for-trials"
    seeds: str = ""
    server: str = "embedded"
    beside: str = ""

    @property
    def folder(self) -> Path:
        return self.top / "project"

    @property
    def site(self) -> Path:
        return next((self.folder / "environment").glob("lib/python*/site-packages"))

    @property
    def key(self):
        text = CONFIGURATION.format(more=self.more, secret=self.secret, seeds=self.seeds, server=self.server)
        config = parse(text + self.beside, "pyproject.toml")
        python = config.service.python
        return key_of(
            Project(folder=self.folder, launch=self.folder / "launch", config=config, python=python), Memory()
        )


@pytest.fixture
def laid(tmp_path):
    laid = Laid(top=tmp_path / "here")
    (laid.folder / "launch").mkdir(parents=True)
    (laid.folder / "launch" / "critical_paths.py").touch()
    (laid.folder / "seed.py").write_text("print(1)")
    binaries = laid.folder / "environment" / "bin"
    binaries.mkdir(parents=True)
    (binaries / "python").symlink_to(Path(sys.executable).resolve())
    (laid.folder / "environment" / "pyvenv.cfg").write_text("include-system-site-packages = false\n")
    site = laid.folder / "environment" / "lib" / "python3.11" / "site-packages"
    (site / "django-5.2.dist-info").mkdir(parents=True)
    (site / "django-5.2.dist-info" / "RECORD").write_text("")
    (tmp_path / "here" / "beside").mkdir()
    (tmp_path / "here" / "beside" / "posts.json").write_text("[]")
    return laid


def test_it_is_the_same_again_and_for_a_copy_elsewhere(laid, tmp_path):
    shutil.copytree(laid.top, tmp_path / "there", symlinks=True)
    there = Laid(top=tmp_path / "there")
    assert laid.key.digest == laid.key.digest == there.key.digest
    assert there.key.project != laid.key.project


def test_what_is_written_for_hotfire_alone_is_no_part_of_it(laid):
    before = laid.key
    (laid.folder / "launch" / "critical_paths.py").write_text("# another path")
    (laid.folder / "launch" / "waivers.toml").write_text("")
    assert laid.key == before


def test_a_seed_in_the_launch_folder_is(laid):
    before = laid.key
    (laid.folder / "launch" / "seed.sql").write_text("")
    assert laid.key != before


def test_all_of_the_launch_folder_is_where_a_command_goes_there(laid):
    laid.more = "launch/seed.py"
    before = laid.key
    (laid.folder / "launch" / "critical_paths.py").write_text("POSTS = 3")
    assert laid.key != before


CHANGES = {
    "a file": lambda laid: (laid.folder / "seed.py").write_text("print(2)"),
    "a command": lambda laid: setattr(laid, "more", "--all"),
    "a secret": lambda laid: setattr(laid, "secret", "another"),
    "a version": lambda laid: (laid.site / "django-5.2.dist-info").rename(laid.site / "django-5.3.dist-info"),
    "an installation": lambda laid: (laid.site / "django-5.2.dist-info" / "RECORD").write_text("again"),
    "a loose module": lambda laid: (laid.site / "loose.py").touch(),
    "the day": lambda _: None,
    "hotfire": lambda _: None,
}


@pytest.mark.parametrize("change", CHANGES)
def test_it_changes_with(laid, change, monkeypatch):
    before = laid.key
    CHANGES[change](laid)
    if change == "the day":
        real = keys.datetime

        class Tomorrow(real):
            @classmethod
            def now(cls, tz=None):
                return real.now(tz=tz).replace(year=2200)

        monkeypatch.setattr(keys, "datetime", Tomorrow)
    if change == "hotfire":
        monkeypatch.setattr(keys, "_version", lambda: "0.0.0")
    assert laid.key.digest != before.digest


def test_the_secret_does_not_stand_in_it(laid):
    assert laid.secret not in repr(laid.key)


@pytest.mark.parametrize("where", ["seeds", "more"])
@pytest.mark.parametrize("how", ["absolute", "relative", "in an option"])
def test_files_elsewhere_count_where_they_are_named(laid, where, how):
    beside = laid.top / "beside"
    names = {"absolute": str(beside), "relative": "../beside/posts.json", "in an option": f"--from={beside}:2"}
    setattr(laid, where, names[how])
    before = laid.key
    (beside / "posts.json").write_text("[1]")
    assert laid.key.digest != before.digest


@pytest.mark.parametrize("how", ["direct_url", "pth"])
def test_editable_installations_count_with_their_files(laid, how):
    beside = laid.top / "beside"
    if how == "pth":
        (laid.site / "__editable__.pth").write_text(f"{beside}\n")
    else:
        told = {"url": beside.as_uri(), "dir_info": {"editable": True}}
        (laid.site / "django-5.2.dist-info" / "direct_url.json").write_text(json.dumps(told))
    before = laid.key
    (beside / "module.py").touch()
    assert laid.key.digest != before.digest


def test_a_cookies_path_is_no_file(laid):
    laid.seeds = "/"
    assert laid.key.digest


def test_a_server_that_is_not_ours_has_no_key(laid):
    laid.server = "postgresql://postgres@127.0.0.1/x"
    with pytest.raises(NoKey, match="server of ours"):
        _ = laid.key


@pytest.mark.parametrize("file", ["media/logo.svg", "project/launch/stubs.py"])
def test_beside_other_dependencies_it_changes_with_what_prepare_may_find_there(laid, file):
    laid.beside = BESIDE
    (laid.top / "media").mkdir()
    before = laid.key
    (laid.top / file).write_text("changed")
    assert laid.key.digest != before.digest


@pytest.mark.parametrize("trouble", ["a shim", "no python"])
def test_in_doubt_there_is_no_key(laid, trouble):
    python = laid.folder / "environment" / "bin" / "python"
    python.unlink()
    if trouble == "a shim":
        python.write_text("#!/bin/sh\n")
    with pytest.raises(NoKey):
        _ = laid.key
