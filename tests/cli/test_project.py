"""What a person writes under launch/: a file that cannot be read ends a run, and what is no file of ours is left."""

from pathlib import Path

import pytest

from hotfire.cli.project import checks_of, waivers_of
from hotfire.config import SNIPPET, parse
from hotfire.errors import UsageError
from hotfire.worlds.launchpad import Site

EXPECTED = """\
step = "author POST /api/posts #1"
recorded = "2026-11-28"
reviewed = ""
body = "empty"
---
POST /api/posts
---
201
---
"""


@pytest.fixture
def site(tmp_path: Path) -> Site:
    (tmp_path / "launch").mkdir()
    return Site(project=tmp_path, config=parse(SNIPPET, "pyproject.toml"))


@pytest.mark.parametrize("name", ["permissions.toml", "waivers.toml"])
@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "cannot be read: [Errno 21] Is a directory"),
        (b"\xe4", "cannot be read: 'utf-8' codec"),
        (b"\xef\xbb\xbf", "begins with a byte order mark"),
        (b"x = " + b"[" * 3000, "is no TOML: it is nested too deeply"),
        (b"a = 1\nx", "is no TOML: Expected '='"),
    ],
)
def test_a_file_that_cannot_be_read(site: Site, name: str, content: bytes | None, problem: str) -> None:
    file = site.launch / name
    file.mkdir() if content is None else file.write_bytes(content)
    with pytest.raises(UsageError) as refused:
        (*checks_of(site, ["permissions"]), *waivers_of(site))
    assert refused.value.problem.startswith(f"launch/{name} {problem}")
    assert refused.value.hint


def test_a_folder_and_a_hidden_file_are_no_expected_responses(site: Site) -> None:
    folder = site.launch / "expected" / "publish"
    (folder / "drafts").mkdir(parents=True)
    (folder / ".one.txt.swp").write_bytes(b"\xff")
    (folder / "one.txt").write_text(EXPECTED)
    (check,) = checks_of(site, ["response"])
    assert [named.place for named in check.named()] == ["launch/expected/publish/one.txt"]
