"""What Pulumi gives as JSON (`pulumi preview --json`, `pulumi stack export`) to declared stores.

A program in Python or TypeScript is not read: it would have to be run. Its preview says what it would build.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scanner.declared.model import DeclaredStore
from scanner.model import Gap, GapReason, Place, Stage

if TYPE_CHECKING:
    from scanner.declared.pulumi.resources import Built

__all__ = ["claims", "declared"]


def claims(path: str, head: bytes) -> bool:
    """Whether a file is a preview or an exported stack: both are full of Pulumi's own names."""
    return path.lower().endswith(".json") and b'"urn:pulumi:' in head


def declared(folder: Path, files: Sequence[str]) -> tuple[tuple[DeclaredStore, ...], tuple[Gap, ...]]:
    """The stores that the files (relative to `folder`) say will be or are built, and what was not read."""
    from scanner.declared.pulumi.resources import read

    found: list[DeclaredStore] = []
    gaps: list[Gap] = []
    for file in files:
        try:
            built = read(folder / file, file)
        except (OSError, ValueError, RecursionError):
            gaps.append(_gap(file, GapReason.CORRUPT, "expected the JSON of a preview or an exported stack"))
            continue
        found += _stores(built)
        if number := sum(one.package == "google-native" for one in built):
            what = f"{number} resources of google-native are not judged"
            gaps.append(_gap(file, GapReason.UNREACHABLE, what, number))
    return tuple(found), tuple(gaps)


def _stores(built: Sequence[Built]) -> Iterator[DeclaredStore]:
    """By the maps of the language that each provider is made from."""
    from scanner.declared.pulumi import amazon, azure, classic

    if found := [one for one in built if one.package in classic.CLOUDS]:
        yield from classic.stores(found)
    if found := [one for one in built if one.package == "aws-native"]:
        yield from amazon.stores(found)
    if found := [one for one in built if one.package == "azure-native"]:
        yield from azure.stores(found)


def _gap(file: str, reason: GapReason, detail: str, count: int = 1) -> Gap:
    return Gap(
        file, Stage.READ, reason, detail, Place((("object", file),)), "make the file anew", count=count
    )
