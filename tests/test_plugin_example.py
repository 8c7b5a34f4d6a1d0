"""The plugin of `examples/plugin`, installed for real into a folder of its own and then used."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.department import ROOT, dpscan

PLUGIN = ROOT / "examples" / "plugin"
PEOPLE = "".join(
    f"{name} Synthetic,{name.lower()}@example.com,QQ{number}23456A\n"
    for number, name in enumerate(("Ada", "Bela", "Chidi", "Dagmar", "Efua", "Farid"), 1)
)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder to put on PYTHONPATH, with the package in it as pip installs it. No network needed."""
    folder = tmp_path_factory.mktemp("plugin")
    # A copy, because building leaves files beside the source.
    source = shutil.copytree(PLUGIN, folder / "source", ignore=shutil.ignore_patterns("__pycache__", "build"))
    target = folder / "site"
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--no-build-isolation",
         "--disable-pip-version-check", "--target", target, source],
        check=True,
    )  # fmt: skip
    return target


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Any]:
    dav = _dav_server()
    share = tmp_path / "share"
    (share / "hr").mkdir(parents=True)
    (share / "hr" / "staff.csv").write_text("name,email,national insurance number\n" + PEOPLE)
    with dav.serving(dav.DavServer(share)) as running:
        yield running


def _dav_server() -> ModuleType:
    spec = importlib.util.spec_from_file_location("dav_server", PLUGIN / "tests" / "dav_server.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def paths(installed: Path) -> dict[str, str]:
    return {"PYTHONPATH": os.pathsep.join([str(installed), str(ROOT)])}


def test_it_is_listed(installed: Path, tmp_path: Path) -> None:
    listed = dpscan("connectors", home=tmp_path, **paths(installed))
    [line] = [line for line in listed.stdout.splitlines() if line.startswith("webdav")]
    assert line.split() == ["webdav", "webdav://,", "webdavs://", "dpscan-webdav", "ready"]
    keys = dpscan("connectors", "webdav", home=tmp_path, **paths(installed))
    assert "plain_port" in keys.stdout


def test_without_it_there_is_no_such_target(tmp_path: Path) -> None:
    refused = dpscan("scan", "webdav://127.0.0.1:9/", home=tmp_path)
    assert refused.returncode == 2
    assert "no connector takes webdav://" in refused.stderr


def test_a_scan_finds_what_is_there(installed: Path, tmp_path: Path, server: Any) -> None:
    target = server.address.replace("http://", "webdav://")
    done = dpscan("scan", target, "--runner", "serial", home=tmp_path, **paths(installed))
    assert done.returncode == 0, done.stderr  # all of it is test data, which is counted apart
    report = json.loads((tmp_path / "dpscan-report" / "report.json").read_text())
    [store] = report["stores"]
    assert store["provider"] == "webdav"
    failed = {finding["rule_id"] for finding in report["findings"] if finding["verdict"] == "fail"}
    assert {"OBJ-01", "OBJ-06"} <= failed, "strangers may read it, and over plain HTTP"
    [holding] = report["holdings"]
    assert holding["where"] == "hr/staff.csv"
    assert {"EMAIL_ADDRESS", "UK_NINO"} <= {kind["entity_type"] for kind in holding["types"]}
    assert not [gap for gap in report["gaps"] if gap["reason"] == "fault"]


def test_its_own_tests_pass(installed: Path) -> None:
    """As its README runs them, against the installed package."""
    plain = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # they need none of those that dpscan's tests use
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"],
        cwd=PLUGIN,
        env={**os.environ, **paths(installed), "PYTHONDONTWRITEBYTECODE": "1", **plain},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
