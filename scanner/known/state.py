"""Terraform state beside the code: which live resource an address stands for.

Only what names a resource is taken out of a state (its id, ARN, endpoint); a state holds passwords too.
Format: state version 4, as Terraform and OpenTofu write it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from scanner.known import handles

_NAMING = ("arn", "id", "bucket", "self_link", "endpoint", "fqdn", "identifier", "cluster_identifier", "name")
_LARGEST = 50_000_000


class States:
    """The states among a folder's files, read when the first address is looked up."""

    def __init__(self, folder: Path | None) -> None:
        """`folder`: where the code is; None for none."""
        self._folder = folder or Path()
        self._known: dict[str, dict[str, frozenset[str]]] | None = {} if folder is None else None

    def handles(self, file: str, address: str) -> frozenset[str]:
        """Handles of the resource at an address, by the state nearest to the file that declares it.

        Empty where no state has it, or where states that are equally near disagree.
        """
        if self._known is None:
            self._known = {name: dict(self._read(name)) for name in self._files()}
        having = [name for name, known in self._known.items() if address in known]
        if not having:
            return frozenset()
        nearest = max(_shared(name, file) for name in having)
        found = {self._known[name][address] for name in having if _shared(name, file) == nearest}
        return found.pop() if len(found) == 1 else frozenset()

    def _files(self) -> Iterable[str]:
        for here, folders, files in os.walk(self._folder):
            folders[:] = [name for name in folders if name not in (".terraform", ".git", "node_modules")]
            for name in files:
                if name.endswith(".tfstate"):
                    yield Path(here, name).relative_to(self._folder).as_posix()

    def _read(self, name: str) -> Iterable[tuple[str, frozenset[str]]]:
        path = self._folder / name
        try:
            if path.stat().st_size > _LARGEST:
                return
            state = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError, RecursionError):
            return  # told by the front end, which reads it too
        resources = state.get("resources") if isinstance(state, dict) else None
        for one in resources if isinstance(resources, list) else ():
            if isinstance(one, dict) and one.get("mode") == "managed":
                yield from _instances(one)


def _instances(one: Mapping[str, Any]) -> Iterable[tuple[str, frozenset[str]]]:
    kind = str(one.get("type", ""))
    base = ".".join(part for part in (str(one.get("module") or ""), kind, str(one.get("name", ""))) if part)
    instances = one.get("instances")
    for instance in instances if isinstance(instances, list) else ():
        attributes = instance.get("attributes") if isinstance(instance, dict) else None
        if not isinstance(attributes, dict):
            continue
        key = instance.get("index_key")
        suffix = "" if key is None else f"[{json.dumps(key)}]"
        names = [value for name in _NAMING if isinstance(value := attributes.get(name), str) and value]
        # An `id` may be a name (a bucket's) or a whole path: each form is tried.
        yield base + suffix, handles.of_names(names) | handles.of_type(kind, names)


def _shared(one: str, other: str) -> int:
    """Folders that two paths have in common."""
    folders = [path.split("/")[:-1] for path in (one, other)]
    count = 0
    for left, right in zip(*folders, strict=False):
        if left != right:
            break
        count += 1
    return count
