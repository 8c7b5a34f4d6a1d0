"""`dpscan report`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scanner.cli.options import CONFIG_OPTION, consoles
from scanner.cli.reckoning import ATTESTATIONS_OPTION, end_of_day, period_of

if TYPE_CHECKING:
    from scanner.history import History
    from scanner.model import Report


@click.command(context_settings={"max_content_width": 100})
@click.argument("run", default="latest")
@click.option("-o", "--output", default="dpscan-report", show_default=True,
              type=click.Path(path_type=Path, file_okay=False), help="Folder for the reports.")  # fmt: skip
@click.option(
    "--format", "formats", multiple=True, default=("csv", "html", "json", "sarif"), help="May be repeated."
)
@CONFIG_OPTION
@click.option("--history", help="History database (default: the configuration's, else in DPSCAN_HOME).")
@click.option("--since", metavar="DATE|RUN", help="Over the period from this day or run on.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The last run up to the end of this day.")
@click.option("--maturity/--no-maturity", default=True, show_default=True,
              help="Observed maturity and key figures, from the runs of the last 400 days.")  # fmt: skip
@ATTESTATIONS_OPTION
@click.option("--list", "list_runs", is_flag=True, help="List stored runs.")
def report(
    run: str,
    output: Path,
    formats: tuple[str, ...],
    config_file: Path | None,
    history: str | None,
    since: str | None,
    until: dt.datetime | None,
    maturity: bool,
    file: Path | None,
    list_runs: bool,
) -> None:
    """Write the reports of a stored RUN again (default: the latest), without scanning.

    The latest is shown with what people have decided since; an older one as it was. With --since,
    pages and workbook also show what came, went and came back since then, and figures as they were.

    \b
    Examples:
      dpscan report
      dpscan report --list
      dpscan report --since 2026-01-01 --until 2026-03-31 -o quarter --format html --format board --format xlsx
      dpscan report 20260101T020000Z-1f2e3d4c -o january --format csv
    """
    from scanner import config, plugins
    from scanner.cli.summary import print_summary, tell_edited
    from scanner.cli.writing import require_writable, write_reports
    from scanner.contracts import ShowsPeriod
    from scanner.history import History

    out, _ = consoles()
    if until is not None and run != "latest":
        raise click.UsageError("Give RUN or --until, not both.")
    if since is not None and not maturity:
        raise click.UsageError("--since is about figures over a period; it does not go with --no-maturity.")
    password, targets = None, None
    if config_file is not None:
        settings = config.load(config_file)
        history, password = history or settings.history, settings.history_password
        targets = settings.kpi_targets
    with History.open(history, password, create=False) as store:
        if list_runs:
            _list(store)
            return
        loaded = _load(store, run, until)
        shown = None
        if maturity:
            moment = loaded.run.finished if until is None else end_of_day(until)
            shown = period_of(store, moment, _day(store, since), file, targets)
    reporters = [plugins.load("reporters", name)() for name in formats]
    require_writable(output)
    for reporter in reporters:
        if isinstance(reporter, ShowsPeriod):
            reporter.period = shown
    written = write_reports(reporters, loaded, str(output))
    print_summary(out, loaded, written)
    tell_edited(written)


def _load(store: History, run: str, until: dt.datetime | None) -> Report:
    from scanner.desk.records import refreshed
    from scanner.errors import ConfigError
    from scanner.history import by_subject, london_date

    if until is not None:
        moment = end_of_day(until)
        known = [r for r in store.runs() if r.finished is not None and r.finished <= moment]
        if not known:
            raise ConfigError(f"the history holds no run that was finished by {until:%Y-%m-%d}")
        return store.load_report(max(known, key=lambda r: (r.finished or r.started, r.id)).id)
    loaded = store.load_report(run)
    if run == "latest":
        # What was decided since the scan shows; an older run is shown as it was.
        loaded = refreshed(loaded, by_subject(store.decisions()), london_date(store.now()))
    return loaded


def _day(store: History, since: str | None) -> dt.date | None:
    """A day, or that of a run. Raises ConfigError."""
    from scanner.errors import ConfigError

    if since is None:
        return None
    try:
        return dt.date.fromisoformat(since)
    except ValueError:
        found = [r for r in store.runs() if r.id == since]
    if not found:
        raise ConfigError(
            f"--since: no run is called {since!r}, and it is no day such as 2026-01-01; see dpscan report --list"
        )
    return (found[0].finished or found[0].started).date()


def _list(store: History) -> None:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, show_edge=False)
    table.add_column("Run", no_wrap=True, min_width=25)  # an id that is cut off is no id
    for name in ("Started (UTC)", "State", "Exit", "Targets"):
        table.add_column(name, overflow="fold")
    for record in store.runs():
        code = "" if record.exit_code is None else str(record.exit_code)
        started = f"{record.started:%Y-%m-%d %H:%M}"
        table.add_row(record.id, started, record.state, code, ", ".join(record.targets))
    consoles()[0].print(table)
