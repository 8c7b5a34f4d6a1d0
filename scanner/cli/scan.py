"""`dpscan scan`."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Any

import click

from scanner.cli import stopping
from scanner.cli.options import CONFIG_OPTION, build, consoles, gather, set_up_logging


@click.command(context_settings={"max_content_width": 100})
@click.argument("targets", nargs=-1, metavar="[TARGET]...")
@CONFIG_OPTION
@click.option("-o", "--output", type=click.Path(path_type=Path, file_okay=False),
              help="Folder for the reports (default ./dpscan-report).")  # fmt: skip
@click.option(
    "--format", "formats", multiple=True, help="Report format; may be repeated (csv, html, json, sarif, …)."
)
@click.option("--full", is_flag=True, help="Read everything, not a sample.")
@click.option("--seed", help="Choose the same sample again.")
@click.option("--max-time", help="Stop reading after e.g. 30m; the same command goes on later.")
@click.option("--max-bytes", help="Stop reading after e.g. 10GB.")
@click.option("--workers", type=click.IntRange(1), help="Worker processes (default 2).")
@click.option("--runner", help="serial or processes (default: by the amount of work).")
@click.option("--fail-on", help="Exit 1 from this severity on: critical, high, medium, low, info, never.")
@click.option("--min-coverage", type=click.FloatRange(0, 100), help="Exit 3 below this percentage of stores.")
@click.option("--fail-on-unknown", is_flag=True, default=None, help="Exit 1 if a question has no answer.")
@click.option("--no-names", is_flag=True, help="Patterns and lexicons only, no names model (faster).")
@click.option("--restart", is_flag=True, help="Do not go on with an interrupted run.")
@click.option("-q", "--quiet", is_flag=True, help="No progress and no summary.")
@click.option("-v", "--verbose", count=True, help="Say more; -vv more still (never any content).")
def scan(targets: tuple[str, ...], config_file: Path | None, **flags: Any) -> None:
    """Scan TARGETs, or everything a configuration names, and write reports.

    A TARGET is a folder, a file, s3://bucket/prefix, azblob://account/container,
    gs://bucket/prefix, or a database URL (sqlite:///…, postgresql://…, mysql://…).
    With neither TARGET nor -c, ./dpscan.yaml is used.

    \b
    Examples:
      dpscan scan /srv/shares/hr
      dpscan scan s3://case-files/2024 postgresql://reader@db.internal/cases
      dpscan scan -c dpscan.yaml --fail-on critical --max-time 4h

    Interrupted (Ctrl-C, a crash, --max-time), the same command goes on where it stopped.
    """
    from scanner import plugins
    from scanner import scan as pipeline
    from scanner.cli.progress import TerminalProgress
    from scanner.cli.summary import print_summary, tell_edited
    from scanner.cli.writing import require_writable, write_reports
    from scanner.history import History
    from scanner.ruleset.choosing import chosen

    out, err = consoles()
    set_up_logging(flags["verbose"])
    config = override(gather(config_file, targets), flags)
    built = build(config, config_file, targets)
    rules = chosen(config.rules)
    reporters = [plugins.load("reporters", name)() for name in config.report.formats]
    require_writable(config.report.folder)
    with (
        History.open(config.history, config.history_password) as history,
        TerminalProgress(err, flags["quiet"]) as progress,
    ):
        try:
            report = pipeline.scan(config, built, rules, history, progress, resume=not flags["restart"])
        except KeyboardInterrupt as stopped:
            err.print("Stopped. Nothing is lost: the same command goes on from here.")
            sys.exit(stopping.exit_code(stopped))
        _show_period(reporters, history, report, config.kpi_targets, _again(config, config_file), err)
    folder = str(config.report.folder)
    written = write_reports(reporters, report, folder)
    if not flags["quiet"]:
        print_summary(out, report, written)
    tell_edited(written)
    sys.exit(report.exit_code)


def _again(config: Any, config_file: Path | None) -> str:
    """The command that writes the same reports with all of the history in them."""
    words = ["dpscan", "report", "-o", str(config.report.folder)]
    words += [word for name in config.report.formats for word in ("--format", name)]
    if config_file is not None:
        words += ["-c", str(config_file)]
    elif config.history:
        words += ["--history", config.history]
    return shlex.join(words)


def _show_period(reporters: list[Any], history: Any, report: Any, targets: Any, again: str, err: Any) -> None:
    """Give observed maturity and key figures to the reporters that show them.

    `again`: the command that shows them where that would take too long now."""
    from rich.markup import escape

    from scanner.cli.reckoning import affordable, period_of
    from scanner.contracts import ShowsPeriod

    showing = [reporter for reporter in reporters if isinstance(reporter, ShowsPeriod)]
    if not showing:
        return
    if not affordable(history):
        err.print(
            "Observed maturity and key figures are not in these reports: the stored runs are too many to go through "
            f"while you wait. This command adds them: {escape(again)}",
            soft_wrap=True,
        )
        return
    for reporter in showing:
        reporter.period = period_of(history, report.run.finished, targets=targets)


def override(config: Any, flags: dict[str, Any]) -> Any:
    """The configuration with the command line's own settings on top. Raises ConfigError."""
    from pydantic import ValidationError

    from scanner.config import Config
    from scanner.errors import ConfigError

    data = config.model_dump(by_alias=True, exclude_unset=True)
    data["targets"] = [target.model_dump(exclude_unset=True) for target in config.targets]
    for path, value in {
        "report.folder": flags["output"],
        "report.formats": flags["formats"] or None,
        "sampling.full": flags["full"] or None,
        "sampling.seed": flags["seed"],
        "limits.max_time": flags["max_time"],
        "limits.max_bytes": flags["max_bytes"],
        "limits.workers": flags["workers"],
        "runner": flags["runner"],
        "fail_on": flags["fail_on"],
        "min_coverage": flags["min_coverage"],
        "fail_on_unknown": flags["fail_on_unknown"],
        "detection.names": False if flags["no_names"] else None,
    }.items():
        if value is not None:
            part, _, key = path.rpartition(".")
            (data.setdefault(part, {}) if part else data)[key] = value
    try:
        return Config.model_validate(data)
    except ValidationError as error:
        raise ConfigError(
            *(
                f"--{str(e['loc'][-1]).replace('_', '-')}: {str(e['msg']).removeprefix('Value error, ')}"
                for e in error.errors(include_input=False)
            )
        ) from None
