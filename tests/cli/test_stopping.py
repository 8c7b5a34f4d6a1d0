"""A scan that is told to stop: says so, leaves no worker behind, and goes on with the same command."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.department import ROOT


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_stopped_and_gone_on(tmp_path: Path, number: signal.Signals) -> None:
    share = tmp_path / "share"
    share.mkdir()
    for index in range(1_200):
        (share / f"note {index}.txt").write_text(
            f"Synthetic note {index}: call 01632 960{index % 1000:03} about nothing much.\n" * 300,
            encoding="utf-8",
        )
    home = tmp_path / "home"
    env = {**os.environ, "DPSCAN_HOME": str(home), "PYTHONPATH": str(ROOT)}
    command = [
        sys.executable,
        "-m",
        "scanner",
        "scan",
        str(share),
        "--no-names",
        "--full",
        "--runner",
        "processes",
    ]
    started = subprocess.Popen(
        command, cwd=tmp_path, env=env, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not _journalled(home):
        time.sleep(0.05)
    started.send_signal(number)
    _, said = started.communicate(timeout=60)
    assert started.returncode == 128 + number, said
    assert "Stopped. Nothing is lost" in said
    again = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert "Going on with the interrupted run" in again.stderr
    assert again.returncode in (0, 1), again.stderr


def _journalled(home: Path) -> bool:
    import sqlite3

    file = home / "history.sqlite"
    if not file.exists():
        return False
    try:
        with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as connection:
            return bool(connection.execute("SELECT 1 FROM dpscan_journal LIMIT 1").fetchone())
    except sqlite3.OperationalError:
        return False
