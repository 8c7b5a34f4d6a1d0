"""Plan files (`terraform show -json`) and states to resources.

Formats: https://developer.hashicorp.com/terraform/internals/json-format and the state's
version 4. A value that the plan marks as known only after apply is Unknown.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from scanner.declared.model import Location, Resource, Unknown
from scanner.declared.terraform.syntax import json_fault
from scanner.declared.terraform.values import Ref
from scanner.declared.textlines import TextLines
from scanner.model import Gap, GapReason, Place, Stage


def resources(folder: Path, path: str, gaps: list[Gap]) -> Iterator[Resource]:
    """The resources of one plan or state file; nothing for a file that is neither."""
    place = Place((("object", path),))
    try:
        source = (folder / path).read_bytes()
    except OSError:
        gaps.append(Gap("repository", Stage.ENUMERATE, GapReason.DENIED, "the file cannot be read", place))
        return
    text = source.decode("utf-8-sig", "replace")
    try:
        yield from list(_resources(json.loads(text), path, TextLines(text)))
        return
    except json.JSONDecodeError as error:
        line, expected = json_fault(source, error)
        detail = f"line {line}: {expected}"
    except (AttributeError, KeyError, TypeError, RecursionError):
        detail = "expected a plan or a state as Terraform writes it"
    gaps.append(Gap("repository", Stage.ENUMERATE, GapReason.CORRUPT, detail, place))


def _resources(data: Any, path: str, lines: TextLines) -> Iterator[Resource]:
    """Of a plan or a state. What is of another shape than theirs raises what reading it raises."""
    if not isinstance(data, dict):
        return
    if isinstance(data.get("planned_values"), dict):
        links = _links(data.get("configuration", {}).get("root_module", {}), "")
        pending = {
            c.get("address"): c.get("change", {}).get("after_unknown")
            for c in data.get("resource_changes", [])
        }
        yield from _planned(data["planned_values"].get("root_module", {}), path, lines, links, pending)
    elif isinstance(data.get("values"), dict):
        yield from _planned(data["values"].get("root_module", {}), path, lines, {}, {})
    elif isinstance(data.get("resources"), list):
        yield from _state(data["resources"], path, lines)


def _planned(
    module: Mapping[str, Any], path: str, lines: TextLines, links: Mapping[str, Mapping[str, str]],
    pending: Mapping[str, Any],
) -> Iterator[Resource]:  # fmt: skip
    prefix = f"{module['address']}." if module.get("address") else ""
    for one in module.get("resources", []):
        if one.get("mode") != "managed":
            continue
        address = one["address"]
        values = _pending(one.get("values") or {}, pending.get(address))
        for name, target in links.get(_plain(address), {}).items():
            if values.get(name) is None or isinstance(values.get(name), Unknown):
                values[name] = Ref("computed after apply", prefix + target)
        yield Resource(address, one["type"], values, Location(path, lines.of(address)))
    for child in module.get("child_modules", []):
        yield from _planned(child, path, lines, links, pending)


def _pending(values: Any, unknown: Any) -> Any:
    """The values, with Unknown where the plan says that they come after apply."""
    if unknown is True:
        return Unknown("computed after apply")
    if isinstance(unknown, dict) and isinstance(values, dict):
        return {k: _pending(values.get(k), unknown.get(k)) for k in {**values, **unknown}}
    if isinstance(unknown, list) and isinstance(values, list):
        return [_pending(v, unknown[i] if i < len(unknown) else None) for i, v in enumerate(values)]
    return values


def _plain(address: str) -> str:
    """An address without instance keys."""
    out, depth = "", 0
    for char in address:
        depth += (char == "[") - (char == "]")
        out += char if depth == 0 and char != "]" else ""
    return out


def _links(module: Mapping[str, Any], prefix: str) -> dict[str, dict[str, str]]:
    """By resource, which attribute refers to which other resource."""
    out: dict[str, dict[str, str]] = {}
    for one in module.get("resources", []):
        found = {}
        for name, expression in (one.get("expressions") or {}).items():
            references = expression.get("references") if isinstance(expression, dict) else None
            target = next((r for r in references or [] if r.count(".") == 1), None)
            if target and not target.startswith(("var.", "local.", "module.", "data.", "each.", "count.")):
                found[name] = target
        out[f"{prefix}{one.get('address')}"] = found
    for name, call in (module.get("module_calls") or {}).items():
        out |= _links(call.get("module", {}), f"{prefix}module.{name}.")
    return out


def _state(listed: list[Any], path: str, lines: TextLines) -> Iterator[Resource]:
    for one in listed:
        if one.get("mode") != "managed":
            continue
        base = ".".join(part for part in (one.get("module", ""), one["type"], one["name"]) if part)
        for instance in one.get("instances", []):
            key = instance.get("index_key")
            suffix = "" if key is None else f"[{json.dumps(key)}]"
            values = dict(instance.get("attributes") or {})
            yield Resource(base + suffix, one["type"], values, Location(path, lines.of(one["name"])))
