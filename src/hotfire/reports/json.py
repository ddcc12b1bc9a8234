"""The run as one JSON object, for scripts: the verdict, each path's cells, findings, unknowns and ledgers."""

import msgspec

from hotfire.reports.archive import Record

SUFFIX = "json"


def render(record: Record) -> str:
    """The stored run, indented; each finding carries its fingerprint too."""
    document = msgspec.to_builtins(record.run)
    for path, result in zip(document["paths"], record.run.paths, strict=True):
        for finding, value in zip(path["findings"], result.findings, strict=True):
            finding["fingerprint"] = value.fingerprint
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"
