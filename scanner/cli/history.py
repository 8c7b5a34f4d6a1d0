"""`dpscan history`: how large it is, and deleting what is old."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import click

from scanner.cli.desk import desk, history_options


class _Days(click.ParamType):  # type: ignore[type-arg]  # not generic in older clicks
    """`400d`, `18m` (of 30 days), `3y`, or a number of days."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        match = re.fullmatch(r"\s*(\d{1,5})\s*(d|w|m|y|)\s*", str(value).lower())
        days = int(match[1]) * {"": 1, "d": 1, "w": 7, "m": 30, "y": 365}[match[2]] if match else 0
        if not 1 <= days <= 36_500:
            self.fail("expected a time such as 400d, 18m or 3y", param, ctx)
        return days


@click.group(context_settings={"max_content_width": 100})
def history() -> None:
    """The history of runs and findings: its size, and how long it is kept.

    \b
    Examples:
      dpscan history size
      dpscan history prune --keep 400d
    """


@history.command()
@history_options
def size(config_file: Path | None, history: str | None) -> None:
    """Show how large the history is, and what takes the space.

    \b
    Example:
      dpscan history size
    """
    with desk(history, config_file) as open_desk:
        found = open_desk.history.size()
    rows = found.rows
    click.echo(f"{_bytes(found.bytes)} in all, {_bytes(found.free)} of it free for re-use")
    click.echo(f"{_bytes(found.reports)} reports of {rows['runs']:,} runs")
    click.echo(f"{rows['findings']:,} findings, {rows['decisions']:,} decisions, {rows['stores']:,} stores")


@history.command()
@click.option(
    "--keep", required=True, type=_Days(), metavar="TIME", help="How long runs are kept: 400d, 18m, 3y."
)
@click.option("--dry-run", is_flag=True, help="Say what would be deleted, and delete nothing.")
@history_options
def prune(keep: int, dry_run: bool, config_file: Path | None, history: str | None) -> None:
    """Delete runs older than --keep with their reports, and findings closed before then.

    Open findings stay, with everything decided about them, however old they are.

    \b
    Examples:
      dpscan history prune --keep 400d --dry-run
      dpscan history prune --keep 400d
    """
    with desk(history, config_file) as open_desk:
        store = open_desk.history
        before = store.now() - dt.timedelta(days=keep)
        if dry_run:
            old = sum((record.finished or record.started) < before for record in store.runs())
            click.echo(f"{old} runs older than {before:%Y-%m-%d} would be deleted")
            return
        was = store.size().bytes
        deleted = store.forget(before)
        store.compact()
        now = store.size().bytes
    click.echo(
        f"{deleted} runs older than {before:%Y-%m-%d} deleted: {_bytes(was)} before, {_bytes(now)} now"
    )


def _bytes(count: int) -> str:
    size = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" or size >= 10 else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"
