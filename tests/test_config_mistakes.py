"""Mistakes in a configuration: all at once, with file, line and key, what was expected and what was meant."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from scanner import config, targets
from scanner.errors import ConfigError

HERE = "targets: [{connector: files, path: .}]\n"


def said(tmp_path: Path, text: str) -> str:
    """What is complained about, as the commands find it."""
    file = tmp_path / "dpscan.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        targets.build_targets(config.load(file), "test", file)
    return str(error.value).replace(f"{tmp_path}/", "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("targets:\n  - conector: files\n", ":2:15: targets.0.conector: is not a key that is known here; is 'connector' meant?"),
        ("targets:\n  - connector: file\n", ":2:16: targets.0.connector: no connector named 'file' (is 'files' meant?)"),
        ("targets:\n  - connector: files\n    pth: .\n", ":3:10: targets.0.pth: is not a key that is known here; is 'path' meant?"),
        ("targets:\n  - connector: files\n    path: .\n    limits: {spans: x}\n", ":4:21: targets.0.limits.spans: expected a whole number"),
        ("targets:\n  - connector: files\n    path: ''\n", ":3:12: targets.0.path: is empty; name a folder"),
        (HERE + "samplng: {rows: 300}\n", ":2:10: samplng: is not a key that is known here; is 'sampling' meant?"),
        (HERE + "report: {formts: [csv]}\n", "report.formts: is not a key that is known here; is 'formats' meant?"),
        (HERE + "register: [{store: a, onwer: b}]\n", "register.0.onwer: is not a key that is known here; is 'owner' meant?"),
        (HERE + "exclude: [{by: me, reason: none}]\n", "exclude.0: says nothing to leave out: give store, tag"),
        (HERE + "limits: {max_time: 1.2.3h}\n", "limits.max_time: expected a time such as 90s"),
        (HERE + "limits: {max_bytes: -3}\n", "limits.max_bytes: input should be greater than or equal to 0"),
        (HERE + "limits: {statement_timeout: 0}\n", "limits.statement_timeout: input should be greater than 0"),
        ("targets: {connector: files, path: .}\n", "targets: expected a list, such as [one, two]"),
        ("targets: [files]\n", "targets.0: expected keys and values"),
        (HERE + "waivers: [{rule: a, store: b, owner: c, reason: d, expires: soon}]\n", "waivers.0.expires: expected a date such as"),
        (HERE + "fail_on_unknown: perhaps\n", "fail_on_unknown: expected true or false"),
        ("targets: &a\n  - *a\n", ":1:10: an alias names something that it lies in"),
        ("[" * 300 + "]" * 300, "nested more than 100 levels deep"),
        ("a: b\x00\n", ":1:5: not valid YAML: a character that YAML does not allow"),
        ("targets:\n  - <<: 3\n", "`<<` needs the alias of keys and values"),
    ],
)  # fmt: skip
def test_mistake(tmp_path: Path, text: str, expected: str) -> None:
    assert expected in said(tmp_path, text)


def test_values_are_not_repeated(tmp_path: Path) -> None:
    """What stands where something else was expected may be a password."""
    text = "targets:\n  - connector: sql\n    url: postgresql://me@db/x\n    password: hunter2\n    limits: {spans: hunter2}\n"
    assert "hunter2" not in said(tmp_path, text + "min_coverage: hunter2\nwaivers: hunter2\n")


def test_aliases_that_blow_up_are_refused_at_once(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert "far more than is written" in said(tmp_path, "\n".join(lines))


def test_anchors_and_merge_keys(tmp_path: Path) -> None:
    file = tmp_path / "dpscan.yaml"
    file.write_text(
        "targets:\n"
        "  - &share {connector: files, name: one, path: a, environment: test}\n"
        "  - name: two\n    path: b\n    <<: *share\n"
        "register:\n  - &owned {store: one, owner: Head of A, retention_days: 30}\n"
        "  - {<<: [*owned, {dpia_ref: D1}], store: two}\n",
        encoding="utf-8",
    )
    loaded = config.load(file)
    built = targets.build_targets(loaded, "test", file)
    assert {name: target.options["path"] for name, target in built.items()} == {
        "one": tmp_path / "a",
        "two": tmp_path / "b",
    }
    assert built["two"].access.environment == "test"
    second = loaded.register_[1]
    assert (second.store, second.owner, second.retention_days, second.dpia_ref) == (
        "two",
        "Head of A",
        30,
        "D1",
    )


def test_a_mistake_after_a_merge_is_told_where_it_is(tmp_path: Path) -> None:
    text = "targets:\n  - &a {connector: files, path: .}\n  - <<: *a\n    nme: two\n"
    assert ":4:10: targets.1.nme" in said(tmp_path, text)


def test_misspelt_command_gets_a_suggestion(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scanner", "scn", "."],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 2
    assert "No such command 'scn'. Did you mean 'scan'?" in done.stderr


def test_an_unset_variable_does_not_scan_the_folder_one_is_in() -> None:
    with pytest.raises(ConfigError, match=r"target 2 is empty \(is a variable not set\?\)"):
        targets.from_targets([".", ""])


def test_schemes_in_capitals() -> None:
    (target,) = targets.from_targets(["S3://Example/Prefix"]).targets
    assert (target.connector, target.model_extra) == ("s3", {"bucket": "Example", "prefix": "Prefix"})
