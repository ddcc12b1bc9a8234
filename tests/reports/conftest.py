"""A stored run to report on."""

from pathlib import Path

import pytest

from hotfire.reports.archive import FOLDER, Archive, Record, load_run
from tests.reports.sample import EVENTS


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A .hotfire folder with the sample run."""
    archive = Archive(tmp_path / FOLDER)
    for event in EVENTS:
        archive.on(event)
    return archive.root


@pytest.fixture
def record(root: Path) -> Record:
    return load_run(root)
