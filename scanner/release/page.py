"""The verdict as one self-contained page: to print, to file, to send to whoever signs it off."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import scanner
from scanner.common.private import write_atomically
from scanner.errors import ConfigError
from scanner.release.decision import FileVerdict, Level
from scanner.release.desk import Report
from scanner.release.words import AUDIENCES, HEADLINES, answer, inside, items

_CLASS = {Level.FAIL: "fail", Level.UNCHECKED: "unchecked", Level.WARN: "warn", Level.NOTE: "note"}
_MARK = {
    Level.FAIL: "Stop",
    Level.UNCHECKED: "Not checked",
    Level.WARN: "Look",
    Level.NOTE: "For information",
}
MOST_FILES = 200
"""Files with points that are shown one by one."""


def write_page(path: Path, report: Report) -> None:
    """Raises ConfigError where the file cannot be written."""
    try:
        write_atomically(path, render(report).encode())
    except OSError as error:
        raise ConfigError(f"--html {path}: cannot be written ({(error.strerror or '').lower()})") from error


def render(report: Report) -> str:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("scanner.release", "."),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    verdict = report.verdict
    files = sorted(verdict.files, key=lambda f: -f.level)
    return environment.get_template("page.html").render(
        level=_CLASS[verdict.level],
        headline=HEADLINES[verdict.level],
        answer=answer(verdict),
        audience=AUDIENCES[verdict.audience],
        allowed=verdict.allowed,
        when=dt.datetime.now().astimezone().strftime("%d %B %Y, %H:%M"),
        version=scanner.__version__,
        files=[_file(f) for f in files[:MOST_FILES]],
        more=max(0, len(files) - MOST_FILES),
        skipped=len(verdict.skipped),
        fixed=[
            {
                "written": bool(f.result.path),
                "failed": f.result.failed,
                "removed": f.result.done,
                "left": f.result.left,
                "again": HEADLINES[f.verdict.level].lower() if f.verdict else "",
                "level": _CLASS[f.verdict.level] if f.verdict else "unchecked",
            }
            for f in report.fixed
        ],
    )


def _file(verdict: FileVerdict) -> dict[str, object]:
    return {
        "name": verdict.file.where.shown,
        "inside": inside(verdict),
        "level": _CLASS[verdict.level],
        "mark": _MARK[verdict.level] if verdict.level is not Level.NOTE else "May go",
        "items": [
            {
                "level": _CLASS[item.level],
                "mark": _MARK[item.level],
                "headline": item.headline,
                "what": item.what,
                "places": [p.shown for p in item.places],
                "more": item.more,
                "remedy": item.remedy if item.level is not Level.NOTE else "",
                "allowed": item.allowed,
            }
            for item in items(verdict)
        ],
    }
