"""Our own cases, written from the providers' documentation: code, resource, safeguard, verdict expected.

One file a family in `cases/`; each case is one folder of its own. `+` the safeguard holds, `-` it does
not, `?` it cannot be known from the code.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from scanner.declared import pipeline

FOLDER = Path(__file__).with_name("cases")
FILES = {
    "terraform": "main.tf",
    "terraform-json": "main.tf.json",
    "terraform-plan": "plan.json",
    "terraform-state": "terraform.tfstate",
    "cloudformation": "template.yaml",
    "cloudformation-json": "template.json",
    "arm": "azuredeploy.json",
    "bicep": "main.bicep",
}
VERDICTS = {"+": "pass", "-": "fail", "?": "unknown"}


@dataclasses.dataclass(frozen=True)
class Case:
    """One folder of code and what is expected of it."""

    file: str
    about: str
    language: str
    code: str
    files: dict[str, str]
    """Further files beside the code, by path."""
    expected: tuple[tuple[str, str, str], ...]
    """(address, safeguard, verdict)."""


def cases(only: str = "") -> Iterator[Case]:
    """Every case, or those of the files whose name starts with `only`."""
    for path in sorted(FOLDER.glob(f"{only}*.yaml")):
        data: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
        for one in data["cases"]:
            expected = tuple(
                (address, word[1:], VERDICTS[word[0]])
                for address, words in one["expect"].items()
                for word in words.split()
            )
            language = one.get("language", data["language"])
            yield Case(path.stem, one["about"], language, one["code"], one.get("files", {}), expected)


def verdicts(case: Case, folder: Path) -> dict[tuple[str, str], str]:
    """What a check says, by address and safeguard; of several lines a failure counts."""
    (folder / FILES[case.language]).write_text(case.code, "utf-8")
    for name, text in case.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    checked = pipeline.check(folder)
    assert not [g for g in checked.gaps if not g.reason.chosen and g.reason.value != "unreachable"], (
        checked.gaps
    )
    found: dict[tuple[str, str], str] = {}
    worst = {"fail": 0, "unknown": 1, "pass": 2}
    for line in checked.lines({}):
        key = (line.resource, line.safeguard)
        if key not in found or worst[line.verdict] < worst[found[key]]:
            found[key] = line.verdict
    return found
