"""Expressions, modules, loops: what the code says, and what it cannot say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scanner.declared.model import Resource, Unknown
from scanner.declared.terraform.load import resources


def write(folder: Path, **files: str) -> list[str]:
    names = []
    for name, text in files.items():
        path = name.replace("__", "/").replace("_dot_", ".")
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
        names.append(path)
    return names


def load(folder: Path, **files: str) -> dict[str, Resource]:
    names = write(
        folder, **{name if "_dot_" in name else f"{name}_dot_tf": text for name, text in files.items()}
    )
    found, gaps = resources(folder, names)
    assert not gaps
    return {one.address: one for one in found}


def value(folder: Path, expression: str, before: str = "") -> Any:
    found = load(folder, main=f'{before}\nresource "aws_sqs_queue" "q" {{\n  x = {expression}\n}}\n')
    return found["aws_sqs_queue.q"].attributes["x"]


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ('"a-${1 + 2}-b"', "a-3-b"),
        ("true ? 1 : 2", 1),
        ('upper("x") == "X" && !false', True),
        ('[for i, n in ["a", "b"] : "${i}${n}" if n != "a"]', ["1b"]),
        ('{ for n in toset(["a", "b"]) : n => upper(n) }', {"a": "A", "b": "B"}),
        ('merge({a = 1}, {"b" = 2})', {"a": 1, "b": 2}),
        ('lookup({a = 1}, "b", 7)', 7),
        ('try({a = 1}.b, "fallback")', "fallback"),
        ('coalesce("", null, "c")', "c"),
        ('format("%s-%03d", "a", 7)', "a-007"),
        ('join(",", concat(["a"], ["b"]))', "a,b"),
        ('jsondecode(jsonencode({a = [1, true]}))["a"][1]', True),
        ('element(["a", "b"], 3)', "b"),
        ("length([1, 2]) > 1", True),
        ('contains(["a"], "b")', False),
        ("<<EOT\nhello ${1 + 1}\nEOT", "hello 2\n"),
        ("<<-EOT\n    a\n      b\n    EOT", "a\n  b\n"),
        ('"$${literal}"', "${literal}"),
        ('[{a = "x"}, {a = "y"}][*].a', ["x", "y"]),
        ("-3 * 2 + 10 % 4", -4),
        ('"%{ if true }yes%{ else }no%{ endif }"', "yes"),
    ],
)
def test_expressions(tmp_path: Path, expression: str, wanted: Any) -> None:
    assert value(tmp_path, expression) == wanted


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("var.region", "variable region has no default"),
        ("aws_kms_key.k.arn", "aws_kms_key.k is not declared"),
        ("module.absent.id", "module absent is not declared"),
        ("var.region ? 1 : 2", "variable region has no default"),
        ("local.loop", "value that refers to itself"),
    ],
)
def test_what_cannot_be_known_says_why(tmp_path: Path, expression: str, reason: str) -> None:
    found = value(tmp_path, expression, 'variable "region" {}\nlocals {\n  loop = local.loop\n}\n')
    assert isinstance(found, Unknown)
    assert found.reason == reason


def test_an_unknown_that_cannot_matter_does_not(tmp_path: Path) -> None:
    before = 'variable "u" {}\n'
    assert value(tmp_path, "var.u || true", before) is True
    assert value(tmp_path, "var.u && false", before) is False
    assert value(tmp_path, "var.u ? 5 : 5", before) == 5


def test_variables_take_tfvars_before_defaults(tmp_path: Path) -> None:
    write(tmp_path, terraform_dot_tfvars='size = "small"\n', z_dot_auto_dot_tfvars='size = "large"\n')
    assert value(tmp_path, "var.size", 'variable "size" {\n  default = "none"\n}\n') == "large"


def test_count_for_each_and_dynamic_blocks(tmp_path: Path) -> None:
    found = load(
        tmp_path,
        main="""
        resource "aws_sqs_queue" "n" {
          count = 2
          name  = "q${count.index}"
        }
        resource "aws_sqs_queue" "e" {
          for_each = { a = true, b = false }
          on       = each.value
          dynamic "tag" {
            for_each = ["x", "y"]
            content {
              key = "${tag.key}:${each.key}"
            }
          }
        }
        resource "aws_sqs_queue" "none" {
          count = false ? 1 : 0
        }
    """,
    )
    assert sorted(found) == [
        'aws_sqs_queue.e["a"]', 'aws_sqs_queue.e["b"]', "aws_sqs_queue.n[0]", "aws_sqs_queue.n[1]",
    ]  # fmt: skip
    assert found["aws_sqs_queue.n[1]"].attributes["name"] == "q1"
    assert found['aws_sqs_queue.e["b"]'].attributes["tag"] == [{"key": "x:b"}, {"key": "y:b"}]


def test_local_modules_get_inputs_and_give_outputs(tmp_path: Path) -> None:
    found = load(
        tmp_path,
        main='module "m" {\n  source = "./child"\n  on = true\n}\n'
        'resource "aws_sqs_queue" "q" {\n  x = module.m.name\n}\n',
        child__main='variable "on" {}\nresource "aws_sqs_queue" "inner" {\n  on = var.on\n  name = "inner"\n}\n'
        'output "name" {\n  value = aws_sqs_queue.inner.name\n}\n',
    )
    assert sorted(found) == ["aws_sqs_queue.q", "module.m.aws_sqs_queue.inner"]
    assert found["module.m.aws_sqs_queue.inner"].attributes["on"] is True
    assert found["module.m.aws_sqs_queue.inner"].location.file == "child/main.tf"
    assert found["aws_sqs_queue.q"].attributes["x"] == "inner"


def test_downloaded_modules_are_read(tmp_path: Path) -> None:
    listing = {"Modules": [{"Key": "m", "Source": "example/m/aws", "Dir": ".terraform/modules/m"}]}
    write(tmp_path, _dot_terraform__modules__modules_dot_json=json.dumps(listing))
    write(tmp_path, _dot_terraform__modules__m__main_dot_tf='resource "aws_sqs_queue" "inner" {}\n')
    found = load(tmp_path, main='module "m" {\n  source = "example/m/aws"\n}\n')
    assert list(found) == ["module.m.aws_sqs_queue.inner"]


def test_json_syntax(tmp_path: Path) -> None:
    code = {
        "locals": {"n": "cases"},
        "resource": {"aws_sqs_queue": {"q": {"name": "${local.n}-queue", "on": "${1 == 1}"}}},
    }
    found = load(tmp_path, main_dot_tf_dot_json=json.dumps(code))
    assert found["aws_sqs_queue.q"].attributes == {"name": "cases-queue", "on": True}


def test_lines_are_those_of_the_attributes(tmp_path: Path) -> None:
    found = load(tmp_path, main='\nresource "aws_sqs_queue" "q" {\n  a = 1\n  b {\n    c = 2\n  }\n}\n')
    one = found["aws_sqs_queue.q"]
    assert (one.location.line, one.location.end_line) == (2, 7)
    assert one.lines == {"a": 3, "b": 4, "b.c": 5}


def test_a_file_that_does_not_parse_is_a_gap_with_its_line(tmp_path: Path) -> None:
    names = write(tmp_path, bad_dot_tf='resource "a" "b" {\n  x = = 1\n}\n')
    found, gaps = resources(tmp_path, names)
    assert not found
    assert gaps[0].place.text == "bad.tf"
    assert gaps[0].detail.startswith("line 2")


def test_policy_documents_become_policies(tmp_path: Path) -> None:
    text = value(
        tmp_path,
        "data.aws_iam_policy_document.d.json",
        'data "aws_iam_policy_document" "d" {\n  statement {\n    effect = "Deny"\n    actions = ["s3:*"]\n'
        '    principals {\n      type = "*"\n      identifiers = ["*"]\n    }\n    condition {\n'
        '      test = "Bool"\n      variable = "aws:SecureTransport"\n      values = ["false"]\n    }\n  }\n}\n',
    )
    statement = json.loads(text)["Statement"][0]
    assert statement["Effect"] == "Deny"
    assert statement["Principal"] == "*"
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": ["false"]}}
