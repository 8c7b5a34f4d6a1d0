"""A small department's history, its exported files, and what spreadsheets do to them. Synthetic."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path

from click.testing import CliRunner, Result

from scanner.cli import cli
from scanner.history import History
from scanner.model import Context, Registration, Report
from scanner.reporters.csv import CsvReporter
from tests.history.sample import BUCKET, FOLDER, finding, report

NOW = dt.datetime.now(dt.UTC).replace(microsecond=0)
RULES = ["OBJ-01", "RET-01", "DB-03"]
ONE = finding(fingerprint="0f0e0d0c0b0a09080706", explanation="=anybody may read", exposure=None)
TWO = finding("RET-01", FOLDER, fingerprint="12345678901234567890")
THREE = finding("DB-03", FOLDER, fingerprint="123e4567")
DPO = "Data Protection Officer"
OWNER = "=Head of Licensing, Zażółć"

Row = dict[str, str]
Edit = Callable[[list[Row]], None]


def department(at: dt.datetime = NOW, run_id: str = "run-1", **more: object) -> Report:
    context = Context(
        today=at.date(),
        registrations={
            BUCKET.id: Registration(owner=OWNER, owner_source="config", ropa_ref="007"),
            FOLDER.id: Registration(),
        },
    )
    return report(ONE, TWO, THREE, at=at, run_id=run_id, context=context, **more)


def scanned(run: Report) -> Report:
    """A run, saved as `dpscan scan` saves it."""
    with History.open(None) as history:
        run = dataclasses.replace(run, history=history.advance(run, RULES, {}))
        history.save(run)
    return run


def exported(folder: Path, run: str = "latest") -> Path:
    """findings.csv as `dpscan report` writes it."""
    done = dpscan("report", run, "-o", folder, "--format", "csv")
    assert done.exit_code == 0, done.output
    return folder / "findings.csv"


def rows(path: Path) -> list[Row]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))


def edited(path: Path, edit: Edit | None = None) -> list[Row]:
    found = rows(path)
    if edit is not None:
        edit(found)
    return found


def saved(
    path: Path,
    found: list[Row],
    *,
    delimiter: str = ",",
    encoding: str = "utf-8-sig",
    newline: str = "\r\n",
    quoting: int = csv.QUOTE_MINIMAL,
    extra: int = 0,
    before: str = "",
) -> Path:
    """A file as a spreadsheet might save it."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator=newline, quoting=quoting)  # type: ignore[arg-type]
    writer.writerow([*found[0], *[""] * extra])
    for row in found:
        writer.writerow([*row.values(), *[""] * extra])
    path.write_bytes((before + buffer.getvalue()).encode(encoding, "replace"))
    return path


def row_of(found: list[Row], rule: str) -> Row:
    return next(row for row in found if row["rule_id"] == rule)


def dpscan(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in arguments])


def take(path: Path, *more: str) -> Result:
    return dpscan("import", path, "--by", DPO, *more)


def csv_reporter() -> CsvReporter:
    return CsvReporter()
