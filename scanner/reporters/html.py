"""The report to read and to print: report.html, one file, nothing fetched, no script needed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scanner.common.private import write_atomically
from scanner.model import Inspected, Report, Store, Verdict
from scanner.reporters.folder import report_folder
from scanner.reporters.page import headline, render
from scanner.reporters.page.digest import Digest

LIMIT = 300
"""Findings, causes and stores shown; the CSV files have all."""


class HtmlReporter:
    """Entry point `html`."""

    name = "html"

    def __init__(self) -> None:
        self.period: Any = None

    def write(self, report: Report, folder: str) -> Sequence[str]:
        """Write `report.html`."""
        path = report_folder(folder) / "report.html"
        digest = Digest(report)
        write_atomically(path, render.page("report.html.j2", **_values(digest, self.period)))
        return [str(path)]


def _values(digest: Digest, period: Any) -> dict[str, Any]:
    return {
        "report": digest.report,
        "digest": digest,
        "limit": LIMIT,
        "filters": True,
        "period": period,
        "profile": period.profile if period is not None else None,
        "found": headline.found(digest),
        "unsafeguarded": headline.unsafeguarded(digest),
        "unseen": headline.unseen(digest),
        "changes": headline.changes(digest),
        "severities": [(severity.label, count) for severity, count in digest.by_severity.items()],
        "inspected": [digest.inspected[how] for how in (Inspected.ALL, Inspected.SAMPLED, Inspected.NONE)],
        "verdicts": [digest.verdicts[said] for said in (Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN)],
        "shown": digest.standings[:LIMIT],
        "stores": _stores(digest),
    }


def _stores(digest: Digest) -> list[Store]:
    """The most sensitive first; not inspected ranks with the sensitive."""

    def order(store: Store) -> tuple[object, ...]:
        summary = digest.view.summaries.get(store.id)
        sensitivity = 2.5 if summary is None or summary.sensitivity is None else float(summary.sensitivity)
        return (-sensitivity, store.name, store.id)

    return sorted(digest.report.stores, key=order)
