"""A file to manifests: documents, lists taken apart, and where everything stands."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from scanner.declared.located import Block, Broken, line_paths, read_json, read_yaml
from scanner.declared.model import Location, Resource
from scanner.declared.stating import MISSING, Look

LARGEST = 8 * 1024 * 1024


class Unrendered(Exception):
    """The file is a template (`{{ … }}`), not a manifest."""


@dataclasses.dataclass(frozen=True, slots=True)
class Manifest:
    """One object as it would be sent to a cluster."""

    kind: str
    group: str
    """API group: `apps`, `postgresql.cnpg.io`; empty for the core."""
    name: str
    namespace: str
    """Empty where the manifest leaves it to whoever applies it."""
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    look: Look

    @property
    def file(self) -> str:
        return self.look.resource.location.file

    @property
    def folder(self) -> str:
        return self.file.rpartition("/")[0]

    @property
    def tags(self) -> dict[str, str]:
        """Labels and annotations, without the domain before a key (`gov.uk/data-classification`)."""
        return {
            key.rpartition("/")[2]: value for key, value in (*self.annotations.items(), *self.labels.items())
        }

    def get(self, path: str) -> Any:
        return self.look.get(path)

    def items(self, path: str) -> list[tuple[str, Any]]:
        """(path, item) of a list; nothing for anything else."""
        value = self.look.get(path)
        return [(f"{path}.{n}", item) for n, item in enumerate(value)] if isinstance(value, list) else []


def manifests(path: Path, file: str) -> list[Manifest]:
    """The objects of a file. Raises `Broken`, `Unrendered`, OSError, UnicodeDecodeError."""
    data = path.read_bytes()
    if len(data) > LARGEST:
        raise Broken(1, 1, f"expected a manifest of at most {LARGEST // 1024 // 1024} MB")
    text = data.decode("utf-8-sig")
    template = re.search(r"\{\{[^{}]*\}\}", text) is not None
    if template and re.search(r"(?:^|/)templates/", file):
        raise Unrendered
    try:
        documents = [read_json(text)] if text.lstrip().startswith("{") else read_yaml(text, _tagged)
    except Broken:
        if template:
            raise Unrendered from None
        raise
    return [made for document in documents for made in _manifests(document, file)]


def _tagged(_: str, value: Any) -> Any:
    return value


def _manifests(document: Any, file: str) -> Iterator[Manifest]:
    if not isinstance(document, Block) or not isinstance(document.get("kind"), str):
        return
    if document["kind"].endswith("List") and isinstance(document.get("items"), list):
        for item in document["items"]:
            yield from _manifests(item, file)
        return
    about = document.get("metadata")
    about = about if isinstance(about, Block) else Block(document.line)
    name = str(about.get("name") or about.get("generateName") or "")
    kind = document["kind"]
    lines = line_paths(document)
    location = Location(file, document.line, max([document.line, *lines.values()]))
    resource = Resource(f"{kind}/{name}", kind, document, location, lines)
    version = str(document.get("apiVersion", ""))
    yield Manifest(
        kind, version.rpartition("/")[0], name, str(about.get("namespace") or ""),
        _words(about.get("labels")), _words(about.get("annotations")), Look(resource, raw=document),
    )  # fmt: skip


def _words(value: Any) -> dict[str, str]:
    return {str(k): _word(v) for k, v in value.items()} if isinstance(value, Mapping) else {}


def _word(value: Any) -> str:
    """As YAML's reader writes it: labels such as `true` are texts."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def is_set(value: Any) -> bool:
    """Whether something is declared there at all."""
    return value is not MISSING and value not in ("", [], {})
