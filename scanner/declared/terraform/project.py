"""The files under one folder: parsed once, modules found, and the gaps met."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scanner.declared.model import Unknown
from scanner.declared.terraform.syntax import TOO_DEEP, Block, Expression, SyntaxFault, json_fault, parse
from scanner.model import Gap, GapReason, Place, Stage

CODE = (".tf", ".tofu", ".tf.json", ".tofu.json")
_LARGEST = 20_000_000


class Project:
    """The files under one folder, parsed once, and the gaps met."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folders: dict[str, list[Block]] = {}
        self.gaps: list[Gap] = []
        self._parsed: dict[str, Block | None] = {}
        self._installed: dict[str, Mapping[str, str]] = {}

    def parsed(self, path: str) -> Block | None:
        if path not in self._parsed:
            self._parsed[path] = self._parse(path)
        return self._parsed[path]

    def _parse(self, path: str) -> Block | None:
        try:
            return parse((self.root / path).read_bytes(), path)
        except SyntaxFault as fault:
            self.gap(path, GapReason.CORRUPT, f"line {fault.line}: {fault.expected}")
        except OSError:
            self.gap(path, GapReason.DENIED, "the file cannot be read")
        return None

    def json(self, path: str) -> Any:
        """A file of JSON values; None with a gap where it is none."""
        try:
            source = (self.root / path).read_bytes()
        except OSError:
            self.gap(path, GapReason.DENIED, "the file cannot be read")
            return None
        try:
            return json.loads(source)
        except ValueError as error:
            line, expected = json_fault(source, error)
            self.gap(path, GapReason.CORRUPT, f"line {line}: {expected}")
            return None
        except RecursionError:
            self.gap(path, GapReason.CORRUPT, f"line 1: {TOO_DEEP}")
            return None

    def gap(self, path: str, reason: GapReason, detail: str, remedy: str = "") -> None:
        place = Place((("object", path),))
        self.gaps.append(Gap("repository", Stage.ENUMERATE, reason, detail, place, remedy))

    def blocks(self, place: str) -> list[Block]:
        if place not in self.folders:
            try:
                names = sorted(p.name for p in (self.root / place).iterdir() if p.name.endswith(CODE))
            except OSError:
                names = []
            parsed = (self.parsed(posixpath.join(place, name)) for name in names)
            self.folders[place] = [block for block in parsed if block is not None]
        return self.folders[place]

    def called(self) -> set[str]:
        """Folders that another folder uses as a module: they are judged through their callers."""
        out = set()
        for place, blocks in self.folders.items():
            for block in blocks:
                for module in block.of("module"):
                    source = literal(module.attributes.get("source"))
                    target = self.local(place, source)
                    if target is not None and target != place:
                        out.add(target)
        return out

    def local(self, place: str, source: Any) -> str | None:
        """The folder of a local module source, if it lies under the root."""
        if not isinstance(source, str) or not source.startswith(("./", "../")):
            return None
        target = posixpath.normpath(posixpath.join(place, source))
        target = "" if target == "." else target
        if target.startswith("../") or target == "..":
            return None
        return target if (self.root / target).is_dir() else None

    def installed(self, place: str, key: str) -> str | None:
        """The folder of a module that `terraform init` has downloaded."""
        if place not in self._installed:
            found: dict[str, str] = {}
            try:
                listing = json.loads((self.root / place / ".terraform/modules/modules.json").read_bytes())
                found = {
                    m["Key"]: posixpath.normpath(posixpath.join(place, m["Dir"])) for m in listing["Modules"]
                }
            except (OSError, ValueError, KeyError, TypeError):
                pass
            self._installed[place] = found
        target = self._installed[place].get(key)
        return target if target is not None and (self.root / target).is_dir() else None

    def text(self, place: str, path: str) -> Any:
        target = (self.root / place / path).resolve()
        if not target.is_relative_to(self.root.resolve()):
            return Unknown("file outside the folder checked")
        try:
            return (
                target.read_text("utf-8") if target.stat().st_size < _LARGEST else Unknown("file too large")
            )
        except (OSError, UnicodeDecodeError):
            return Unknown("file that is not there")


def literal(expression: Expression | None) -> Any:
    if expression is None:
        return None
    if isinstance(expression.node, str):
        return expression.node
    try:
        text = (expression.node.text or b"").decode("utf-8", "replace")
    except AttributeError:
        return None
    return text.strip('"') if text.startswith('"') and "${" not in text else None
