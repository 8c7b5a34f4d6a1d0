"""Plugins that are not there are told; nothing registered must not pass for nothing found."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from scanner import Detector, plugins
from scanner.errors import ConfigError, MissingExtra
from tests.department import ROOT

Points = list[importlib.metadata.EntryPoint]


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> Iterator[Points]:
    """All entry points there are, to be changed by a test."""
    points: Points = list(importlib.metadata.entry_points())

    def of(**wanted: str) -> importlib.metadata.EntryPoints:
        return importlib.metadata.EntryPoints(points).select(**wanted)

    monkeypatch.setattr(importlib.metadata, "entry_points", of)
    _forget()
    yield points
    _forget()


def _forget() -> None:
    for cached in (plugins.available, plugins._installed):
        cached.cache_clear()


def test_source_without_installation_raises_with_the_line_that_installs_it(registered: Points) -> None:
    registered.clear()
    with pytest.raises(ConfigError, match="not installed in this Python") as raised:
        Detector(names=False)
    assert f"-m pip install '{ROOT}'" in str(raised.value)
    for group in ("connectors", "extractors", "recognisers", "runners", "reporters"):
        with pytest.raises(ConfigError, match=f"its {group} .* not registered"):
            plugins.available(group)


def test_one_missing_recogniser_is_named(registered: Points) -> None:
    registered[:] = [p for p in registered if (p.group, p.name) != ("dpscan.recognisers", "categories")]
    with pytest.raises(ConfigError, match="its recognisers categories is not registered"):
        Detector(names=False)


def test_every_recogniser_that_comes_with_dpscan_is_asked_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert set(plugins._NEVER_ABSENT["recognisers"]) == set(project["entry-points"]["dpscan.recognisers"])


def test_dpscan_command_from_source_only_says_so_and_exits_2(tmp_path: Path) -> None:
    """A Python that has the dependencies and the source on its path, and no installed dpscan."""
    (tmp_path / "letter.txt").write_text("NHS number 943 476 5919", encoding="utf-8")
    code = (
        "import importlib.metadata as m, sys\n"
        "m.entry_points = lambda **_: m.EntryPoints()\n"
        "from scanner.cli import main\n"
        "sys.argv = ['dpscan', *sys.argv[1:]]\n"
        "main()\n"
    )
    for words in (
        ["inspect", "letter.txt"],
        ["scan", "."],
        ["connectors"],
        ["release", "letter.txt"],
        ["check", "."],
    ):
        done = subprocess.run(
            [sys.executable, "-c", code, *words], cwd=tmp_path, capture_output=True, text=True,
            env={"PYTHONPATH": str(ROOT), "DPSCAN_HOME": str(tmp_path / "home"), "PATH": ""},
        )  # fmt: skip
        assert done.returncode == 2, (words, done)
        assert "dpscan: dpscan is not installed in this Python" in done.stderr, (words, done.stderr)
        assert "Traceback" not in done.stderr


def test_misspelt_name_gets_a_suggestion() -> None:
    with pytest.raises(ConfigError, match=r"no connector named 's4' \(is 's3' meant\?\); installed: .*files"):
        plugins.load("connectors", "s4")


def test_plugin_of_an_older_installation_is_a_configuration_error(registered: Points) -> None:
    """Its module, or the class in it, is gone: the entry points are of another version."""
    for number, value in enumerate(("scanner.connectors.gone:Gone", "scanner.connectors.files:Gone")):
        registered.append(importlib.metadata.EntryPoint(f"old{number}", value, "dpscan.connectors"))
    for number in (0, 1):
        with pytest.raises(ConfigError, match="cannot be loaded; install dpscan again"):
            plugins.load("connectors", f"old{number}")


def test_missing_package_of_a_plugin_names_the_line_that_installs_it(
    registered: Points, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "needy_plugin.py").write_text("import surely_no_such_package\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    registered.append(importlib.metadata.EntryPoint("needy", "needy_plugin:Needy", "dpscan.connectors"))
    with pytest.raises(MissingExtra) as raised:
        plugins.load("connectors", "needy")
    assert raised.value.install == "pip install dpscan"
