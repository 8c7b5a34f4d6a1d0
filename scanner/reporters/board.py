"""One page for the board: board.html. Numbers of fewer than five people are not given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scanner.common.private import write_atomically
from scanner.model import Report
from scanner.reporters.folder import report_folder
from scanner.reporters.page import headline, render
from scanner.reporters.page.digest import Digest

ACTIONS = 4
CAUSES = 2


class BoardReporter:
    """Entry point `board`."""

    name = "board"

    def __init__(self) -> None:
        self.period: Any = None

    def write(self, report: Report, folder: str) -> Sequence[str]:
        """Write `board.html`."""
        path = report_folder(folder) / "board.html"
        digest = Digest(report)
        content = render.page(
            "board.html.j2",
            report=report,
            digest=digest,
            period=self.period,
            profile=self.period.profile if self.period is not None else None,
            found=headline.found(digest, masked=True),
            unsafeguarded=headline.unsafeguarded(digest),
            unseen=headline.unseen(digest),
            changes=headline.changes(digest),
            actions=digest.actions[:ACTIONS],
            causes=[cause for cause in digest.causes if not cause.chosen][:CAUSES],
            severities=[(severity.label, count) for severity, count in digest.by_severity.items()],
        )
        write_atomically(path, content)
        return [str(path)]
