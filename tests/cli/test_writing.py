"""A folder that cannot be written to costs no scan."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from scanner.cli.writing import require_writable
from scanner.errors import ConfigError
from tests.department import dpscan


def test_a_file_in_the_way_is_found_before_the_scan(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    (tmp_path / "share").mkdir()
    done = dpscan(
        "scan", tmp_path / "share", "-o", tmp_path / "taken" / "in", home=tmp_path / "h", cwd=tmp_path
    )
    assert done.returncode == 2
    assert "taken is a file" in done.stderr
    assert not list((tmp_path / "h").glob("*.sqlite")), "nothing was begun"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_closed_folder_is_found_before_the_scan(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(ConfigError, match="may not write to"):
        require_writable(tmp_path / "new" / "folder")
    tmp_path.chmod(0o700)


def test_reports_that_cannot_be_written_leave_the_run_stored(tmp_path: Path) -> None:
    (tmp_path / "share").mkdir()
    (tmp_path / "share" / "a.txt").write_text("NHS number 943 476 5919", encoding="utf-8")
    home = tmp_path / "home"
    done = dpscan("scan", tmp_path / "share", "--no-names", "-o", "/proc/none", home=home, cwd=tmp_path)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "reports could not be written to /proc/none: csv (" in done.stderr
    again = dpscan("report", "-o", tmp_path / "out", home=home, cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    assert (tmp_path / "out" / "findings.csv").exists()


def test_a_data_folder_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    for home in ("/proc/none", str(tmp_path / "file")):
        done = dpscan("scan", tmp_path, home=tmp_path, cwd=tmp_path, DPSCAN_HOME=home)
        assert done.returncode == 2
        assert f"dpscan: DPSCAN_HOME: {home} cannot be used" in done.stderr, done.stderr
