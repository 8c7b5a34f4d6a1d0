"""The whole report as one JSON file, for programs (`docs/report.schema.json`)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from scanner.common.private import write_atomically
from scanner.model import Finding, FindingHistory, Report
from scanner.model.codec import to_plain
from scanner.reporters.causes import unknowns_by_cause
from scanner.reporters.folder import report_folder

SCHEMA_VERSION = "1.0"


class JsonReporter:
    """Entry point `json`."""

    name = "json"

    def write(self, report: Report, folder: str) -> Sequence[str]:
        """Write `report.json`."""
        path = report_folder(folder) / "report.json"
        text = json.dumps(document(report), indent=2, ensure_ascii=False, allow_nan=False)
        # Names may hold bytes that are no text; `\udcff` is how JSON writes them.
        write_atomically(path, text.encode("utf-8", "backslashreplace") + b"\n")
        return [str(path)]


def document(report: Report) -> dict[str, Any]:
    """What the file holds. Lists are sorted, so equal reports give equal bytes."""
    failing = {finding.fingerprint for finding in report.findings}
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "dpscan", "version": report.run.tool_version},
        "run": to_plain(report.run),
        "exit_code": report.exit_code,
        "exit_reasons": list(report.exit_reasons),
        "coverage": to_plain(report.coverage)
        | {"stores_share": report.coverage.stores_share, "bytes_share": report.coverage.bytes_share},
        "findings": [
            _finding(finding, report.history.get(finding.fingerprint))
            for finding in sorted(
                report.findings, key=lambda f: (f.rule_id, f.subject_id, f.place, f.fingerprint)
            )
        ],
        "earlier_findings": [
            _finding(entry.finding, entry)
            for fingerprint, entry in sorted(report.history.items())
            if fingerprint not in failing and entry.finding is not None
        ],
        "unknowns_by_cause": [to_plain(cause) for cause in unknowns_by_cause(report)],
        "gaps": _sorted(report.gaps),
        "holdings": [
            to_plain(holding) | {"where": holding.place.text}
            for holding in sorted(report.holdings, key=lambda h: (h.store_id, h.place))
        ],
        "summaries": _sorted(report.summaries),
        "scopes": _sorted(report.scopes),
        "stores": _sorted(report.stores),
        "evidence": _sorted(report.evidence),
        "context": to_plain(report.context),
    }


def _finding(finding: Finding, entry: FindingHistory | None) -> dict[str, Any]:
    history = None
    if entry is not None:
        history = to_plain(entry)
        # The finding is around it, and the fingerprint too.
        del history["finding"], history["fingerprint"]
    return {**to_plain(finding), "where": finding.place.text, "history": history}


def _sorted(records: Sequence[Any]) -> list[Any]:
    """Plain records in an order that depends on nothing but what they say."""
    return sorted(
        (to_plain(record) for record in records), key=lambda plain: json.dumps(plain, sort_keys=True)
    )
