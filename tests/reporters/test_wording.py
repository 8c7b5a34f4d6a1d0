"""No report says that a law was broken or kept: law is relevant, and judging is for people."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from pathlib import Path

import pytest

from scanner import plugins
from scanner.cli.reckoning import reference
from scanner.contracts import ShowsPeriod
from scanner.maturity import period
from tests.history.sample import full_report
from tests.reporters.test_csv import with_history

JUDGING = re.compile(
    r"\b(breach(es|ed)? of|in breach|(non-?)?complian\w*|complies|comply|violat(es|ed|ion)\w*|unlawful\w*|illegal\w*|infring\w*)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("name", plugins.available("reporters"))
def test_no_report_judges(name: str, tmp_path: Path) -> None:
    run = with_history(full_report())
    reporter = plugins.load("reporters", name)()
    if isinstance(reporter, ShowsPeriod):
        reporter.period = period([run], reference(), since=dt.date(2026, 1, 1))
    read = 0
    for path in reporter.write(run, str(tmp_path)):
        for text in _texts(Path(path)):
            found = JUDGING.search(text)
            assert found is None, text[max(0, found.start() - 60) : found.end() + 60]
            read += len(text)
    assert read > 500


def _texts(path: Path) -> list[str]:
    content = path.read_bytes()
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(io.BytesIO(content)) as members:
            return [members.read(name).decode("utf-8") for name in members.namelist()]
    return [content.decode("utf-8-sig")]
