"""Azurite on loopback: a real Blob service, with an account made for the run."""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import os
import shutil
import signal
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from tests.servers.common import free_port, port_open, unavailable, wait_for

HERE = Path(__file__).parent
INSTALLED = HERE / "node_modules" / ".bin" / "azurite-blob"


@dataclasses.dataclass(frozen=True)
class Azurite:
    """A running Blob service. Its key is made for the run and opens nothing else."""

    account: str
    key: str = dataclasses.field(repr=False)
    endpoint: str
    """`http://127.0.0.1:PORT/ACCOUNT`."""

    @property
    def connection_string(self) -> str:
        return (
            f"DefaultEndpointsProtocol=http;AccountName={self.account};AccountKey={self.key};"
            f"BlobEndpoint={self.endpoint};"
        )


def _executable() -> str:
    """DPSCAN_AZURITE, then PATH, then our own node_modules, installed by npm where missing."""
    named = os.environ.get("DPSCAN_AZURITE")
    if named:
        return named
    found = shutil.which("azurite-blob")
    if found:
        return found
    with FileLock(Path(tempfile.gettempdir()) / "dpscan-azurite-install.lock"):
        if not INSTALLED.exists():
            npm = shutil.which("npm")
            if npm is None:
                unavailable("Azurite", "neither azurite-blob nor npm is installed (or set DPSCAN_AZURITE)")
            command = [npm, "install", "--prefix", str(HERE), "--no-package-lock", "--no-audit", "--no-fund"]
            done = subprocess.run(command, capture_output=True, text=True, timeout=280)
            if done.returncode:
                unavailable("Azurite", f"npm install failed: {done.stderr.strip()[-300:]}")
    return str(INSTALLED)


@contextlib.contextmanager
def run_azurite(folder: Path) -> Iterator[Azurite]:
    executable = _executable()
    if shutil.which("node") is None:
        unavailable("Azurite", "node is not installed")
    account, key, port = "dpscantest", base64.b64encode(os.urandom(64)).decode(), free_port()
    log = (folder / "azurite.log").open("wb")
    process = subprocess.Popen(
        [
            executable,
            "--inMemoryPersistence",
            "--skipApiVersionCheck",
            "--disableTelemetry",
            "--silent",
            "--blobHost",
            "127.0.0.1",
            "--blobPort",
            str(port),
        ],
        env={**os.environ, "AZURITE_ACCOUNTS": f"{account}:{key}"},
        cwd=folder,
        stdout=log,
        stderr=subprocess.STDOUT,
        # A group of its own: some `node` launchers start the real one as a child, which outlives them.
        start_new_session=True,
    )
    try:
        wait_for(lambda: process.poll() is not None or port_open(port), "Azurite")
        if process.poll() is not None:
            unavailable("Azurite", f"it ended at once: {(folder / 'azurite.log').read_text()[-300:]}")
        yield Azurite(account, key, f"http://127.0.0.1:{port}/{account}")
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # whatever of the group is left
        log.close()


@pytest.fixture(scope="session")
def azurite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Azurite]:
    """One Azurite for the session; tests keep apart by container names (`container_name`)."""
    with run_azurite(tmp_path_factory.mktemp("azurite")) as server:
        yield server


@pytest.fixture
def container_name() -> str:
    """A container or bucket name that no other test uses."""
    return f"dpscan-{uuid.uuid4().hex[:12]}"
