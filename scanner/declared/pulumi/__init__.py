"""What Pulumi gives as JSON (`pulumi preview --json`, `pulumi stack export`) to declared stores.

A program in Python or TypeScript is not read: it would have to be run. Its preview says what it would build.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from scanner.declared.model import DeclaredStore
from scanner.model import Gap, GapReason, Place, Stage

__all__ = ["claims", "declared"]


def claims(path: str, head: bytes) -> bool:
    """Whether a file is a preview or an exported stack: both are full of Pulumi's own names."""
    return path.lower().endswith(".json") and b'"urn:pulumi:' in head


def declared(folder: Path, files: Sequence[str]) -> tuple[tuple[DeclaredStore, ...], tuple[Gap, ...]]:
    """The stores that the files (relative to `folder`) say will be or are built, and what was not read."""
    from scanner.declared.pulumi.resources import read
    from scanner.declared.pulumi.stores import stores

    found: list[DeclaredStore] = []
    gaps: list[Gap] = []
    for file in files:
        try:
            resources, native = read(folder / file)
        except (OSError, ValueError, RecursionError):
            gaps.append(_gap(file, GapReason.CORRUPT, "expected the JSON of a preview or an exported stack"))
            continue
        found += stores(file, resources)
        if native:
            what = f"{native} resources of providers that are not made from Terraform's are not judged"
            gaps.append(_gap(file, GapReason.UNREACHABLE, what, native))
    return tuple(found), tuple(gaps)


def _gap(file: str, reason: GapReason, detail: str, count: int = 1) -> Gap:
    return Gap(
        file, Stage.READ, reason, detail, Place((("object", file),)), "make the file anew", count=count
    )
