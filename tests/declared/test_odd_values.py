"""Values of the wrong kind, and expressions over what is not known: always an answer, never a crash."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from scanner.declared import arm, cloudformation, terraform
from scanner.declared.cloudformation.values import tagged
from scanner.declared.terraform.functions import FUNCTIONS
from tests.declared.own_cases import cases

_ATOMS = (
    "var.u", "var.k", "var.l", "var.m", "local.x", "null", "true", "1", '"a"', '"x-${var.u}"', "[]", "{}", '["a", var.u]',
    "{ a = var.u }", "each.key", "count.index", "data.a.b.c", "aws_s3_bucket.b.id", "aws_s3_bucket.b[0].id", "module.z.y",
    'var.m["a"]', "var.l[0]", "var.l[*].a", "var.u[0].b", "var.m.zz", "terraform.workspace", "self.x",
)  # fmt: skip
_CODE = """variable "u" {}
variable "k" { default = "v" }
variable "l" { default = ["a", "b"] }
variable "m" { default = { a = 1 } }
locals { x = @0 }
resource "aws_s3_bucket" "b" {
  count = @1
  bucket = @2
  acl = @3
  policy = @4
  tags = @5
  dynamic "versioning" {
    for_each = @0
    content {
      enabled = versioning.value
    }
  }
}
resource "aws_db_instance" "d" {
  for_each = @1
  engine = @2
  storage_encrypted = @3
  backup_retention_period = @4
  enabled_cloudwatch_logs_exports = @5
  port = @0
}
"""


def _expression(chance: random.Random, depth: int = 0) -> str:
    def inner() -> str:
        return _expression(chance, depth + 1)

    if depth > 3 or chance.random() < 0.25:
        return chance.choice(_ATOMS)
    how = chance.randrange(8)
    if how == 0:
        sign = chance.choice(("==", "!=", "<", ">", "&&", "||", "+", "-", "*", "/", "%"))
        return f"({inner()} {sign} {inner()})"
    if how == 1:
        return f"{inner()} ? {inner()} : {inner()}"
    if how == 2:
        return f"!{inner()}"
    if how == 3:
        name = chance.choice((*sorted(FUNCTIONS), "try", "can", "file"))
        return f"{name}({', '.join(inner() for _ in range(chance.randrange(4)))})"
    if how == 4:
        return f"[for v in {inner()} : {inner()} if {inner()}]"
    if how == 5:
        return f"{{ for k, v in {inner()} : k => {inner()} }}"
    return f"({inner()})[{inner()}]" if how == 6 else f"{{ x = {inner()}, y = {inner()} }}"


@pytest.mark.parametrize("seed", range(4))
def test_expressions_of_terraform(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    for _ in range(30):
        code = _CODE
        for number in range(6):
            code = code.replace(f"@{number}", _expression(chance))
        (tmp_path / "main.tf").write_text(code)
        terraform.declared(tmp_path, ["main.tf"])


class _Loader(yaml.SafeLoader):
    """Templates in plain types, short forms made long."""


def _long(loader: Any, suffix: str, node: Any) -> Any:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    return dict(tagged("!" + suffix, value))


_Loader.add_multi_constructor("!", _long)
_ODD = (
    None, True, False, 0, -1, 3.5, "", "x", "*", "true", [], {}, [None], [[]], [{}], ["a"], {"a": None}, 10**30,
    {"Ref": "Nope"}, {"Ref": "AWS::NoValue"}, {"Fn::If": ["A", "b", "c"]}, {"Fn::GetAtt": ["X"]}, {"Fn::Sub": 3},
    {"Fn::Join": ["", None]}, {"Fn::Select": ["9", []]}, {"Fn::Select": [None, ["a"]]}, {"Fn::FindInMap": ["a"]},
    "[parameters('zz')]", "[variables('q')]", "[concat(1,",
)  # fmt: skip


def _paths(tree: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    pairs = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in pairs:
        yield (*before, key)
        yield from _paths(value, (*before, key))


def _trees() -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    for case in cases():
        if case.language == "cloudformation":
            # The loader is PyYAML's safe one, with the template's own tags.
            found.append((cloudformation, yaml.load(case.code, _Loader)))
        elif case.language in ("cloudformation-json", "arm"):
            front = arm if case.language == "arm" else cloudformation
            found.append((front, json.loads(case.code)))
    return found


@pytest.mark.parametrize("seed", range(4))
def test_properties_of_templates(seed: int, tmp_path: Path) -> None:
    chance, trees = random.Random(seed), _trees()
    for _ in range(40):
        front, tree = chance.choice(trees)
        spoilt = copy.deepcopy(tree)
        places = list(_paths(spoilt))
        for _ in range(chance.randrange(1, 8)):
            *path, last = chance.choice(places)
            at = spoilt
            try:
                for key in path:
                    at = at[key]
                at[last] = copy.deepcopy(chance.choice(_ODD))
            except (KeyError, TypeError, IndexError):
                continue  # what stood there has been spoilt already
        (tmp_path / "template.json").write_text(json.dumps(spoilt))
        front.declared(tmp_path, ["template.json"])
