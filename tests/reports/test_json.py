"""The JSON report is the stored run, with fingerprints."""

import json
from dataclasses import replace

from hotfire.reports.archive import Record
from hotfire.reports.json import render
from tests.reports.sample import FINDING, TRIAL, WAIVED


def test_a_script_reads_verdict_and_findings(record: Record) -> None:
    document = json.loads(render(record))
    assert document["verdict"] == "NO-GO"
    finding = document["paths"][0]["findings"][0]
    assert (finding["fingerprint"], finding["trial"]) == (FINDING.fingerprint, TRIAL.id)
    assert document["paths"][0]["cells"] == {"inputs": "passed", "permissions": "unknown", "retry": "failed"}
    assert document["paths"][0]["ledgers"]["retry"]["not_reached"] == ["0badc0de"]


def test_a_script_reads_what_is_waived(record: Record) -> None:
    document = json.loads(render(record))
    (waived,) = document["paths"][1]["unknowns"]
    assert waived["waived"] == "waived until 2026-12-31 by Bob <bob@example.org>: the page is public"
    assert waived["fingerprint"] == WAIVED.fingerprint
    assert document["paths"][0]["findings"][0]["waived"] == "", "it has expired"
    assert [waiver["until"] for waiver in document["waivers"]] == ["2026-12-31", "2026-11-01"]
    assert document["ignored"] == ["audit_log"]


def test_a_script_reads_what_is_not_proven(record: Record) -> None:
    paths = [replace(path, cells={**path.cells, "retry": "not asked"}) for path in record.run.paths]
    document = json.loads(render(replace(record, run=replace(record.run, paths=tuple(paths)))))
    assert [path["not_proven"] for path in document["paths"]] == [["retry"] if path.fired else [] for path in paths]
