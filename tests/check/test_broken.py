"""Broken files: file, line and what was expected; the rest is judged; exit 3."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.check.repository import run

_GOOD = 'resource "aws_db_instance" "d" {\n  engine = "postgres"\n  storage_encrypted = false\n}\n'
_TEMPLATE = "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  B:\n    Type: AWS::S3::Bucket\n"
_ARM = '"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"'

CASES = {
    "a block that is not closed": ("bad.tf", 'resource "a" "b" {\n  x = 1\n', 3, "expected }"),
    "nested blocks": ("bad.tf", 'a "b" {\n  v {\n    x = 1\n}\n', 5, "expected } for what was begun in line 1"),
    "no equals sign": ("bad.tf", 'a "b" {\n  bucket "x"\n}\n', 2, "expected = or { after"),
    "a colon": ("bad.tf", 'a "b" {\n  y = 2\n  x: 1\n}\n', 3, "expected = after the name"),
    "no value": ("bad.tf", 'a "b" {\n  x =\n}\n', 2, "expected a value after x ="),
    "half a sum": ("bad.tf", "a = 1\nb = 1 +\n\n", 2, "expected a value after +"),
    "a text that is not closed": ("bad.tf", 'a "b" {\n  x = "abc\n}\n', 2, "expected the quote"),
    "a label that is not closed": ("bad.tf", 'a "b c {\n x = 1\n}\n', 1, "expected"),
    "a call that is not closed": ("bad.tf", "x = foo(1\ny = 2\n", 2, "expected ) for"),
    "a list that is not closed": ("bad.tf", 'a "b" {\n x = [1\n}\n', 3, "expected ] for"),
    "a heredoc that is not closed": ("bad.tf", "x = <<EOT\nabc\n", 1, "expected the word that ends"),
    "a brace too many": ("bad.tf", "x = 1\n}\n", 2, "this } closes nothing"),
    "prose": ("bad.tf", "a = 1\nthis is not hcl\n", 2, "expected an argument"),
    "JSON syntax": ("bad.tf.json", '{"a": 1,\n "b" 2}', 2, "expected : after the key"),
    "a plan cut short": ("plan.json", '{"terraform_version": "1",\n"planned_values": {', 2, "expected"),
    "variables": ("terraform.tfvars.json", '{"a": 1\n"b": 2}', 2, "expected ,"),
    "YAML": ("t.yaml", _TEMPLATE + "    Properties:\n   X: 1\n", 6, "expected"),
    "YAML with a tab": ("t.yaml", _TEMPLATE + "\tX: 1\n", 5, "expected"),
    "a template in JSON": ("t.json", '{"AWSTemplateFormatVersion": "2010-09-09",\n"Resources": {"B" 1}}', 2, "expected :"),
    "a template for Azure": ("t.json", f'{{{_ARM},\n"resources": [\n}}', 3, "expected a value"),
    "Bicep": ("t.bicep", "param a string\nresource b 'X/y@2020-01-01' = {\n  name\n}\n", 3, "expected"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_line_and_what_was_expected(name: str, tmp_path: Path) -> None:
    file, text, line, expected = CASES[name]
    (tmp_path / file).write_text(text)
    (tmp_path / "good").mkdir()
    (tmp_path / "good/good.tf").write_text(_GOOD)
    if "tfvars" in file:
        (tmp_path / "main.tf").write_text(_GOOD)
    done = run(str(tmp_path))
    assert done.exit_code == 3
    told = next(row for row in done.stdout.splitlines() if row.strip().startswith(file))
    assert told.strip().startswith(f"{file}:{line}: corrupt: line {line}")
    assert expected in told
    assert "good/good.tf:3: High DB-03" in done.stdout, "the rest is judged"


def test_every_format_tells_it(tmp_path: Path) -> None:
    (tmp_path / "bad.tf").write_text('a "b" {\n  x =\n}\n')
    for form in ("text", "sarif", "junit", "gitlab", "github", "markdown", "jsonl"):
        done = run(str(tmp_path), "--format", form)
        assert done.exit_code == 3
        assert "expected a value after x =" in done.stdout.replace("\\u003d", "="), form


def test_no_content_is_quoted(tmp_path: Path) -> None:
    secret = "hunter2-of-nobody"
    for name, text in {
        "a.tf": f'password = "{secret}\n',
        "b.tf.json": f'{{"password": "{secret}" "x"}}',
        "c.yaml": _TEMPLATE + f"    Properties: {{Password: {secret}\n",
        "d.bicep": f"param p string = '{secret}\n",
    }.items():
        (tmp_path / name).write_text(text)
    done = run(str(tmp_path))
    assert done.exit_code == 3
    assert done.stdout.count("corrupt") == 4
    assert secret not in done.output
