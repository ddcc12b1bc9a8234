"""What all tests share: snapshots, a clock that stands still, and HOTFIRE_REQUIRE=all: under it a skip is a failure."""

import os
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from hotfire.clock import SetClock

REQUIRE_ALL = os.environ.get("HOTFIRE_REQUIRE") == "all"
UPDATE = os.environ.get("HOTFIRE_SNAPSHOTS") == "update"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Under HOTFIRE_REQUIRE=all what is missing on the machine must be installed, not skipped."""
    report = yield
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped under HOTFIRE_REQUIRE=all: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Likewise for a file that is skipped as a whole."""
    report = yield
    if REQUIRE_ALL and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"{collector.nodeid} was skipped under HOTFIRE_REQUIRE=all: {report.longrepr}"
    return report


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def snapshot(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with snapshots/NAME beside the test; HOTFIRE_SNAPSHOTS=update writes it anew."""
    folder = Path(request.path).parent / "snapshots"

    def compare(name: str, text: str) -> None:
        file = folder / name
        if UPDATE:
            folder.mkdir(exist_ok=True)
            file.write_text(text, encoding="utf-8")
        assert file.exists(), f"{file.name} is not there yet: HOTFIRE_SNAPSHOTS=update ./dev test, then read the diff"
        assert text == file.read_text(encoding="utf-8")

    return compare
