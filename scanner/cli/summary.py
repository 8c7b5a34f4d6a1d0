"""The terminal summary: what was found, what is unsafeguarded, what could not be seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from scanner.cli.terminal import printable, styled
from scanner.model import (
    Finding,
    FindingHistory,
    Gap,
    Holding,
    Inspected,
    Observed,
    Presence,
    Report,
    Severity,
    Store,
    StoreSummary,
    Verdict,
    Workflow,
    entity,
)
from scanner.reporters.edited import MARK

_STYLE = {
    Severity.CRITICAL: "bold red",
    Severity.HIGH: "red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "cyan",
    Severity.INFO: "dim",
}
_SHOWN = 15
_TYPES_SHOWN = 5


def print_summary(console: Console, report: Report, written: Sequence[str]) -> None:
    """Print the whole summary. Nothing here is computed that the report does not hold."""
    _headline(console, report)
    _found(console, report)
    _unsafeguarded(console, report)
    _not_seen(console, report)
    _unanswered(console, report)
    _ending(console, report, written)


def _headline(console: Console, report: Report) -> None:
    seconds = (report.run.finished - report.run.started).total_seconds()
    read = sum(summary.bytes_read for summary in report.summaries)
    stores = _count(len(report.stores), "store")
    console.print(
        styled(
            ("\ndpscan  ", "bold"),
            f"{stores} in {_count(len(report.scopes), 'scope')}, {_size(read)} read in {seconds:.0f} s, "
            f"names by {report.run.names_model}, seed {report.run.seed}",
        )
    )


def _found(console: Console, report: Report) -> None:
    console.print("\nWhat was found", style="bold")
    table = _table("Store", "Holds", "People", "Looked at")
    held: dict[str, list[Holding]] = {}
    for holding in report.holdings:
        held.setdefault(holding.store_id, []).append(holding)
    stores = {store.id: store for store in report.stores}
    order = sorted(
        report.summaries, key=lambda s: (-(s.sensitivity if s.sensitivity is not None else 9), s.store_id)
    )
    for summary in order:
        table.add_row(
            _store_name(stores[summary.store_id]),
            _holds(summary, held.get(summary.store_id, [])),
            _people(summary),
            _looked_at(summary),
        )
    console.print(table)


def _store_name(store: Store) -> Text:
    text = Text(f"{printable(store.name)}  ", style="bold")
    text.append(f"{store.kind}, {store.provider}", style="dim")
    return text


def _holds(summary: StoreSummary, holdings: Sequence[Holding]) -> Text:
    if summary.inspected is Inspected.NONE:
        return Text("not inspected", style="yellow")
    counts: Counter[str] = Counter()
    sure: set[str] = set()
    for holding in holdings:
        for item in holding.types:
            counts[item.entity_type] += item.values
            if item.presence is Presence.YES:
                sure.add(item.entity_type)
    names = sorted(counts, key=lambda n: (n not in sure, -entity(n).sensitivity, -counts[n], n))
    if not names:
        return Text(
            "nothing recognised" if not summary.bound else f"nothing recognised (≤ {summary.bound:.2%})"
        )
    text = Text()
    for name in names[:_TYPES_SHOWN]:
        if text:
            text.append(", ")
        style = "bold" if entity(name).special or entity(name).offence else ""
        text.append(entity(name).title + ("" if name in sure else " (possible)"), style=style)
    if len(names) > _TYPES_SHOWN:
        text.append(" ")
        text.append(f"and {len(names) - _TYPES_SHOWN} more", style="dim")
    if summary.mostly_test_data:
        text.append("  mostly test data", style="cyan")
    return text


def _people(summary: StoreSummary) -> str:
    if summary.inspected is Inspected.NONE:
        return "?"
    return str(summary.individuals) if summary.individuals.high else "–"


def _looked_at(summary: StoreSummary) -> str:
    if summary.inspected is Inspected.ALL:
        return "all"
    if summary.inspected is Inspected.NONE:
        return "nothing"
    total, read = sum(s.population for s in summary.strata), sum(s.read for s in summary.strata)
    if read < total:
        return f"{read:,} of {total:,} units"
    return f"part of {_count(total, 'unit')}" if not summary.bound_reached else "all but what was left out"


def _unsafeguarded(console: Console, report: Report) -> None:
    failing = [f for f in report.findings if f.verdict is Verdict.FAIL]
    console.print(styled(("\nWhat is unsafeguarded  ", "bold"), (_tally(failing, report), "dim")))
    if not failing:
        console.print("  No rule failed.", style="dim")
        return
    names = {store.id: store.name for store in report.stores} | {s.id: s.name for s in report.scopes}
    failing.sort(
        key=lambda f: (-(f.severity if f.severity is not None else 0), f.rule_id, f.subject_id, f.place)
    )
    table = _table("Severity", "Rule", "What", "Where", "")
    for finding in failing[:_SHOWN]:
        severity = finding.severity if finding.severity is not None else Severity.INFO
        where: str = names.get(finding.subject_id, finding.subject_id)
        if finding.place.steps:
            where += f": {finding.place.text}"
        table.add_row(
            Text(severity.label, style=_STYLE[severity]),
            finding.rule_id,
            finding.title,
            where,
            Text(_standing(report.history.get(finding.fingerprint)), style="dim"),
        )
    console.print(table)
    if len(failing) > _SHOWN:
        console.print(f"  and {len(failing) - _SHOWN} more in findings.csv", style="dim")


def _tally(failing: Sequence[Finding], report: Report) -> str:
    new = sum(1 for f in failing if (entry := report.history.get(f.fingerprint)) and entry.is_new)
    states = Counter(entry.observed for entry in report.history.values())
    parts = [_count(len(failing), "finding"), f"{new} new"]
    for state in (Observed.FIXED, Observed.GONE, Observed.REOPENED, Observed.NOT_RECHECKED):
        if states[state]:
            parts.append(f"{states[state]} {state.value}")
    return ", ".join(parts)


def _standing(entry: FindingHistory | None) -> str:
    if entry is None:
        return ""
    if entry.workflow in (Workflow.ACCEPTED, Workflow.FALSE_POSITIVE):
        return str(entry.workflow.value)
    if entry.is_new:
        return "new"
    if entry.observed is Observed.REOPENED:
        return "reopened"
    return f"since {entry.first_seen:%Y-%m-%d}"


def _not_seen(console: Console, report: Report) -> None:
    suffered = [gap for gap in report.gaps if not gap.reason.chosen]
    chosen = [gap for gap in report.gaps if gap.reason.chosen]
    console.print("\nWhat could not be read, and why", style="bold")
    if not suffered and all(summary.inspected is Inspected.NONE for summary in report.summaries):
        console.print(
            "  Nothing was refused; there was nothing to read, or all of it was left out.", style="yellow"
        )
    elif not suffered:
        console.print("  Nothing: all that was asked for could be read.", style="dim")
    else:
        table = _table("Why", "Where", "What happened", "What would lift it")
        for gap in suffered[:_SHOWN]:
            table.add_row(
                Text(gap.reason.value, style="yellow"), _gap_place(gap, report), _detail(gap), gap.remedy
            )
        console.print(table)
        if len(suffered) > _SHOWN:
            console.print(f"  and {len(suffered) - _SHOWN} more in the reports", style="dim")
    if chosen:
        counts: Counter[str] = Counter()
        for gap in chosen:
            counts[gap.reason.value] += gap.count
        left = ", ".join(f"{count:,} {reason}" for reason, count in sorted(counts.items()))
        console.print(f"  Left out by choice: {left}.", style="dim")


def _detail(gap: Gap) -> str:
    return f"{gap.detail} ({gap.count:,} times)" if gap.count > 1 else gap.detail


def _gap_place(gap: Gap, report: Report) -> str:
    names = {store.id: store.name for store in report.stores} | {s.id: s.name for s in report.scopes}
    name: str = names.get(gap.subject_id, gap.subject_id)
    return f"{name}: {gap.place.text}" if gap.place.steps else name


def _unanswered(console: Console, report: Report) -> None:
    unknown = [finding for finding in report.findings if finding.verdict is Verdict.UNKNOWN]
    if not unknown:
        return
    causes: Counter[str] = Counter(name for finding in unknown for name in finding.missing)
    common = ", ".join(name.removeprefix("safeguards.") for name, _ in causes.most_common(4))
    console.print(
        styled(
            ("\nWhat has no answer yet  ", "bold"),
            (
                f"{_count(len(unknown), 'question')}, mostly for want of: {common}. "
                "Unknown is not fine: gaps.csv says what would lift each.",
                "dim",
            ),
        )
    )


def _ending(console: Console, report: Report, written: Sequence[str]) -> None:
    seen = report.coverage
    share = f" ({seen.stores_share:.0%})" if seen.stores_share is not None else ""
    console.print(
        styled(
            ("\nCoverage  ", "bold"),
            f"{seen.scopes_reached} of {_count(seen.scopes_declared, 'scope')}, "
            f"{seen.stores_covered} of {_count(seen.stores_enumerated, 'store')}{share}, "
            f"{_size(seen.bytes_covered)} of {_size(seen.bytes_total)}",
        )
    )
    console.print(styled((f"Exit {report.exit_code}  ", "bold"), " ".join(report.exit_reasons)))
    if written:
        folder = Path(written[0]).parent
        made = [Path(path).name for path in written if not Path(path).name.startswith(".")]
        made = [name for name in made if MARK not in name]
        console.print(styled(("Reports  ", "bold"), f"{folder}/: {', '.join(made)}"))


def tell_edited(written: Sequence[str]) -> None:
    """Say which earlier reports had been edited and were put beside, and how to take the edits in."""
    for path in written:
        if MARK in Path(path).name:
            taking = (
                " Take its edits in with `dpscan import`."
                if Path(path).name.startswith(("findings", "report"))
                else ""
            )
            click.echo(f"dpscan: an earlier report had been edited and is kept as {path}.{taking}", err=True)


def _table(*headers: str) -> Table:
    table = Table(
        box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0)
    )
    for header in headers:
        table.add_column(header, overflow="fold", no_wrap=header in ("Severity", "Rule", "Why"))
    return table


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def _size(number: float) -> str:
    for unit in ("bytes", "kB", "MB", "GB"):
        if number < 1000:
            return f"{number:,.0f} {unit}" if unit == "bytes" else f"{number:,.1f} {unit}"
        number /= 1000
    return f"{number:,.1f} TB"
