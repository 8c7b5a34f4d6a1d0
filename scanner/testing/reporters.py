"""The contract suite for reporters: subclass it and give it a reporter.

    class TestMine(ReporterContract):
        @pytest.fixture
        def reporter(self):
            return MyReporter()

Files ending in .csv, .json, .sarif, .xml, .html, .svg and .md are also read back: whatever a
store or a column is called, it stays a name.
"""

from __future__ import annotations

import csv
import html.parser
import io
import json
import os
import re
import stat
import xml.parsers.expat
from pathlib import Path

import pytest

from scanner.contracts import Reporter
from scanner.model import Report
from scanner.testing.reports import HOSTILE, empty_report, full_report

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


class ReporterContract:
    """Promises every reporter keeps, whatever it writes."""

    @pytest.fixture
    def reporter(self) -> Reporter:
        raise AssertionError("give the suite a `reporter` fixture")

    def _write(self, reporter: Reporter, report: Report, folder: Path) -> dict[str, bytes]:
        """What was written, by path relative to the folder."""
        paths = [Path(path) for path in reporter.write(report, str(folder))]
        assert paths, "a reporter says what it wrote"
        assert len(set(paths)) == len(paths)
        listed = {path for path in folder.rglob("*") if path.is_file()}
        assert set(paths) == listed, "everything written is said, and lies in the folder"
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}

    def test_has_a_name(self, reporter: Reporter) -> None:
        assert re.fullmatch(r"[a-z][a-z0-9_-]*", reporter.name), "it is typed after --format"

    @pytest.mark.parametrize("umask", [0, 0o077])
    def test_only_the_owner_may_read(self, reporter: Reporter, tmp_path: Path, umask: int) -> None:
        """Reports say what is unprotected, and where."""
        before = os.umask(umask)
        try:
            written = self._write(reporter, full_report(), tmp_path / "new" / "out")
        finally:
            os.umask(before)
        for name in written:
            assert stat.S_IMODE((tmp_path / "new" / "out" / name).stat().st_mode) == 0o600
        assert stat.S_IMODE((tmp_path / "new" / "out").stat().st_mode) == 0o700

    def test_the_same_report_gives_the_same_bytes(self, reporter: Reporter, tmp_path: Path) -> None:
        first = self._write(reporter, full_report(), tmp_path / "one")
        assert self._write(reporter, full_report(), tmp_path / "two") == first
        assert self._write(reporter, full_report(), tmp_path / "one") == first, "writing again replaces"

    def test_an_empty_report_is_a_report(self, reporter: Reporter, tmp_path: Path) -> None:
        for name, data in self._write(reporter, empty_report(), tmp_path).items():
            _read_back(name, data)

    def test_a_full_report_reads_back(self, reporter: Reporter, tmp_path: Path) -> None:
        for name, data in self._write(reporter, full_report(), tmp_path).items():
            _read_back(name, data)

    @pytest.mark.parametrize("number", range(len(HOSTILE)))
    def test_whatever_it_is_called_stays_a_name(
        self, reporter: Reporter, tmp_path: Path, number: int
    ) -> None:
        for name, data in self._write(reporter, full_report(HOSTILE[number]), tmp_path).items():
            _read_back(name, data)

    def test_the_report_is_not_changed(self, reporter: Reporter, tmp_path: Path) -> None:
        report = full_report()
        self._write(reporter, report, tmp_path)
        assert report == full_report()


def _read_back(name: str, data: bytes) -> None:
    suffix = Path(name).suffix
    if suffix not in (".csv", ".json", ".sarif", ".xml", ".html", ".svg", ".md", ".txt"):
        return
    text = data.decode("utf-8-sig")
    assert text.strip(), "a file with nothing in it says nothing"
    if suffix == ".csv":
        _check_csv(text)
    elif suffix in (".json", ".sarif"):
        json.loads(text, parse_constant=_refuse)
    elif suffix in (".xml", ".svg"):
        xml.parsers.expat.ParserCreate().Parse(data, True)
    if suffix in (".html", ".svg", ".md"):
        _NoCode().feed(text)


def _check_csv(text: str) -> None:
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert len({len(row) for row in rows}) == 1, "rows of one length"
    for row in rows:
        for cell in row:
            assert not cell.startswith(_FORMULA) or _NUMBER.fullmatch(cell), "a spreadsheet would run it"
            assert "\0" not in cell


def _refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is not JSON")


class _NoCode(html.parser.HTMLParser):
    """Fails on markup that hostile names bring along."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        for key, value in attrs:
            assert not key.startswith("on"), "a name became an event handler"
            assert not (value or "").lower().startswith("javascript:"), "a name became a script"

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "script":
            assert "alert(1)" not in data, "a name became a script"
