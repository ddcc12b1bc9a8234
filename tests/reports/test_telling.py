"""Where a finding stands in the repository, and its plain lines."""

import dataclasses
from pathlib import Path

from hotfire.model.run import PathResult
from hotfire.reports.archive import Record
from hotfire.reports.telling import lines_of, repository_of, source_line, source_of
from tests.reports.sample import FINDING, PUBLISH, PUBLISH_RESULT, RUN, STEP


def test_the_file_is_named_from_the_repository_s_root(record: Record, tmp_path: Path) -> None:
    project = tmp_path / "shop" / "web"
    placed = dataclasses.replace(PUBLISH, file=f"{project}/launch/critical_paths.py")
    assert source_of(placed, project, project) == "launch/critical_paths.py"
    assert source_of(placed, tmp_path, project) == "shop/web/launch/critical_paths.py"


def test_a_run_that_was_made_elsewhere_names_the_file_where_it_lies_here(tmp_path: Path) -> None:
    moved = dataclasses.replace(PUBLISH, file="/elsewhere/launch/critical_paths.py")
    assert source_of(moved, tmp_path, tmp_path) == "launch/critical_paths.py"
    assert source_of(PUBLISH, tmp_path, tmp_path / "web") == "web/launch/critical_paths.py"


def test_the_repository_is_the_nearest_above(record: Record, tmp_path: Path) -> None:
    assert repository_of(record) == record.folder.parents[1]
    (tmp_path / "sub").mkdir()
    (tmp_path / ".git").mkdir()
    assert repository_of(Record(run=RUN, folder=tmp_path / "sub" / ".hotfire" / RUN.id)) == tmp_path


def test_a_line_is_the_step_s_else_the_path_s_and_never_0() -> None:
    step = dataclasses.replace(STEP, line=31)
    path = dataclasses.replace(PUBLISH, line=20)
    result = PathResult(path=path, steps=(step,))
    assert [source_line(result, key) for key in (step.key, "gone", "")] == [31, 20, 20]
    assert source_line(PUBLISH_RESULT, STEP.key) == 1


def test_many_points_are_counted() -> None:
    many = dataclasses.replace(FINDING, points=tuple(f"point {number}" for number in range(14)))
    lines = list(lines_of(RUN, PUBLISH_RESULT, many))
    assert "  point 9" in lines
    assert "  and 4 points more" in lines
    assert lines[-1] == f"replay: hotfire replay {FINDING.trial}"
