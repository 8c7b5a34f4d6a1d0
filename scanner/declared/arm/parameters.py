"""Values that a parameter file gives a template: `.bicepparam`, and `NAME.parameters.json` beside it.

Where several files serve one template (one for each environment), a value counts only if all agree.
"""

from __future__ import annotations

import functools
import posixpath
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from scanner.declared.arm.bicep import read_bicep
from scanner.declared.arm.evaluate import Evaluator
from scanner.declared.arm.nodes import Shown
from scanner.declared.located import Broken, read_json
from scanner.declared.model import Unknown

_USING = re.compile(r"^\s*using\s+'([^']+)'", re.M)
_LARGEST = 1024 * 1024


def given_to(folder: Path, file: str) -> dict[str, Any]:
    """Parameters of the template `file` as the files beside it set them; empty where there is none."""
    sets = list(_sets(folder, file))
    if not sets:
        return {}
    out: dict[str, Any] = {}
    for name in {name for one in sets for name in one}:
        values = [one[name] for one in sets if name in one]
        same = len(values) == len(sets) and all(value == values[0] for value in values)
        out[name] = values[0] if same else Shown(f"parameter files differ on {name}", f"${{{name}}}")
    return out


def _sets(folder: Path, file: str) -> Iterator[dict[str, Any]]:
    place, name = posixpath.split(file)
    stem = name.rpartition(".")[0]
    for other in _names(folder / place):
        if other.endswith(".bicepparam"):
            text = _text(folder / place / other)
            using = _USING.search(text) if text else None
            if text and using and posixpath.normpath(posixpath.join(place, using[1])) == file:
                yield _bicep(text)
        elif other.startswith(f"{stem}.parameters") and other.endswith(".json"):
            text = _text(folder / place / other)
            found = _json(text) if text else None
            if found is not None:
                yield found


@functools.lru_cache(maxsize=64)
def _names(folder: Path) -> tuple[str, ...]:
    try:
        return tuple(sorted(p.name for p in folder.iterdir() if p.suffix in (".bicepparam", ".json")))
    except OSError:
        return ()


def _text(path: Path) -> str | None:
    try:
        if path.stat().st_size > _LARGEST:
            return None
        return path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None


def _bicep(text: str) -> dict[str, Any]:
    declarations, _ = read_bicep(text)
    bodies = {d.name: d.body for d in declarations if d.keyword in ("param", "var")}

    def find(name: str) -> Any:
        body = bodies.get(name)
        return Unknown(f"{name} is not set in the parameter file") if body is None else evaluator.value(body)

    evaluator = Evaluator(find, find, find)
    return {d.name: find(d.name) for d in declarations if d.keyword == "param" and d.body is not None}


def _json(text: str) -> dict[str, Any] | None:
    try:
        tree = read_json(text)
    except Broken:
        return None
    values = tree.get("parameters") if isinstance(tree, Mapping) else None
    if not isinstance(values, Mapping):
        return None
    out: dict[str, Any] = {}
    for name, one in values.items():
        if isinstance(one, Mapping) and "value" in one:
            out[name] = one["value"]
        elif isinstance(one, Mapping) and "reference" in one:
            out[name] = Shown(f"parameter {name} comes from a vault", f"${{{name}}}")
    return out
