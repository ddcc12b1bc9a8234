"""The archive: every trial on disk as it ends, private, whole, and found again."""

import os
import stat
from pathlib import Path

import pytest

from hotfire.errors import SetupError, UsageError
from hotfire.model.event import FindingConfirmed, RunStarted, TrialEnded
from hotfire.reports.archive import FOLDER, Archive, Record, load_run, load_trial, run_ids
from tests.reports.sample import BASELINE, EVENTS, FINDING, HISTORY, JUDGED, PASSED, RUN, STARTED, TRIAL


def test_a_run_is_read_back_as_it_was(record: Record) -> None:
    assert record.run == RUN


def test_a_trial_is_read_back_with_its_baseline(record: Record) -> None:
    stored = record.trial(TRIAL.id)
    assert stored.judged == JUDGED
    assert record.baseline(stored) == BASELINE


def test_a_trial_is_found_by_the_beginning_of_its_id(root: Path) -> None:
    _, stored = load_trial(root, TRIAL.id[:5])
    assert stored.judged.trial == TRIAL


def test_an_unknown_trial_names_the_nearest(root: Path) -> None:
    wrong = TRIAL.id[:-1] + ("0" if TRIAL.id[-1] != "0" else "1")
    with pytest.raises(UsageError) as caught:
        load_trial(root, wrong)
    assert wrong in caught.value.problem
    assert TRIAL.id in caught.value.hint


def test_an_ambiguous_beginning_lists_the_trials(root: Path) -> None:
    folder = load_run(root).folder / "trials"
    (folder / f"{TRIAL.id[:4]}ffff.json").write_bytes((folder / f"{TRIAL.id}.json").read_bytes())
    with pytest.raises(UsageError, match="2 trials"):
        load_trial(root, TRIAL.id[:4])


def test_an_empty_id_finds_nothing(root: Path) -> None:
    with pytest.raises(UsageError, match="no trial"):
        load_trial(root, "")


def test_an_unknown_run_names_the_nearest(root: Path) -> None:
    with pytest.raises(UsageError) as caught:
        load_run(root, "20261124-090000-k3w8")
    assert RUN.id in caught.value.hint


def test_an_empty_archive_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="hotfire check"):
        load_run(tmp_path / FOLDER)


def test_a_folder_that_is_none_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / FOLDER).touch()
    with pytest.raises(SetupError, match=r"the run cannot be kept in .*File exists") as refused:
        Archive(tmp_path / FOLDER).on(RunStarted(run=RUN))
    assert "may write" in refused.value.hint


def test_only_its_owner_may_read(root: Path) -> None:
    for folder, _, files in os.walk(root):
        assert stat.S_IMODE(Path(folder).stat().st_mode) == 0o700, folder
        for file in files:
            assert stat.S_IMODE((Path(folder) / file).stat().st_mode) == 0o600, file


def test_nothing_half_written_stays(root: Path) -> None:
    assert not [file for file in root.rglob(".*") if file.name != ".gitignore"]


def test_git_ignores_the_archive(root: Path) -> None:
    assert (root / ".gitignore").read_text() == "*\n"


def test_latest_is_the_run_begun_last(root: Path) -> None:
    archive = Archive(root)
    later = RunStarted(run=type(STARTED)(id="20261125-1", project="", started="2026-11-25", lines=("retry",)))
    archive.on(later)
    assert load_run(root).run.id == "20261125-1"
    assert run_ids(root) == ["20261125-1", RUN.id]


def test_a_trial_is_found_in_an_older_run(root: Path) -> None:
    Archive(root).on(RunStarted(run=type(STARTED)(id="20261125-1", project="", started="2026-11-25", lines=("retry",))))
    record, stored = load_trial(root, TRIAL.id)
    assert (record.run.id, stored.judged.history) == (RUN.id, HISTORY)


@pytest.mark.parametrize("length", range(1, len(EVENTS)))
def test_a_run_interrupted_anywhere_is_readable(tmp_path: Path, length: int) -> None:
    archive = Archive(tmp_path / FOLDER)
    for event in EVENTS[:length]:
        archive.on(event)
    record = load_run(tmp_path / FOLDER)
    assert record.run.verdict is None
    told = any(isinstance(event, FindingConfirmed) and event.finding == FINDING for event in EVENTS[:length])
    assert [finding for result in record.run.paths for finding in result.findings][:1] == ([FINDING] if told else [])


def test_a_confirmation_does_not_overwrite_the_first(root: Path) -> None:
    archive = Archive(root)
    archive.on(RunStarted(run=STARTED))
    archive.on(TrialEnded(judged=JUDGED, baseline=BASELINE))
    folder = archive.folder / "trials"
    assert (folder / f"{TRIAL.id}.json").exists()
    assert (folder / f"{TRIAL.id}.2.json").exists()
    assert load_run(root).trial_ids() == sorted([TRIAL.id, PASSED.id])


def test_a_baseline_is_stored_once(record: Record) -> None:
    assert len(list((record.folder / "baselines").iterdir())) == 1


def test_a_damaged_file_says_what_to_do(record: Record) -> None:
    (record.folder / "trials" / f"{TRIAL.id}.json").write_text("{}")
    with pytest.raises(UsageError, match="another version"):
        record.trial(TRIAL.id)
