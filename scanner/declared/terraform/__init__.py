"""Terraform and OpenTofu: HCL and JSON syntax, variable files, plans and states.

A front end of `dpscan check`: `claims` says which files are of this language, `declared`
turns a folder into stores with evidence. Parsing is by tree-sitter, for exact positions and
because nothing has to be downloaded or run.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from scanner.declared.model import DeclaredStore
from scanner.model import Gap

_ENDINGS = (".tf", ".tofu", ".tf.json", ".tofu.json", ".tfstate")


def claims(path: str, head: bytes) -> bool:
    """Whether the file is Terraform's: by its ending, or a plan or state by its first bytes."""
    if path.endswith((*_ENDINGS, ".tfvars", ".tfvars.json")):
        return True
    return path.endswith(".json") and (
        b'"terraform_version"' in head or (b'"planned_values"' in head and b'"format_version"' in head)
    )


def declared(folder: Path, files: Sequence[str]) -> tuple[tuple[DeclaredStore, ...], tuple[Gap, ...]]:
    """Every store that the files under `folder` declare, and what could not be read."""
    from scanner.declared.terraform.load import resources
    from scanner.declared.terraform.stores import stores

    found, gaps = resources(folder, files)
    return stores(found), gaps
