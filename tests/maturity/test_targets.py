"""The department's own targets for key figures."""

from __future__ import annotations

import csv
import io

import pytest
from click.testing import CliRunner

from scanner import config
from scanner.cli import cli
from scanner.errors import ConfigError
from scanner.maturity.kpi_table import BY_ID, Kpi
from scanner.maturity.targets import aimed, mistake


def _kpi(id: str, value: float | None, low: float | None = None, high: float | None = None) -> Kpi:
    d = BY_ID[id]
    return Kpi(d.id, d.title, d.formula, d.kind, value, low=low, high=high, direction=d.direction, target=d.target,
               target_text=d.target_text, met=False)  # fmt: skip


@pytest.mark.parametrize(
    ("id", "value", "low", "high", "target", "text", "met"),
    [
        ("K6", 0.82, 0.82, 0.97, 0.8, "≥ 80% (set by the department)", True),
        ("K6", 0.79, 0.79, 0.97, 0.8, "≥ 80% (set by the department)", False),
        ("K11", 0.04, 0.01, 0.06, 0.05, "≤ 5% (set by the department)", False),
        ("K5", 3, 3, 6, 5, "≤ 5 (set by the department)", False),
        ("K5", 3, 3, 5, 5, "≤ 5 (set by the department)", True),
        ("K22", 9, None, None, 14, "≤ 14 (set by the department)", True),
        ("K18", 9.5, None, None, 7.5, "≤ 7.5 (set by the department)", False),
        ("K21", None, None, None, 0.5, "≥ 50% (set by the department)", None),
    ],
)
def test_the_worse_bound_must_meet_it(id, value, low, high, target, text, met):
    found = aimed(_kpi(id, value, low, high), {id: target})
    assert (found.target, found.target_text, found.met) == (target, text, met)
    assert aimed(_kpi(id, value), {"K1": 0.5}) == _kpi(id, value)


def test_mistakes_say_what_was_expected():
    assert mistake("K26", 1) == "there is no key figure K26; expected K1 to K25"
    assert mistake("K6", 90) == "K6 is a share: expected 0 to 1, or 0% to 100%"
    assert not mistake("K5", 90)


def test_from_the_configuration_to_the_table(tmp_path):
    (tmp_path / "share").mkdir()
    (tmp_path / "share" / "a.txt").write_text("Nothing personal in here.\n")
    file = tmp_path / "dpscan.yaml"
    history = tmp_path / "h.db"
    file.write_text(
        f"targets:\n  - connector: files\n    path: share\nhistory: sqlite:///{history}\n"
        "report: {folder: out, formats: [csv]}\nkpi_targets:\n  K2: 60%\n  K22: 30\n"
    )
    assert config.load(file).kpi_targets == {"K2": 0.6, "K22": 30}
    run = CliRunner()
    assert run.invoke(cli, ["scan", "-c", str(file), "-q", "-o", str(tmp_path / "out")]).exit_code in (
        0,
        1,
        3,
    )
    result = run.invoke(cli, ["kpis", "-c", str(file), "--format", "csv"])
    assert result.exit_code == 0, result.output
    rows = {row["kpi"]: row for row in csv.DictReader(io.StringIO(result.stdout.lstrip("\ufeff")))}
    assert rows["K2"]["target_text"] == "≥ 60% (set by the department)"
    assert rows["K22"]["target"] == "30.0"
    assert rows["K3"]["target_text"] == BY_ID["K3"].target_text


def test_a_mistake_names_file_line_and_key(tmp_path):
    file = tmp_path / "dpscan.yaml"
    file.write_text("targets: [{connector: files, path: .}]\nkpi_targets:\n  K6: 90\n  K99: 1\n")
    with pytest.raises(ConfigError) as caught:
        config.load(file)
    said = [str(problem) for problem in caught.value.problems]
    assert any("dpscan.yaml:3" in s and "K6 is a share" in s for s in said), said
    assert any("dpscan.yaml:4" in s and "expected K1 to K25" in s for s in said), said
    file.write_text("targets: [{connector: files, path: .}]\nkpi_targets: {K6: nearly}\n")
    with pytest.raises(ConfigError) as caught:
        config.load(file)
    assert "percentage such as 90%" in str(caught.value)
