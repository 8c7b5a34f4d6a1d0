"""`dpscan history`: how large it is, deleting what is old, and an index of it for CI."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scanner.cli.ci import ci
from scanner.cli.desk import DaysType, desk, history_options
from scanner.cli.known import index, index_key

if TYPE_CHECKING:
    from scanner.history import RunRecord


@click.group(context_settings={"max_content_width": 100})
def history() -> None:
    """The history of runs and findings: its size, how long it is kept, and what CI may know of it.

    \b
    Examples:
      dpscan history size
      dpscan history prune --keep 400d
      dpscan history index -o index.json
    """


history.add_command(index)
history.add_command(index_key)
history.add_command(ci)


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
    "--keep", required=True, type=DaysType(), metavar="TIME", help="How long runs are kept: 400d, 18m, 3y."
)
@click.option(
    "--weekly-after",
    type=DaysType(),
    metavar="TIME",
    help="Of runs older than this, keep the last of each week.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be deleted, and delete nothing.")
@history_options
def prune(
    keep: int, weekly_after: int | None, dry_run: bool, config_file: Path | None, history: str | None
) -> None:
    """Delete runs older than --keep with their reports, and findings closed before then.

    Open findings stay, with everything decided about them, however old they are. Runs are thinned
    out (--weekly-after) per set of targets.

    \b
    Examples:
      dpscan history prune --keep 400d --dry-run
      dpscan history prune --keep 3y --weekly-after 90d
    """
    with desk(history, config_file) as open_desk:
        store = open_desk.history
        before = store.now() - dt.timedelta(days=keep)
        old = [r.id for r in store.runs() if (r.finished or r.started) < before]
        thinned = [] if weekly_after is None else _all_but_weekly(store.runs(), store.now(), weekly_after)
        thinned = [run_id for run_id in thinned if run_id not in old]
        if not dry_run:
            was = store.size().bytes
            store.forget(before)
            store.drop(thinned)
            store.compact()
            now = store.size().bytes
    would = "would be " if dry_run else ""
    click.echo(f"{len(old)} runs older than {before:%Y-%m-%d} {would}deleted")
    if weekly_after is not None:
        click.echo(
            f"{len(thinned)} further runs {would}deleted: one a week is kept before the last {weekly_after} days"
        )
    if not dry_run:
        click.echo(f"{_bytes(was)} before, {_bytes(now)} now")


def _all_but_weekly(runs: Sequence[RunRecord], now: dt.datetime, days: int) -> list[str]:
    """Finished runs older than this that are not the last of their week (`runs`: latest first)."""
    kept: set[tuple[object, ...]] = set()
    out = []
    for run in runs:
        if run.finished is None or run.state != "finished" or run.finished > now - dt.timedelta(days=days):
            continue
        week = (run.targets, run.config_digest, *run.finished.isocalendar()[:2])
        if week in kept:
            out.append(run.id)
        kept.add(week)
    return out


def _bytes(count: int) -> str:
    size = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" or size >= 10 else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"
