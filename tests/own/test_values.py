"""Decided values: what is allowed is silent, what is denied is told, and the list keeps no value."""

from __future__ import annotations

import datetime as dt
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner

from scanner import Detector
from scanner.cli import cli
from scanner.errors import ConfigError
from scanner.own.values import ValueLists, key_file, load, load_or_new, save

DAY = dt.date(2026, 3, 2)
SWITCHBOARD, WITNESS, NHS = (
    "020 7946 0018",
    "Zanthe Quillfeather",
    "943 476 5919",
)  # invented; reserved ranges


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "decided-values.json"
    lists = load_or_new(path)
    lists.add("allow", SWITCHBOARD, entity_type=None, reason="published", by="Records Manager", day=DAY)
    lists.add("deny", WITNESS, entity_type="PERSON", reason="protected", by="Senior DPO", day=DAY)
    save(lists, path)
    return path


def _types(detector: Detector, text: str) -> list[str]:
    return [d.entity_type for d in detector.text([text])[0]]


def test_an_allowed_value_is_silent_however_it_is_written(file: Path) -> None:
    detector = Detector(names=False, values=file)
    assert _types(Detector(names=False), "Telephone 020-7946-0018") == ["PHONE_NUMBER"]
    assert _types(detector, "Telephone 020-7946-0018") == []
    assert _types(detector, "Telephone 020 7946 0019") == ["PHONE_NUMBER"]


def test_a_denied_value_is_always_told(file: Path) -> None:
    text = "seen by zanthe  QUILLFEATHER's aunt; Zanthe Quill is another"
    [found] = Detector(names=False, values=file).text([text])
    assert [(d.entity_type, text[d.start : d.end], d.reasons) for d in found] == [
        ("PERSON", "zanthe  QUILLFEATHER", ("deny list",))
    ]


def test_columns_leave_allowed_cells_out_and_add_denied_ones(file: Path) -> None:
    phones: list[str | None] = [SWITCHBOARD] * 40
    notes: list[str | None] = ["on track", None, f"spoke to {WITNESS}", "no reply"] * 10
    results = Detector(names=False, values=file).columns({"telephone": phones, "notes": notes})
    assert results["telephone"].entity_type is None
    assert not results["telephone"].hits
    hits = results["notes"].hits["PERSON"]
    assert list(hits.rows) == list(range(2, 40, 4))
    assert hits.spans is not None
    assert set(hits.spans) == {(9, 9 + len(WITNESS))}
    assert "deny list" in results["notes"].reasons


def test_the_list_keeps_no_value_and_both_files_are_private(file: Path) -> None:
    text = file.read_text()
    for part in ("7946", "0018", "Zanthe", "uillfeather", "zanthe"):
        assert part not in text
    for path in (file, key_file(file)):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "2079460018" not in repr(load(file))


def test_another_key_knows_nothing(file: Path) -> None:
    entries = load(file).entries.values()
    assert not ValueLists(b"x" * 32, entries).allows(SWITCHBOARD)
    assert load(file).allows(SWITCHBOARD)


def test_without_its_key_a_list_is_refused(file: Path) -> None:
    key_file(file).unlink()
    with pytest.raises(ConfigError, match=r"decided-values\.json\.key: cannot be read"):
        load(file)
    with pytest.raises(ConfigError, match="cannot be read"):
        load_or_new(file)  # a new key would make the old digests mute


def test_the_command_adds_shows_and_removes(tmp_path: Path) -> None:
    listed = str(tmp_path / "list.json")
    runner = CliRunner()
    why = ["--reason", "test number", "--by", "DPO", "--list", listed]
    added = runner.invoke(cli, ["values", "allow", *why, "--from", "-"], input=f"{NHS}\n9434765919\n\n")
    assert added.output == "1 added; 1 allowed, 0 denied\n"
    shown = runner.invoke(cli, ["values", "show", "--list", listed])
    assert "DPO: test number" in shown.output
    assert "943" not in shown.output
    gone = runner.invoke(cli, ["values", "remove", "allow", "--list", listed, "--from", "-"], input=NHS)
    assert gone.output == "1 removed; 0 allowed, 0 denied\n"


def test_an_unknown_type_is_refused(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        cli,
        [
            "values",
            "deny",
            "--type",
            "PEOPLE",
            "--reason",
            "r",
            "--by",
            "b",
            "--list",
            str(tmp_path / "l"),
            "--from",
            "-",
        ],
        input="x",
    )
    assert isinstance(result.exception, ConfigError)
    assert not (tmp_path / "l").exists()
