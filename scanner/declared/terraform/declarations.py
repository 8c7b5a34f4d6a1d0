"""What the files of one folder declare, by kind and name; override files replace what they name.

Merging: "Override Files", Terraform's language documentation.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable

from scanner.declared.terraform.syntax import Block, Expression


class Declarations:
    """The blocks of a folder, sorted."""

    def __init__(self, blocks: Iterable[Block]) -> None:
        self.variables: dict[str, Block] = {}
        self.locals: dict[str, Expression] = {}
        self.outputs: dict[str, Block] = {}
        self.calls: dict[str, Block] = {}
        self.made: list[Block] = []
        self.by_name: dict[tuple[str, str], Block] = {}
        self.data: dict[tuple[str, str], Block] = {}
        self.provider_blocks: list[Block] = []
        for whole in sorted(blocks, key=lambda one: _overrides(one.file)):
            for block in whole.blocks:
                (self._override if _overrides(whole.file) else self._sort)(block)

    def _sort(self, block: Block) -> None:
        kind, labels = block.type, block.labels
        if kind == "locals":
            self.locals |= block.attributes
        elif kind == "resource" and len(labels) == 2:
            self.made.append(block)
            self.by_name.setdefault((labels[0], labels[1]), block)
        elif kind == "data" and len(labels) == 2:
            self.data[labels[0], labels[1]] = block
        elif kind == "provider" and labels:
            self.provider_blocks.append(block)
        elif (
            labels
            and (into := {"variable": self.variables, "output": self.outputs, "module": self.calls}.get(kind))
            is not None
        ):
            into[labels[0]] = block

    def _override(self, block: Block) -> None:
        """What an override file says replaces what the block that it names says, argument by argument."""
        kind, labels = block.type, block.labels
        there: Block | None = None
        if len(labels) == 2:
            there = {"resource": self.by_name, "data": self.data}.get(kind, {}).get((labels[0], labels[1]))
        elif len(labels) == 1:
            groups = {"variable": self.variables, "output": self.outputs, "module": self.calls}
            there = groups.get(kind, {}).get(labels[0])
        if there is None:
            self._sort(block)
            return
        there.attributes |= block.attributes
        replaced = {inner.type for inner in block.blocks}
        there.blocks = [inner for inner in there.blocks if inner.type not in replaced] + block.blocks


def _overrides(file: str) -> bool:
    name = posixpath.basename(file).partition(".")[0]
    return name == "override" or name.endswith("_override")
