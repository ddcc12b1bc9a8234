"""The run as one JSON object, for scripts: the verdict, each path's cells, findings, unknowns and ledgers."""

import msgspec

from hotfire.reports.archive import Record
from hotfire.reports.phrases import is_unproven, waiver_says

SUFFIX = "json"


def render(record: Record) -> str:
    """The stored run, indented; each finding and unknown carries its fingerprint, and `waived`: by whom, or "".

    `not_proven` are a path's adopted lines that had nothing to ask of it, such as `rollback` without an undo.
    """
    run = record.run
    document = msgspec.to_builtins(run)
    for path, result in zip(document["paths"], run.paths, strict=True):
        path["not_proven"] = [line for line in run.lines if is_unproven(run, result, line)]
        for told, value in zip((*path["findings"], *path["unknowns"]), result.judgements, strict=True):
            told["fingerprint"] = value.fingerprint
            told["waived"] = waiver_says(run, value) if run.waiver_of(value) else ""
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"
