"""Fixtures shared by every test: real servers, and a private data directory."""

from __future__ import annotations

import importlib.util

import pytest

# Each server fixture lives in a module of its own; one that is not there yet is left out.
pytest_plugins = [
    name
    for name in (
        "tests.servers.postgres",
        "tests.servers.mariadb",
        "tests.servers.s3",
        "tests.servers.azure",
        "tests.servers.gcs",
    )
    if importlib.util.find_spec(name)
]


@pytest.fixture(autouse=True)
def _own_data_directory(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test touches the developer's own history."""
    monkeypatch.setenv("DPSCAN_HOME", str(tmp_path_factory.mktemp("dpscan-home")))
