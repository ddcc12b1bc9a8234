"""The main job: the example as its team first wrote it is NO-GO, and once repaired it is GO."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

DEADLINE = 300
LINES = {"failure", "inputs", "logs", "permissions", "response", "retry"}
CLASSES = {
    *("partial state", "duplicate", "lost", "race", "5xx on retry"),
    "no recovery",
    *("nothing logged", "secret in the log"),
    *("5xx on invalid input", "not as reviewed", "changed page"),
}


def fire(folder: Path, *options: str) -> tuple[int, str, list[dict[str, str]]]:
    """Run the demo in a folder of its own: exit code, what was told, and the findings that were stored."""
    command = [sys.executable, "-m", "hotfire", "demo", "--into", str(folder), *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE, check=False)
    stored = json.loads((folder / ".hotfire" / "latest" / "run.json").read_bytes())
    return done.returncode, done.stdout, [finding for path in stored["paths"] for finding in path["findings"]]


def test_as_its_team_first_wrote_it(tmp_path: Path) -> None:
    code, told, findings = fire(tmp_path / "demo")
    blockers = [finding for finding in findings if finding["severity"] == "blocker"]
    assert code == 1, told
    assert "\nNO-GO  " in told
    assert {finding["category"] for finding in blockers} == CLASSES
    assert {finding["line"] for finding in blockers} == LINES
    replays = {finding["trial"] for finding in blockers if f"replay: hotfire replay {finding['trial']}" in told}
    causes = {(finding["step"], finding["category"]) for finding in blockers}
    assert causes == {(finding["step"], finding["category"]) for finding in blockers if finding["trial"] in replays}


@pytest.mark.parametrize("option", ["--repaired"])
def test_once_repaired(tmp_path: Path, option: str) -> None:
    code, told, findings = fire(tmp_path / "demo", option)
    assert code == 0, told
    assert f"\nGO for {', '.join(sorted(LINES))}" in told
    assert {finding["category"] for finding in findings} == {"safe method writes", "dead connections"}
