"""`dpscan history ci`: what a run of `dpscan check` in CI found, taken into the history for K21."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from scanner.cli.desk import desk, history_options

FAIL_ON = click.Choice(["critical", "high", "medium", "low", "info"])
_LARGEST = 100 * 1024 * 1024


@click.command("ci", context_settings={"max_content_width": 100})
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--repository", required=True, metavar="NAME", help="Whose change it was.")
@click.option("--exit-code", type=click.IntRange(0, 3), required=True, help="What `dpscan check` ended with.")
@click.option("--fail-on", type=FAIL_ON, default="high", show_default=True,
              help="The threshold that the check had.")  # fmt: skip
@click.option("--at", type=click.DateTime(["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"]),
              help="When it ran, UTC unless an offset is given (default: now).")  # fmt: skip
@history_options
def ci(
    file: Path,
    repository: str,
    exit_code: int,
    fail_on: str,
    at: dt.datetime | None,
    config_file: Path | None,
    history: str | None,
) -> None:
    """Take in FILE, the findings of `dpscan check --format jsonl` in CI.

    K21 (stopped in CI) and level 4 of observed maturity rest on it. The history keeps ids, rules and
    severities of what failed, and no line of code. Taking the same run in twice changes nothing.

    \b
    Example:
      dpscan check . --format jsonl -o dpscan-ci.jsonl; echo $?
      dpscan history ci dpscan-ci.jsonl --repository casework --exit-code 1
    """
    from scanner.model import CiRun, Severity

    if not repository.strip():
        raise click.UsageError("--repository: say whose change it was")
    violations = _violations(file)
    with desk(history, config_file) as open_desk:
        moment = open_desk.history.now() if at is None else at
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=dt.UTC)
        run = CiRun(repository.strip(), moment, exit_code == 1, Severity[fail_on.upper()], violations)
        open_desk.history.record_ci(run)
    blocked = "the build was stopped" if run.blocked else "the build was not stopped"
    click.echo(f"{run.repository}: {len(violations)} failures taken in; {blocked}")


def _violations(file: Path) -> dict[str, tuple[str, Any]]:
    """What failed and nobody had accepted. Raises ConfigError naming file and line."""
    from scanner.errors import ConfigError, Problem
    from scanner.model import Severity

    bands = {severity.label: severity for severity in Severity}
    found: dict[str, tuple[str, Any]] = {}
    problems = []
    if file.stat().st_size > _LARGEST:
        raise ConfigError(Problem(f"is larger than {_LARGEST // 1024**2} MB", str(file)))
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        raise ConfigError(Problem("cannot be read as UTF-8 text", str(file))) from None
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        row = _row(line)
        if row is None:
            problems.append(Problem("expected a line of `dpscan check --format jsonl`", str(file), number))
        elif row["verdict"] == "fail" and "accepted" not in row:
            severity = bands.get(str(row.get("severity")))
            if severity is None or not row.get("fingerprint") or not row.get("rule"):
                problems.append(Problem("expected rule, severity and fingerprint", str(file), number))
            else:
                found[str(row["fingerprint"])] = (str(row["rule"]), severity)
    if problems:
        raise ConfigError(*problems)
    return found


def _row(line: str) -> Mapping[str, Any] | None:
    try:
        row = json.loads(line)
    except ValueError:
        return None
    return row if isinstance(row, dict) and isinstance(row.get("verdict"), str) else None
