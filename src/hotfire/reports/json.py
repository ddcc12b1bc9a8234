"""The run as one JSON object, for scripts: the verdict, each path's cells, findings, unknowns and ledgers."""

import msgspec

from hotfire.reports.archive import Record
from hotfire.reports.phrases import waiver_says

SUFFIX = "json"


def render(record: Record) -> str:
    """The stored run, indented; each finding and unknown carries its fingerprint, and `waived`: by whom, or ""."""
    run = record.run
    document = msgspec.to_builtins(run)
    for path, result in zip(document["paths"], run.paths, strict=True):
        for told, value in zip((*path["findings"], *path["unknowns"]), result.judgements, strict=True):
            told["fingerprint"] = value.fingerprint
            told["waived"] = waiver_says(run, value) if run.waiver_of(value) else ""
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"
