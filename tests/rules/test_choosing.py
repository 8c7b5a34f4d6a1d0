"""Packs from folders and packages, and the pin."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from scanner.config import RulesConfig
from scanner.errors import RuleError
from scanner.ruleset import load_rules
from scanner.ruleset.choosing import chosen

GUIDE = (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")
RULE = GUIDE.partition("```yaml\nid:")[2].partition("```")[0]


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    folder = tmp_path / "site" / "records_rules"
    (folder / "rules" / "hr").mkdir(parents=True)
    (folder / "__init__.py").write_text("raise RuntimeError('a pack of rules is read, not run')\n")
    (folder / "rules" / "hr" / "HR-01.yaml").write_text(f"id:{RULE}", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    return "records_rules"


def test_rules_of_a_package_are_added_and_not_run(package: str) -> None:
    rules = chosen(RulesConfig(packages=(package,)))
    assert rules.get("HR-01") is not None and rules.get("OBJ-01") is not None
    assert package not in sys.modules
    assert [r.id for r in chosen(RulesConfig(packages=(package,), packs=("hr",))).rules] == ["HR-01"]


def test_a_package_that_is_not_there_or_holds_none_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(RuleError, match="'no_such_rules' is not installed"):
        chosen(RulesConfig(packages=("no_such_rules",)))
    (tmp_path / "empty_rules").mkdir()
    (tmp_path / "empty_rules" / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(RuleError, match="'empty_rules' holds no rules"):
        chosen(RulesConfig(packages=("empty_rules",)))


def test_the_pin_holds_other_rules_off() -> None:
    digest = load_rules().digest
    assert chosen(RulesConfig(pin=digest[:12])).digest == digest
    assert chosen(RulesConfig(pin=digest.upper())).digest == digest
    with pytest.raises(RuleError, match="not those pinned"):
        chosen(RulesConfig(pin=digest[:12], switch_off=("OBJ-05",)))
    with pytest.raises(ValueError, match="12 characters"):
        RulesConfig(pin="abc")


def test_no_rules_at_all_is_a_mistake(tmp_path: Path) -> None:
    """A scan that asks nothing would find nothing wrong."""
    (tmp_path / "empty").mkdir()
    with pytest.raises(RuleError, match="no rule is left in force"):
        chosen(RulesConfig(packs=()))
    with pytest.raises(RuleError, match=r"empty: holds no rules \(files that end in .yaml\)"):
        chosen(RulesConfig(paths=(tmp_path / "empty",)))
