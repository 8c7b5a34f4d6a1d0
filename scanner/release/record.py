"""The verdict as JSON: names reduced, types, counts and places; no value."""

from __future__ import annotations

import json
from typing import Any

from scanner.release.decision import FileVerdict, Level
from scanner.release.desk import Report
from scanner.release.words import HEADLINES, answer, items, kind_of

_DECISIONS = {Level.FAIL: "fail", Level.UNCHECKED: "not checked", Level.WARN: "warn", Level.NOTE: "pass"}


def as_json(report: Report) -> str:
    return json.dumps(as_record(report), ensure_ascii=False, indent=2)


def as_record(report: Report) -> dict[str, Any]:
    """Version 1: keys are only ever added."""
    verdict = report.verdict
    return {
        "version": 1,
        "decision": _DECISIONS[verdict.level],
        "exit_code": report.exit_code,
        "headline": HEADLINES[verdict.level],
        "answer": answer(verdict),
        "audience": verdict.audience,
        "allowed": [{"what": name, "reason": reason} for name, reason in verdict.allowed.items()],
        "files": [_file(file) for file in verdict.files],
        "left_out": len(verdict.skipped),
        "clean_copies": [
            {
                "written": bool(fixed.result.path),
                "removed": list(fixed.result.done),
                "notes": list(fixed.result.left),
                "failed": fixed.result.failed,
                "again": _file(fixed.verdict) if fixed.verdict else None,
            }
            for fixed in report.fixed
        ],
    }


def _file(file: FileVerdict) -> dict[str, Any]:
    return {
        "name": file.file.where.shown,
        "kind": kind_of(file.file.media_type),
        "media_type": file.file.media_type,
        "bytes": file.file.size,
        "inside": dict(file.file.inventory),
        "decision": _DECISIONS[file.level],
        "points": [
            {
                "decision": _DECISIONS[line.level] if line.level is not Level.NOTE else "note",
                "headline": line.headline,
                "hiding": line.hiding or None,
                "where": line.where.shown or None,
                "types": {count.entity_type: count.values for count in line.what},
                "rows": line.rows or None,
                "people_at_least": line.people or None,
                "remedy": line.remedy or None,
                "allowed": line.allowed or None,
            }
            for line in file.lines
        ],
        "summary": [
            {"decision": _DECISIONS[i.level] if i.level is not Level.NOTE else "note", "text": i.headline, "what": i.what,
             "places": [p.shown for p in i.places], "more_places": i.more}
            for i in items(file)
        ],
    }  # fmt: skip
