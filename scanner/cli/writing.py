"""Reports into a folder: found unwritable before the work where that can be seen, never at the cost of the run."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from scanner.contracts import Reporter
from scanner.errors import ConfigError
from scanner.model import Report


def require_writable(folder: Path) -> None:
    """Raises ConfigError if the folder can plainly not be written to or made. Creates nothing."""
    there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    if not there.is_dir():
        raise ConfigError(f"{folder}: {there} is a file, so that no reports can be written into it")
    if not os.access(there, os.W_OK | os.X_OK):
        raise ConfigError(f"{folder}: this account may not write to {there}; name another folder with -o")


def write_reports(reporters: Sequence[Reporter], report: Report, folder: str) -> list[str]:
    """Every report that can be written. Raises ConfigError for what could not, once all were tried."""
    written: list[str] = []
    failed: dict[str, str] = {}
    for reporter in reporters:
        try:
            written += reporter.write(report, folder)
        except OSError as error:
            failed[reporter.name] = (error.strerror or type(error).__name__).lower()
    if failed:
        why = ", ".join(f"{name} ({reason})" for name, reason in failed.items())
        raise ConfigError(
            f"reports could not be written to {folder}: {why}. The run is stored: "
            f"`dpscan report {report.run.id} -o FOLDER` writes them elsewhere"
        )
    return written
