"""What the commands about findings share: the history with its configuration, and choosing findings."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from scanner.history import Decision, History
    from scanner.model import FindingHistory, Registration, Report

F = TypeVar("F", bound=Callable[..., Any])

BY_HELP = "Your role, as it is to be recorded (default: DPSCAN_BY)."


def history_options(command: F) -> F:
    """`-c` and `--history`."""
    config = click.option(
        "-c", "--config", "config_file", type=click.Path(path_type=Path, dir_okay=False),
        help="Configuration that names the history and waivers (default: ./dpscan.yaml, if there is one).",
    )  # fmt: skip
    history = click.option(
        "--history", help="History database (default: the configuration's, else in DPSCAN_HOME)."
    )
    return config(history(command))


def by_option(command: F) -> F:
    """`--by`."""
    option = click.option("--by", envvar="DPSCAN_BY", required=True, metavar="ROLE", help=BY_HELP)
    return option(command)


@dataclasses.dataclass(frozen=True)
class Desk:
    """Findings as they stand today."""

    history: History
    findings: Mapping[str, FindingHistory]
    today: dt.date
    """In London."""
    _reports: dict[str, Report | None]

    def latest(self) -> Report | None:
        return self.load("latest")

    def load(self, run_id: str) -> Report | None:
        """A stored report; None if there is none of that id. One is kept in memory at a time."""
        from scanner.errors import ConfigError

        if run_id not in self._reports:
            self._reports.clear()
            try:
                self._reports[run_id] = self.history.load_report(run_id)
            except ConfigError:
                self._reports[run_id] = None
        return self._reports[run_id]

    def registration(self, subject_id: str) -> Registration:
        from scanner.model import Registration

        report = self.latest()
        return report.context.registration(subject_id) if report is not None else Registration()

    def find(self, prefix: str) -> FindingHistory:
        """The one finding whose id begins so. Raises ConfigError."""
        from scanner.errors import ConfigError

        matching = [entry for key, entry in self.findings.items() if key.startswith(prefix)]
        if prefix in self.findings:
            return self.findings[prefix]
        if len(prefix) < 4 and matching:
            raise ConfigError(f"{prefix!r} is too short for an id: give its first four characters or more")
        if len(matching) != 1:
            count = f"{len(matching):,} findings begin" if matching else "no finding begins"
            raise ConfigError(
                f"{count} with {prefix!r}; `dpscan findings list` and findings.csv have the ids"
            )
        return matching[0]

    def record(
        self,
        ids: tuple[str, ...],
        field: str,
        value: str,
        by: str,
        reason: str = "",
        expires: dt.date | None = None,
    ) -> None:
        """Record the same decision on several findings, all or none, and say so."""
        from scanner.errors import ConfigError
        from scanner.history import Decision
        from scanner.history.decided import LONGEST

        if max(len(value), len(reason)) > LONGEST:
            raise ConfigError(f"texts may have {LONGEST:,} characters at most")
        if not by.strip():
            raise ConfigError("--by: say in which role")
        entries = list({entry.fingerprint: entry for entry in map(self.find, ids)}.values())
        made: list[Decision] = [
            Decision(e.fingerprint, 0, self.history.now(), by.strip(), field, value, reason, expires)
            for e in entries
        ]
        self.history.record_decisions(made)
        for entry in entries:
            name = entry.finding.rule_id if entry.finding is not None else ""
            click.echo(f"{entry.fingerprint}  {name}  recorded")


@contextlib.contextmanager
def desk(history: str | None, config_file: Path | None) -> Iterator[Desk]:
    """Open the history; waivers of the configuration and expired acceptances are applied."""
    from scanner import config as configuration
    from scanner.cli.options import set_up_logging
    from scanner.decisions import apply_waivers
    from scanner.history import History, london_date

    set_up_logging(0)
    if config_file is None and Path("dpscan.yaml").exists() and history is None:
        config_file = Path("dpscan.yaml")
    config = configuration.load(config_file) if config_file is not None else None
    password = config.history_password if config is not None and history is None else None
    url = history or (config.history if config is not None else None)
    with History.open(url, password, create=False) as opened:
        today = london_date(opened.now())
        waivers = config.waivers if config is not None else ()
        yield Desk(opened, apply_waivers(opened.findings(), waivers, today), today, {})


class DateType(click.ParamType):  # type: ignore[type-arg]  # not generic in older clicks
    """`2026-02-03`, or `03/02/2026` with the day first."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        from scanner.desk import dates

        if isinstance(value, dt.date):
            return value
        found = dates.read(str(value))
        if found is None:
            self.fail("expected a date such as 2026-02-03", param, ctx)
        return found


class DaysType(click.ParamType):  # type: ignore[type-arg]  # not generic in older clicks
    """`400d`, `18m` (of 30 days), `3y`, or a number of days."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        match = re.fullmatch(r"\s*(\d{1,5})\s*(d|w|m|y|)\s*", str(value).lower())
        days = int(match[1]) * {"": 1, "d": 1, "w": 7, "m": 30, "y": 365}[match[2]] if match else 0
        if not 1 <= days <= 36_500:
            self.fail("expected a time such as 400d, 18m or 3y", param, ctx)
        return days
