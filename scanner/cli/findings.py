"""`dpscan findings`: list findings over time, own and accept them, and comment."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scanner.cli.desk import DateType, by_option, desk, history_options

if TYPE_CHECKING:
    from scanner.cli.desk import Desk
    from scanner.model import FindingHistory

_STATES = (
    "open", "new", "reopened", "not re-checked", "in progress", "accepted", "false positive", "done", "fixed",
    "gone", "all",
)  # fmt: skip
_SEVERITIES = ("critical", "high", "medium", "low", "info")
_IDS = click.argument("ids", nargs=-1, required=True, metavar="FINDING...")


_WIDE = 76
"""Columns of a terminal from which all that is known of a finding has room beside its place."""


@click.group(context_settings={"max_content_width": 100})
def findings() -> None:
    """Findings over time: list them, name who sees to them, accept them, comment.

    FINDING is an id as in findings.csv, or the beginning of one (4 characters or more).

    \b
    Examples:
      dpscan findings list --severity high --state open
      dpscan findings accept 3fa9c0d1 --owner "Records Manager" \\
          --reason "permanent records" --until 2027-03-31
    """


@findings.command("list")
@click.option("--severity", type=click.Choice(_SEVERITIES), help="At this severity or above.")
@click.option("--rule", metavar="GLOB", help="Rule ids, e.g. OBJ-*.")
@click.option("--store", metavar="GLOB", help="Store ids, e.g. 'aws:s3:::*'.")
@click.option("--owner", metavar="GLOB", help="Who is to see to it; `none` for findings without anybody.")
@click.option("--state", type=click.Choice(_STATES), default="open", show_default=True,
              help="`open` is everything that is not closed, accepted or a false positive.")  # fmt: skip
@click.option("--due-before", type=DateType(), metavar="DATE", help="Due before this day.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
@history_options
def list_(
    severity: str | None,
    rule: str | None,
    store: str | None,
    owner: str | None,
    state: str,
    due_before: dt.date | None,
    as_json: bool,
    config_file: Path | None,
    history: str | None,
) -> None:
    """List findings, worst and most urgent first. Names only, never values.

    \b
    Examples:
      dpscan findings list
      dpscan findings list --due-before 2026-04-01 --owner none
      dpscan findings list --state all --rule 'OBJ-*' --json
    """
    import fnmatch

    from scanner.model import Severity

    least = Severity[severity.upper()] if severity else None
    with desk(history, config_file) as open_desk:
        rows = [_row(entry, open_desk) for entry in open_desk.findings.values()]
        rows = [
            row
            for row in rows
            if _in_state(row, state)
            and (least is None or (row["severity"] and Severity[row["severity"].upper()] >= least))
            and (rule is None or fnmatch.fnmatchcase(row["rule"], rule))
            and (store is None or fnmatch.fnmatchcase(row["store"], store))
            and (owner is None or _owned(row["owner"], owner))
            and (due_before is None or (row["due"] or "9") < due_before.isoformat())
        ]
    rows.sort(key=lambda r: (-_rank(r["severity"]), r["due"] or "9", r["rule"], r["store"], r["place"]))
    if as_json:
        import json

        click.echo(json.dumps(rows, indent=2))
        return
    _table(rows)


def _row(entry: FindingHistory, open_desk: Desk) -> dict[str, Any]:
    from scanner.desk.fields import shown_status
    from scanner.history import london_date

    finding = entry.finding
    assert finding is not None
    said = open_desk.registration(finding.subject_id)
    return {
        "id": entry.fingerprint,
        "severity": finding.severity.label if finding.severity is not None else "",
        "rule": finding.rule_id,
        "title": finding.title,
        "store": finding.subject_id,
        "place": "" if finding.place.is_store else finding.place.text,
        "status": shown_status(entry),
        "observed": entry.observed.value,
        "workflow": entry.workflow.value,
        "owner": entry.assigned_to or said.technical_owner or said.owner or "",
        "due": entry.due.isoformat() if entry.due is not None else None,
        "first_seen": london_date(entry.first_seen).isoformat(),
        "last_seen": london_date(entry.last_seen).isoformat(),
        "times_reopened": entry.times_reopened,
        "accepted_by": entry.accepted_by if entry.workflow.value == "accepted" else None,
        "acceptance_expires": entry.acceptance_expires.isoformat() if entry.acceptance_expires else None,
        "note": entry.note,
    }


def _in_state(row: dict[str, Any], state: str) -> bool:
    closed = row["observed"] in ("fixed", "gone")
    if state == "all":
        return True
    if state == "open":
        return not closed and row["workflow"] not in ("accepted", "false positive")
    if state in ("reopened", "not re-checked", "fixed", "gone"):
        return bool(row["observed"] == state)
    return not closed and bool(row["workflow"] == state)


def _owned(name: str, pattern: str) -> bool:
    import fnmatch

    return not name if pattern == "none" else fnmatch.fnmatchcase(name.lower(), pattern.lower())


def _rank(severity: str) -> int:
    return len(_SEVERITIES) - _SEVERITIES.index(severity.lower()) if severity else 0


def _table(rows: list[dict[str, Any]]) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from scanner.cli.options import consoles
    from scanner.reporters.cells import clean

    out, _ = consoles()
    table = Table(box=box.SIMPLE_HEAD, show_edge=False)
    # A narrow terminal shows which, how bad and where; `findings show` has the rest.
    names = ("Id", "Severity", "Rule", "Where", "Status", "Due", "Owner")
    shown = names if out.width >= _WIDE else names[:4]
    for name in shown:
        # What is copied or compared stays on one line; names fold.
        table.add_column(name, no_wrap=name in ("Id", "Severity", "Rule", "Due"))
    for row in rows:
        where = f"{row['store']} › {row['place']}" if row["place"] else row["store"]
        cells = (row["id"][:12], row["severity"], row["rule"], where, row["status"], row["due"] or "",
                 row["owner"])  # fmt: skip
        table.add_row(*(Text(clean(text), overflow="fold") for text in cells[: len(shown)]))
    out.print(table)
    out.print(Text(f"{len(rows)} finding{'' if len(rows) == 1 else 's'}"))


@findings.command()
@click.argument("finding_id", metavar="FINDING")
@history_options
def show(finding_id: str, config_file: Path | None, history: str | None) -> None:
    """Show one finding: where it stands, and everything decided or written about it.

    \b
    Example:
      dpscan findings show 3fa9c0d1
    """
    from scanner.reporters.cells import clean

    with desk(history, config_file) as open_desk:
        entry = open_desk.find(finding_id)
        row = _row(entry, open_desk)
        made = open_desk.history.decisions(entry.fingerprint)
    for key, value in row.items():
        if value not in (None, ""):
            click.echo(f"{key.replace('_', ' ')}: {clean(str(value))}")
    finding = entry.finding
    assert finding is not None
    for label, text in (
        ("why", finding.explanation),
        ("to do", finding.remedy),
        ("notes", entry.dpo_notes),
        ("breach triage", entry.triage),
    ):
        if text:
            click.echo(f"{label}: {clean(text)}")
    if made:
        click.echo("decided:")
    for decision in made:
        until = f", until {decision.expires}" if decision.expires else ""
        reason = f" ({decision.reason})" if decision.reason else ""
        value = decision.value or "withdrawn"
        line = f"{decision.at:%Y-%m-%d %H:%M} UTC  {decision.by}: {decision.field} {value}{reason}{until}"
        click.echo("  " + clean(line))


@findings.command()
@_IDS
@click.option("--to", "to", required=True, metavar="ROLE", help="Who is to see to it; '' gives it back.")
@by_option
@history_options
def assign(ids: tuple[str, ...], to: str, by: str, config_file: Path | None, history: str | None) -> None:
    """Name who is to see to findings (over what the register says of their stores).

    \b
    Example:
      dpscan findings assign 3fa9c0d1 81c2 --to "Cloud team" --by "Head of Digital"
    """
    with desk(history, config_file) as open_desk:
        open_desk.record(ids, "assigned", to.strip(), by)


@findings.command()
@_IDS
@click.option("--owner", required=True, metavar="ROLE", help="Role that accepts the risk.")
@click.option("--reason", required=True, help="Why.")
@click.option("--until", required=True, type=DateType(), metavar="DATE", help="When it is open again.")
@history_options
def accept(
    ids: tuple[str, ...],
    owner: str,
    reason: str,
    until: dt.date,
    config_file: Path | None,
    history: str | None,
) -> None:
    """Accept the risk of findings until a date. After it they are open again.

    \b
    Example:
      dpscan findings accept 3fa9c0d1 --owner "Records Manager" \\
          --reason "permanent records" --until 2027-03-31
    """
    if not owner.strip() or not reason.strip():
        raise click.UsageError("an acceptance needs the role that accepts it, and why")
    with desk(history, config_file) as open_desk:
        if until < open_desk.today:
            raise click.UsageError(f"--until {until} lies in the past")
        open_desk.record(ids, "workflow", "accepted", owner, reason.strip(), until)


@findings.command()
@_IDS
@click.option("-m", "--text", required=True, help="What to say; names no person and quotes no value.")
@by_option
@history_options
def comment(ids: tuple[str, ...], text: str, by: str, config_file: Path | None, history: str | None) -> None:
    """Add a comment to findings. Comments are kept in order and never changed.

    \b
    Example:
      dpscan findings comment 3fa9c0d1 -m "ticket 1234 raised" --by "Cloud team"
    """
    if not text.strip():
        raise click.UsageError("the comment is empty")
    with desk(history, config_file) as open_desk:
        open_desk.record(ids, "comment", text.strip(), by)


@findings.command("false-positive")
@_IDS
@click.option("--reason", required=True, help="What it really is.")
@by_option
@history_options
def false_positive(
    ids: tuple[str, ...], reason: str, by: str, config_file: Path | None, history: str | None
) -> None:
    """Mark findings as false: what was recognised is not what it looked like.

    It holds in later scans, and is counted with reviewer and date in the precision KPI.

    \b
    Example:
      dpscan findings false-positive 3fa9c0d1 --reason "order numbers" --by "Data Protection Officer"
    """
    with desk(history, config_file) as open_desk:
        open_desk.record(ids, "workflow", "false positive", by, reason.strip())


@findings.command()
@_IDS
@by_option
@history_options
def done(ids: tuple[str, ...], by: str, config_file: Path | None, history: str | None) -> None:
    """Mark findings as done. The next scan checks: only then are they fixed.

    \b
    Example:
      dpscan findings done 3fa9c0d1 --by "Cloud team"
    """
    with desk(history, config_file) as open_desk:
        open_desk.record(ids, "workflow", "done", by)


@findings.command()
@_IDS
@by_option
@history_options
def start(ids: tuple[str, ...], by: str, config_file: Path | None, history: str | None) -> None:
    """Mark findings as in progress.

    \b
    Example:
      dpscan findings start 3fa9c0d1 --by "Cloud team"
    """
    with desk(history, config_file) as open_desk:
        open_desk.record(ids, "workflow", "in progress", by)


@findings.command()
@_IDS
@click.option("--reason", default="", help="Why.")
@by_option
@history_options
def withdraw(
    ids: tuple[str, ...], reason: str, by: str, config_file: Path | None, history: str | None
) -> None:
    """Take back an acceptance, a false positive, `in progress` or `done`.

    \b
    Example:
      dpscan findings withdraw 3fa9c0d1 --reason "was a real number after all" --by "Auditor"
    """
    with desk(history, config_file) as open_desk:
        open_desk.record(ids, "workflow", "new", by, reason.strip())


@findings.command()
@_IDS
@click.option("--on", "on", type=DateType(), metavar="DATE",
              help="The day agreed; without it, the one by severity holds again.")  # fmt: skip
@by_option
@history_options
def due(
    ids: tuple[str, ...], on: dt.date | None, by: str, config_file: Path | None, history: str | None
) -> None:
    """Agree another due date.

    \b
    Example:
      dpscan findings due 3fa9c0d1 --on 2026-04-30 --by "Head of Digital"
    """
    with desk(history, config_file) as open_desk:
        open_desk.record(ids, "due", on.isoformat() if on is not None else "", by)
