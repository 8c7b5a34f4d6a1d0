"""What was there when a team began: known findings are left out, new and worse ones are not.

A finding is known by its fingerprint (file, resource, rule), so that the same mistake in another file or
another resource is new. The file holds no values and no content of stores.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from scanner.check.outcome import Reported
from scanner.errors import ConfigError, Problem
from scanner.model import Severity

VERSION = 1


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """One finding as it was when the baseline was written."""

    severity: Severity
    failed: bool


def write(file: Path, reported: Sequence[Reported], prefix: str) -> int:
    """All that is open now, as the new baseline; how many that is. Raises ConfigError."""
    rows = [
        {
            "fingerprint": one.finding.fingerprint,
            "rule": one.finding.rule_id,
            "file": prefix + one.at.file,
            "resource": one.resource,
            "verdict": one.finding.verdict.value,
            "severity": one.band.name.lower(),
        }
        for one in reported
        if (one.failed or one.untold) and one.accepted is None
    ]
    rows.sort(key=lambda row: (row["file"], row["resource"], row["rule"], row["fingerprint"]))
    text = json.dumps({"dpscan_baseline": VERSION, "findings": rows}, indent=1, ensure_ascii=False)
    try:
        file.write_text(text + "\n", "utf-8")
    except OSError as error:
        raise ConfigError(
            Problem(f"cannot be written ({(error.strerror or '').lower()})", str(file))
        ) from None
    return len(rows)


def load(file: Path) -> dict[str, Entry]:
    """Entries by fingerprint. Raises ConfigError."""
    try:
        data = json.loads(file.read_text("utf-8"))
    except OSError as error:
        remedy = "; write one with --write-baseline"
        raise ConfigError(
            Problem(f"cannot be read ({(error.strerror or '').lower()}){remedy}", str(file))
        ) from None
    except UnicodeDecodeError:
        raise ConfigError(Problem("is not UTF-8 text", str(file))) from None
    except json.JSONDecodeError as error:
        raise ConfigError(Problem(f"not JSON: {error.msg}", str(file), error.lineno, error.colno)) from None
    if not isinstance(data, dict) or data.get("dpscan_baseline") != VERSION:
        raise ConfigError(
            Problem(f"expected a baseline of dpscan, version {VERSION}", str(file), key="dpscan_baseline")
        )
    rows = data.get("findings")
    if not isinstance(rows, list):
        raise ConfigError(Problem("expected a list", str(file), key="findings"))
    return dict(_entry(row, f"findings.{number}", file) for number, row in enumerate(rows))


def _entry(row: Any, key: str, file: Path) -> tuple[str, Entry]:
    if not isinstance(row, dict) or not isinstance(row.get("fingerprint"), str):
        raise ConfigError(Problem("expected an entry with a fingerprint", str(file), key=key))
    word = str(row.get("severity")).upper()
    if word not in Severity.__members__:
        raise ConfigError(
            Problem("expected critical, high, medium, low or info", str(file), key=f"{key}.severity")
        )
    return row["fingerprint"], Entry(Severity[word], row.get("verdict") == "fail")


def unknown_to(entries: Mapping[str, Entry], reported: Sequence[Reported]) -> tuple[Reported, ...]:
    """The findings that the baseline does not hold, or holds as less severe than they are now."""
    out = []
    for one in reported:
        entry = entries.get(one.finding.fingerprint)
        if entry is None:
            out.append(one)
        elif (one.failed and not entry.failed) or one.band > entry.severity:
            note = f"The baseline knows it as {entry.severity.label.lower()}."
            if not entry.failed:
                note = "It could not be told when the baseline was written."
            out.append(dataclasses.replace(one, note=f"{one.note} {note}".strip()))
    return tuple(out)


def outlived(entries: Mapping[str, Entry], reported: Sequence[Reported]) -> int:
    """How many entries stand for nothing any more."""
    now = {one.finding.fingerprint for one in reported if one.failed or one.untold}
    return sum(mark not in now for mark in entries)
