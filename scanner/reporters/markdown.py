"""A short summary for a ticket or a wiki: report.md."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from scanner.common.private import write_atomically
from scanner.model import Report
from scanner.reporters.cells import clean, shortened
from scanner.reporters.folder import report_folder
from scanner.reporters.page import headline, overtime
from scanner.reporters.page.digest import Digest
from scanner.reporters.page.render import date
from scanner.reporters.view import day

ACTIONS = 10
CAUSES = 10
_SPECIAL = re.compile(r"([\\`*_{}\[\]#|~$])")
_MENTION = re.compile(r"(?<![\w.-])@")
_LONGEST = 200


class MarkdownReporter:
    """Entry point `markdown`."""

    name = "markdown"

    def __init__(self) -> None:
        self.period: Any = None

    def write(self, report: Report, folder: str) -> Sequence[str]:
        """Write `report.md`."""
        path = report_folder(folder) / "report.md"
        write_atomically(path, document(Digest(report), self.period).encode("utf-8"))
        return [str(path)]


def document(digest: Digest, period: Any = None) -> str:
    """The text. Markdown of GitHub, GitLab and most wikis; tables are the only extension used."""
    return "\n".join(_lines(digest, period)) + "\n"


def _lines(digest: Digest, period: Any) -> Iterator[str]:
    report = digest.report
    of = f": {text(digest.department)}" if digest.department else ""
    yield f"# Personal data and its safeguards{of}"
    yield f"\nScan of {date(day(report.run.finished))}, {text(report.run.id)}.\n"
    if digest.to_assess:
        number = headline.counted(len(digest.to_assess), "finding")
        yield f"**{number} of data open to anybody: for the data protection officer to assess today.**\n"
    for title, sentences in (
        ("What was found", headline.found(digest)),
        ("What is unsafeguarded", headline.unsafeguarded(digest)),
        ("What could not be seen", headline.unseen(digest)),
    ):
        yield f"**{title}.** {' '.join(map(text, sentences))}\n"
    yield f"Since the scan before: {text(headline.changes(digest))}.\n"
    if period is not None:
        yield from _period(period)
    if digest.actions:
        yield f"## What to do first ({min(ACTIONS, len(digest.actions))} of {len(digest.actions)})\n"
        yield from _table(
            ("Severity", "What", "Where", "Owner", "Due"),
            (
                (
                    action.severity.label,
                    f"{action.title} ({action.rule_id}): {action.remedy}",
                    _places(action.places),
                    action.owner or "nobody is named",
                    (date(action.due) or "not set") + (", overdue" if action.overdue else ""),
                )
                for action in digest.actions[:ACTIONS]
            ),
        )
    causes = [cause for cause in digest.causes if not cause.chosen]
    if causes:
        yield f"\n## What is not known ({min(CAUSES, len(causes))} of {len(causes)} causes)\n"
        yield from _table(
            ("Where", "Why", "What would lift it", "Rules without an answer"),
            (
                (cause.subject, f"{cause.reason}: {cause.detail}", cause.remedy, ", ".join(cause.rules))
                for cause in causes[:CAUSES]
            ),
        )
    yield (
        f"\nExit {report.exit_code}: {text(' '.join(report.exit_reasons))} Seed {text(report.run.seed)}, "
        f"rules {text(report.run.rulepack_digest)}, names by {text(report.run.names_model)}, "
        f"dpscan {text(report.run.tool_version)}. Law is named where it is relevant; this judges settings, "
        "not lawfulness."
    )


def _period(period: Any) -> Iterator[str]:
    """Observed maturity and key figures, and what the period came to where one was asked for."""
    if period.asked:
        yield f"## From {date(period.since)} to {date(period.until)}\n"
        yield from (text(sentence) + "\n" for sentence in overtime.sentences(period))
    profile = period.profile
    yield "## Observed maturity\n"
    yield (
        f"**Level {profile.headline}**, the lowest of the core domains ({', '.join(profile.lowest)}). What is unknown "
        f"counts against it ({profile.unknown_share:.0%} unknown). It is no statement that any law is kept.\n"
    )
    yield from _table(
        ("Domain", "Level", "Passed", "Coverage", "What would raise it"),
        (
            (
                f"{d.id} {d.title}",
                "not assessed" if d.level is None else f"{d.level}{' (small n)' if d.small else ''}",
                "–" if d.low is None or d.high is None else f"{d.low:.0%} to {d.high:.0%}",
                f"{d.coverage:.0%}",
                "; ".join(d.raises[:2]).replace("`", "") or d.note or "–",
            )
            for d in profile.domains
        ),
    )
    yield "\n## Key figures\n"
    yield from _table(
        ("Figure", "Now", "Before", "Target", "Remarks"),
        (
            (
                f"{row.id} {row.title}",
                f"{row.now}{f' ({row.counted})' if row.counted else ''}",
                row.before,
                f"{row.target}{f': {row.met}' if row.met else ''}",
                "; ".join(part for part in (row.bounds, row.remarks) if part) or "–",
            )
            for row in overtime.rows(period)
        ),
    )
    yield ""


def _places(names: Sequence[str]) -> str:
    return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(header)} |"
    yield "|" + "---|" * len(header)
    for row in rows:
        yield f"| {' | '.join(text(shortened(cell, _LONGEST)) for cell in row)} |"


def text(value: str) -> str:
    """A text that stays one: no markup, no HTML, no link, nobody called by `@name`."""
    escaped = _SPECIAL.sub(r"\\\1", clean(value))
    escaped = escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # In a code span a mention calls nobody.
    return _MENTION.sub("`@`", escaped).replace("://", ":\\//")
