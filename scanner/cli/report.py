"""`dpscan report`."""

from __future__ import annotations

from pathlib import Path

import click

from scanner.cli.options import CONFIG_OPTION, consoles


@click.command()
@click.argument("run", default="latest")
@click.option("-o", "--output", default="dpscan-report", show_default=True,
              type=click.Path(path_type=Path, file_okay=False), help="Folder for the reports.")  # fmt: skip
@click.option(
    "--format", "formats", multiple=True, default=("csv", "html", "json", "sarif"), help="May be repeated."
)
@CONFIG_OPTION
@click.option("--history", help="History database (default: the configuration's, else in DPSCAN_HOME).")
@click.option(
    "--maturity", is_flag=True, help="Show observed maturity too, from the runs of the last 400 days."
)
@click.option("--list", "list_runs", is_flag=True, help="List stored runs.")
def report(
    run: str,
    output: Path,
    formats: tuple[str, ...],
    config_file: Path | None,
    history: str | None,
    maturity: bool,
    list_runs: bool,
) -> None:
    """Write the reports of a stored RUN again (default: the latest), without scanning.

    The latest is shown with what people have decided since; an older one as it was.

    \b
    Examples:
      dpscan report
      dpscan report --list
      dpscan report --maturity --format html --format board
      dpscan report 20260101T020000Z-1f2e3d4c -o january --format csv
    """
    from rich import box
    from rich.table import Table

    from scanner import config, plugins
    from scanner.cli.maturity import observed
    from scanner.cli.summary import print_summary
    from scanner.contracts import ShowsMaturity
    from scanner.desk.records import refreshed
    from scanner.history import History, by_subject, london_date

    out, _ = consoles()
    password = None
    if config_file is not None:
        settings = config.load(config_file)
        history, password = history or settings.history, settings.history_password
    with History.open(history, password) as store:
        if list_runs:
            table = Table(
                "Run", "Started (UTC)", "State", "Exit", "Targets", box=box.SIMPLE_HEAD, show_edge=False
            )
            for record in store.runs():
                code = "" if record.exit_code is None else str(record.exit_code)
                table.add_row(
                    record.id,
                    f"{record.started:%Y-%m-%d %H:%M}",
                    record.state,
                    code,
                    ", ".join(record.targets),
                )
            out.print(table)
            return
        loaded = store.load_report(run)
        if run == "latest":
            # What was decided since the scan shows; an older run is shown as it was.
            loaded = refreshed(loaded, by_subject(store.decisions()), london_date(store.now()))
    reporters = [plugins.load("reporters", name)() for name in formats]
    if maturity:
        profile = observed(config_file, history, loaded.run.finished)
        for reporter in reporters:
            if isinstance(reporter, ShowsMaturity):
                reporter.maturity = profile
    written = [path for reporter in reporters for path in reporter.write(loaded, str(output))]
    print_summary(out, loaded, written)
