"""What `maturity`, `kpis`, `report` and `scan` share: the stored runs, the rules that scores are taken over,
and what people attest."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from scanner.history import History
    from scanner.maturity import Attestations, Period, Reference
    from scanner.model import CiRun, FindingHistory, Report

DEFAULT_FILE = Path("attestations.yaml")
LOOK_BACK = dt.timedelta(days=400)
"""Runs older than this enter no figure."""
AFFORDABLE = 25_000_000
"""Bytes of stored reports that are read at the end of a scan; more takes more than half a minute."""

HISTORY_OPTION = click.option("--history", help="History database (default: in DPSCAN_HOME).")
AS_OF_OPTION = click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Reckon as of the end of this day (default: now)."
)
ATTESTATIONS_OPTION = click.option(
    "--attestations", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=f"What people state (default: {DEFAULT_FILE}, where there is one).",
)  # fmt: skip
FORMAT_OPTION = click.option(
    "--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True,
    help="For people, a spreadsheet or another program.",
)  # fmt: skip


class Stored:
    """Runs of the last 400 days in the order of time, and findings as they stand today."""

    def __init__(
        self, history: History, as_of: dt.datetime, targets: Mapping[str, float] | None = None
    ) -> None:
        """`targets`: the department's own, by key figure. Raises ConfigError if the history holds no finished run of that time."""
        from scanner.errors import ConfigError

        self.reports: list[Report] = [
            # Scores count stores: what lies at each place is not needed, and may be large.
            history.load_report(record.id, outline=True)
            for record in reversed(history.runs())
            if record.finished is not None and as_of - LOOK_BACK <= record.finished <= as_of
        ]
        self.reference = reference(targets)
        self.standings: Mapping[str, FindingHistory] = history.findings()
        self.ci: Sequence[CiRun] = history.ci_runs()
        if not self.reports:
            raise ConfigError("the history holds no finished run of that time; run `dpscan scan` first")


def stored(config_file: Path | None, history: str | None, as_of: dt.datetime) -> Stored:
    """From the configuration's history, unless one is named. Raises ConfigError if it is empty."""
    from scanner import config
    from scanner.history import History

    password, targets = None, None
    if config_file is not None:
        settings = config.load(config_file)
        history, password = history or settings.history, settings.history_password
        targets = settings.kpi_targets
    with History.open(history, password, create=False) as store:
        return Stored(store, as_of, targets)


def end_of_day(as_of: dt.datetime | None) -> dt.datetime:
    """The moment to reckon as of; the command line reads the clock, `scanner.maturity` never does."""
    now = dt.datetime.now(dt.UTC)
    if as_of is None:
        return now
    return min(now, as_of.replace(hour=23, minute=59, second=59, tzinfo=dt.UTC))


def reference(targets: Mapping[str, float] | None = None) -> Reference:
    """The rules that come with dpscan, as scoring sees them (the same whatever a scan left out), with the
    department's own targets."""
    import dataclasses

    return dataclasses.replace(_shipped(), targets=targets or {})


@functools.cache
def _shipped() -> Reference:
    from scanner.maturity import DOMAIN_OF, Control, Reference
    from scanner.ruleset import load_rules

    shipped = load_rules()
    controls = tuple(
        Control(
            rule.id,
            rule.title,
            DOMAIN_OF[rule.id],
            rule.applies_to.subjects,
            rule.applies_to.kinds,
            rule.applies_to.providers,
            rule.policy,
            rule.references.get("ncsc_caf", ()),
            rule.caf_version,
            all(name.startswith(("safeguards.", "context.", "store.", "scope.")) for name in rule.inputs),
        )
        for rule in shipped.rules
        if rule.id in DOMAIN_OF
    )
    return Reference(controls, shipped.digest)


def attestations(file: Path | None) -> Attestations:
    """What people state, from the file named or the default one. Raises ConfigError."""
    from scanner.errors import ConfigError, Problem
    from scanner.maturity import Attestations, parse
    from scanner.yamlfile import Document

    if file is None:
        if not DEFAULT_FILE.exists():
            return Attestations()
        file = DEFAULT_FILE
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise ConfigError(Problem("cannot be read as UTF-8 text", str(file))) from None
    document = Document(text, str(file))
    if document.problems:
        raise ConfigError(*document.problems)
    try:
        return parse(document.data, str(file))
    except ConfigError as error:
        for problem in error.problems:
            words = (word for word in problem.key.split(".") if word)
            path = tuple(int(word) if word.isdigit() else word for word in words)
            document.note(path, problem.message)
        raise ConfigError(*document.problems) from None


def period_of(
    history: History,
    until: dt.datetime,
    since: dt.date | None = None,
    file: Path | None = None,
    targets: Mapping[str, float] | None = None,
) -> Period | None:
    """What reports show of the runs up to a moment; None where there is none in the period."""
    from scanner.maturity import period

    known = Stored(history, until, targets)
    return period(
        known.reports, known.reference, attestations(file), since=since, until=until,
        standings=known.standings, ci=known.ci,
    )  # fmt: skip


def affordable(history: History) -> bool:
    """Whether the runs can be gone through at the end of a scan without anybody waiting."""
    return history.size().reports <= AFFORDABLE
