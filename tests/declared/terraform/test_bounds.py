"""A change that nobody has looked at yet runs in CI: what it asks for is bounded."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from scanner.declared import pipeline
from scanner.declared.model import Unknown
from scanner.declared.terraform.functions import call


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("range", [10**12]),
        ("pow", [10, 10**9]),
        ("setproduct", [list(range(100))] * 20),
        ("indent", [10**10, "a\nb"]),
        ("chunklist", [[1], 0]),
        ("parseint", ["1" * 10_000, 10]),
    ],
)
def test_a_function_that_asks_for_too_much_has_no_answer(name: str, arguments: list[object]) -> None:
    start = time.process_time()
    assert isinstance(call(name, arguments), Unknown)
    assert time.process_time() - start < 1


def test_what_code_asks_for_is_answered() -> None:
    assert call("range", [3]) == [0, 1, 2]
    assert len(call("range", [1024])) == 1024
    assert call("pow", [3, 2]) == 9
    assert call("setproduct", [["a", "b"], ["c"]]) == [["a", "c"], ["b", "c"]]
    assert call("indent", [2, "a\nb"]) == "a\n  b"
    assert call("format", ["%03d-%s", 7, "x"]) == "007-x"
    assert "9" * 9 in call("format", [f"%{'9' * 9}d", 7]), "no such width"


def test_a_list_without_end_in_code(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(
        'resource "aws_s3_bucket" "b" {\n  bucket = format("%999999999d", 1)\n'
        "  tags = { n = length(range(100000000000)) }\n}\n"
    )
    start = time.process_time()
    checked = pipeline.check(tmp_path)
    assert time.process_time() - start < 3
    assert [store.address for store in checked.stores] == ["aws_s3_bucket.b"]
    assert not checked.gaps


@pytest.mark.parametrize("kind", ["texts", "lists"])
def test_values_that_repeat_each_other(kind: str, tmp_path: Path) -> None:
    """Ten lines that stand for ten thousand million characters, or values."""
    rows = ['  v0 = "xxxxxxxxxx"'] if kind == "texts" else [f"  v0 = [{', '.join(['1'] * 10)}]"]
    for number in range(1, 10):
        one = f"local.v{number - 1}"
        rows.append(
            f'  v{number} = "{("${" + one + "}") * 10}"' if kind == "texts" else f"  v{number} = [{', '.join([one] * 10)}]"
        )  # fmt: skip
    (tmp_path / "main.tf").write_text(
        "locals {\n" + "\n".join(rows) + '\n}\nresource "aws_s3_bucket" "b" {\n  bucket = local.v9\n  tags = { a = local.v9 }\n}\n'
    )  # fmt: skip
    start = time.process_time()
    checked = pipeline.check(tmp_path)
    assert time.process_time() - start < 5
    assert [store.address for store in checked.stores] == ["aws_s3_bucket.b"]
    assert not checked.gaps
