"""gcp-storage-emulator on loopback: Google's JSON API for objects.

It serves data only. Its listing has one page, it ignores preconditions, and settings such as IAM,
keys and logging are constants: those are tested against recorded shapes (`tests/servers/recorded.py`).
"""

from __future__ import annotations

import contextlib
import dataclasses
import importlib.util
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.common import free_port, unavailable, wait_for


@dataclasses.dataclass(frozen=True)
class GcsEmulator:
    endpoint: str
    """`http://127.0.0.1:PORT`; takes any credentials and none."""
    project: str = "dpscan-test"


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=1) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@contextlib.contextmanager
def run_gcs_emulator(folder: Path) -> Iterator[GcsEmulator]:
    if importlib.util.find_spec("gcp_storage_emulator") is None:
        unavailable("gcp-storage-emulator", "the package is not installed (pip install dpscan[test])")
    port = free_port()
    with (folder / "emulator.log").open("wb") as log:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "gcp_storage_emulator",
                "start",
                "--host",
                "127.0.0.1",
                "--port",
                str(port),
                "--in-memory",
            ],
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=folder,
        )
        try:
            endpoint = f"http://127.0.0.1:{port}"
            wait_for(lambda: process.poll() is not None or _answers(f"{endpoint}/"), "gcp-storage-emulator")
            if process.poll() is not None:
                unavailable("gcp-storage-emulator", (folder / "emulator.log").read_text()[-300:])
            yield GcsEmulator(endpoint)
        finally:
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(5)


@pytest.fixture(scope="session")
def gcs_emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GcsEmulator]:
    """One emulator for the session; tests keep apart by bucket names."""
    with run_gcs_emulator(tmp_path_factory.mktemp("gcs")) as server:
        yield server
