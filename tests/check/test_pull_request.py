"""The pull request of the examples, replayed: what stands in the folder is what is said."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.servers.s3 import MotoS3

_EXAMPLE = Path(__file__).parents[2] / "examples" / "pull-request"


def _module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"pull_request_{name}", _EXAMPLE / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_it_gets_the_annotations_and_the_comment_that_lie_there(tmp_path: Path) -> None:
    code, annotations, comment = _module("replay").replay(tmp_path)
    assert code == 1
    again = "run: python examples/pull-request/replay.py --write"
    assert annotations == (_EXAMPLE / "annotations.txt").read_text("utf-8"), again
    assert comment == (_EXAMPLE / "comment.md").read_text("utf-8"), again
    titles = [line.partition("title=")[2].partition(" ")[0] for line in annotations.splitlines()[:-1]]
    assert titles == ["OBJ-06", "OBJ-08"]
    assert "leaflets" not in annotations
    for told in (annotations, comment):
        assert told.count("The department's register raised its severity.") == 2
        for word in ("health", "special", "100,000", "S3)", "asthma"):
            assert word not in told


def test_the_index_names_nothing() -> None:
    text = (_EXAMPLE / "known-index.json").read_text("utf-8")
    for word in ("example-synthetic", "aws", "arn:", "eu-west-2", "referrals"):
        assert word not in text


@pytest.mark.timeout(120)
def test_the_index_is_made_by_a_scan(moto_s3: MotoS3, tmp_path: Path) -> None:
    made = _module("make_index")
    made.make(moto_s3.endpoint_url, tmp_path, made.records(300))
    (tmp_path / "work").mkdir()
    code, annotations, _ = _module("replay").replay(tmp_path / "work", tmp_path)
    # Health data of few people: told, and not raised.
    assert code == 0
    assert annotations.count("::warning ") == 2
