"""`dpscan import`: take an edited findings.csv (or XLSX) back."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scanner.cli.desk import by_option, desk, history_options

if TYPE_CHECKING:
    from scanner.desk.merge import Change, Conflict, Merge

_log = logging.getLogger(__name__)


@click.command("import", context_settings={"max_content_width": 100})
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@by_option
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--theirs", "side", flag_value="theirs", help="Where both sides changed, take the file's.")
@click.option("--ours", "side", flag_value="ours", help="Where both sides changed, keep the history's.")
@click.option("-v", "--verbose", count=True, help="Say more; -vv names each row's finding (ids only).")
@history_options
def import_(
    file: Path,
    by: str,
    dry_run: bool,
    side: str | None,
    verbose: int,
    config_file: Path | None,
    history: str | None,
) -> None:
    """Take changes of status, due date, owner, notes and breach triage from an edited FILE.

    FILE is a findings.csv or an XLSX with its columns, as saved by any spreadsheet. What was
    changed in the file only is taken over; what was changed in the history only is kept; where both
    changed, both are named and nothing is done, unless --theirs or --ours says which.

    \b
    Examples:
      dpscan import findings.csv --by "Data Protection Officer" --dry-run
      dpscan import findings.csv --by "Data Protection Officer"

    Exit codes: 0 everything was taken over; 1 conflicts or cells that cannot be read are left.
    """
    from scanner.cli.options import set_up_logging
    from scanner.desk.merge import KEY, merge
    from scanner.desk.records import Records
    from scanner.desk.sheet import read
    from scanner.errors import ConfigError
    from scanner.history import by_subject
    from scanner.reporters import edited

    set_up_logging(verbose)
    if not by.strip():
        raise click.UsageError("--by: say in which role")
    try:
        content = file.read_bytes()
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read ({(error.strerror or '').lower()})") from None
    if b"holding_id" in content[:8192] and b"finding_id" not in content[:8192]:
        raise ConfigError(
            f"{file} is about stores, not findings: name it as the asset register (`assets: {file.name}` in the "
            "configuration), and owners, references and schedules in it count from the next scan on"
        )
    sheet = read(content, KEY, file.name)
    with desk(history, config_file) as open_desk:
        set_up_logging(verbose)
        records = Records(open_desk.findings, by_subject(open_desk.history.decisions()), open_desk.load)
        merged = merge(sheet, records, by.strip(), open_desk.history.now(), file.name)
        made = merged.decisions("theirs" if side == "theirs" else None)
        for decision in made:
            # The id and the field: what somebody wrote is not for logs.
            _log.debug("%s: %s", decision.subject, decision.field)
        if made and not dry_run:
            open_desk.history.record_decisions(made)
    _tell(merged, dry_run, side)
    left = merged.problems or (merged.conflicts and side is None)
    if not left and not dry_run:
        edited.taken_in(file)
    sys.exit(1 if left else 0)


def _tell(merged: Merge, dry_run: bool, side: str | None) -> None:
    for change in merged.changes:
        click.echo(_line(change, "would change" if dry_run else "changed"))
    for conflict in merged.conflicts:
        click.echo(_conflict(conflict, side, dry_run), err=side is None)
    for problem in merged.problems:
        click.echo(f"not taken: {_where(problem.line, problem.key)} {problem.message}", err=True)
    for problem in merged.elsewhere:
        click.echo(f"left alone: {_where(problem.line, problem.key)} {problem.message}", err=True)
    would = "would be " if dry_run else ""
    taken = len(merged.changes) + (len(merged.conflicts) if side == "theirs" else 0)
    click.echo(
        f"{merged.rows} rows: {taken} changes {would}taken over, {len(merged.conflicts)} conflicts, "
        f"{len(merged.problems)} cells not taken, {merged.unchanged} rows as they were exported"
    )
    if merged.conflicts and side is None:
        click.echo(
            "Both sides changed these: --theirs takes the file's, --ours keeps the history's.", err=True
        )


def _line(change: Change, done: str) -> str:
    return (
        f"{done}: {_where(change.row, change.column)} {change.decision.subject[:12]}: "
        f"{_quoted(change.before)} -> {_quoted(change.after)}"
    )


def _conflict(conflict: Conflict, side: str | None, dry_run: bool) -> str:
    change = conflict.change
    outcome = {None: "conflict", "theirs": "conflict, file taken", "ours": "conflict, history kept"}[side]
    if dry_run and side is not None:
        outcome += " (not yet: dry run)"
    return (
        f"{outcome}: {_where(change.row, change.column)} {change.decision.subject[:12]}: exported as "
        f"{_quoted(conflict.exported)}; the file says {_quoted(change.after)}; the history says "
        f"{_quoted(change.before)} (by {_quoted(conflict.by)}, {conflict.at:%Y-%m-%d})"
    )


def _where(row: int, column: str) -> str:
    return f"row {row}, {column}:"


def _quoted(text: str) -> str:
    from scanner.reporters.cells import shortened

    return f"'{shortened(text, 120)}'" if text else "(empty)"
