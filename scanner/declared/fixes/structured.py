"""Fixes in CloudFormation (YAML, JSON), ARM templates and Bicep."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scanner.declared.fixes import Edit, Fix, together
from scanner.declared.fixes.regions import (
    Region,
    closing,
    indented,
    indented_end,
    inner_margin,
    margin,
    setting,
    yaml_key,
)
from scanner.declared.fixes.values import as_bicep, as_json, as_yaml
from scanner.declared.model import DeclaredStore, Location


def fitted(store: DeclaredStore, template: Mapping[str, Any], text: Sequence[str]) -> Fix | None:
    """The lines for one resource as it stands in `text`."""
    language = _language(store.location.file, text)
    at, address = store.location, store.address
    key = "Properties" if store.type.startswith("AWS::") else "properties"
    if "bicep" in template:
        return _written(language, store, template, text)
    if "properties" in template:
        wanted = _named(template["properties"], address.rpartition(".")[2])
        inside = _properties(language, key, at, address, wanted, text)
        if "resource" not in template:
            return inside
        return together([inside, _resource(language, store, template, False, text)])
    own = template.get("resource") or template["child"]
    present = template.get("present") or f"{store.type}/{own['type']}"
    part = next((p for p in store.parts if p.type.lower() == present.lower()), None)
    if "resource" in template:
        return _resource(language, store, template, part is not None, text)
    if part is not None and part.location.file == at.file:
        return _properties(language, key, part.location, part.address, own["properties"], text)
    return _child(language, store, own, text)


def _language(file: str, text: Sequence[str]) -> str:
    if file.lower().endswith(".bicep"):
        return "bicep"
    first = next((line.strip() for line in text if line.strip()), "")
    return "json" if file.lower().endswith((".json", ".jsonc")) or first.startswith("{") else "yaml"


_RENDER = {"json": as_json, "yaml": as_yaml, "bicep": as_bicep}


# --- properties of a resource -----------------------------------------------------


def _properties(
    language: str, key: str, at: Location, address: str, wanted: Mapping[str, Any], text: Sequence[str]
) -> Fix:
    made = _RENDER[language](wanted)
    edits: tuple[Edit, ...] = ()
    if 0 < at.line <= len(text):
        edits = tuple(_yaml_edits(at.line, wanted, text) if language == "yaml" else
                      _braced_edits(language, at.line, key, wanted, text))  # fmt: skip
    replaced = sorted(n for edit in edits for n in range(edit.after + 1, edit.until + 1))
    place = f"in {address}, under {key}"
    if replaced:
        place += f", in place of line {replaced[0]}" + (f" to {replaced[-1]}" if len(replaced) > 1 else "")
    return Fix(tuple(made), at.file, place, edits)


def _yaml_edits(first: int, wanted: Mapping[str, Any], text: Sequence[str]) -> Iterator[Edit]:
    last = indented_end(text, first)
    if last == first:
        return  # all on one line
    top = yaml_key(text, first, last, "Properties")
    if top is None:
        by = " " * _step(text, first, last)
        yield Edit(last, last, indented(["Properties:", *indented(as_yaml(wanted), "  ")], by))
        return
    end = indented_end(text, top)
    if text[top - 1].split(":", 1)[1].strip():
        return  # `Properties: {…}`
    by = " " * (_step(text, top, end) if end > top else margin(text[top - 1]) + 2)
    for key, value in wanted.items():
        lines = indented(as_yaml({key: value}), by)
        there = yaml_key(text, top, end, key)
        if there is None:
            yield Edit(top, top, lines)
        else:
            yield Edit(there - 1, indented_end(text, there), lines)


def _step(text: Sequence[str], first: int, last: int) -> int:
    inside = (n for n in range(first + 1, last + 1) if text[n - 1].strip())
    return margin(text[next(inside) - 1])


def _braced_edits(
    language: str, first: int, key: str, wanted: Mapping[str, Any], text: Sequence[str]
) -> Iterator[Edit]:
    region = Region(first, closing(text, first))
    if region.flat:
        return
    there = setting(text, region, _key(language, key))
    render = _RENDER[language]
    if there is None:
        inner = inner_margin(text, region)
        opened, closed = (f'"{key}": {{', "},") if language == "json" else (f"{key}: {{", "}")
        block = [opened, *indented(render(wanted), "  "), closed]
        yield Edit(region.first, region.first, indented(block, inner))
        return
    if there.flat:
        return
    yield from _entries(language, there, wanted, text)


def _entries(language: str, region: Region, wanted: Mapping[str, Any], text: Sequence[str]) -> Iterator[Edit]:
    by = inner_margin(text, region)
    empty = not any(text[n - 1].strip() for n in range(region.first + 1, region.last))
    for number, (key, value) in enumerate(wanted.items()):
        there = setting(text, region, _key(language, key))
        if there is not None and isinstance(value, Mapping) and not there.flat:
            yield from _entries(language, there, value, text)
            continue
        lines = list(_RENDER[language]({key: value}))
        if language == "json":
            last = (
                text[there.last - 1].rstrip().endswith(",")
                if there
                else not empty or number < len(wanted) - 1
            )
            lines[-1] += "," if last else ""
        made = indented(lines, by)
        yield Edit(there.first - 1, there.last, made) if there else Edit(region.first, region.first, made)


def _key(language: str, key: str) -> re.Pattern[str]:
    quoted = f'"{re.escape(key)}"' if language == "json" else rf"'?{re.escape(key)}'?"
    return re.compile(rf"^\s*{quoted}\s*:", re.I)


def tags(store: DeclaredStore, wanted: Any, text: Sequence[str]) -> Fix:
    """Tags as a list of CloudFormation, or as an object of Azure."""
    language, at = _language(store.location.file, text), store.location
    if isinstance(wanted, list):
        fix = _properties(language, "Properties", at, store.address, {"Tags": wanted}, text)
        # A list that is there would lose what it holds.
        replaces = any(edit.until > edit.after for edit in fix.edits)
        return (
            dataclasses.replace(fix, edits=(), where=f"to the tags of {store.address}") if replaces else fix
        )
    lines = _RENDER[language]({"tags": wanted})
    edits = tuple(_braced_edits(language, at.line, "tags", wanted, text)) if 0 < at.line <= len(text) else ()
    return Fix(tuple(lines), at.file, f"in {store.address}", edits)


# --- resources of their own -------------------------------------------------------


def _named(value: Any, own: str) -> Any:
    if isinstance(value, str):
        return value.replace("{self}", own)
    if isinstance(value, Mapping):
        return {key: _named(item, own) for key, item in value.items()}
    return [_named(item, own) for item in value] if isinstance(value, list) else value


def _resource(
    language: str, store: DeclaredStore, template: Mapping[str, Any], present: bool, text: Sequence[str]
) -> Fix:
    """A resource of CloudFormation before the one that it is about."""
    name = store.address.rpartition(".")[2]
    body = _named(template["resource"], name)
    logical = f"{name}{body.pop('suffix')}"
    if present:
        statement = body["Properties"]["PolicyDocument"]["Statement"][0]
        return Fix(
            tuple(_RENDER[language](statement)),
            store.location.file,
            f"a further statement of the policy of {name}",
        )
    lines = _RENDER[language]({logical: body})
    edits: tuple[Edit, ...] = ()
    if 0 < store.location.line <= len(text):
        by = " " * margin(text[store.location.line - 1])
        put = [*lines[:-1], f"{lines[-1]},"] if language == "json" else lines
        whole = text[store.location.line - 1].lstrip().startswith(('"', name)) or language == "yaml"
        edits = (Edit(store.location.line - 1, store.location.line - 1, indented(put, by)),) if whole else ()
    return Fix(tuple(lines), store.location.file, f"beside {name}, under Resources", edits)


def _child(language: str, store: DeclaredStore, child: Mapping[str, Any], text: Sequence[str]) -> Fix:
    """A child of an Azure resource: below it in Bicep, among its `resources` in a template."""
    at = store.location
    if language == "bicep":
        symbol = store.address.rpartition(".")[2]
        body = as_bicep({"parent": "{parent}", "name": child["name"], "properties": child["properties"]})
        body[0] = f"parent: {symbol}"
        word = child["type"][:1].upper() + child["type"][1:]
        kind = f"{store.type}/{child['type']}@{child['version']}"
        lines = [f"resource {symbol}{word} '{kind}' = {{", *indented(body, "  "), "}"]
        last = max(at.line, at.end_line)
        return Fix(tuple(lines), at.file, f"below {symbol}", (Edit(last, last, ("", *lines)),))
    name = store.address
    written = name[1:-1] if name.startswith("[") else f"'{name}'"
    parts = (
        [f"split({written}, '/')[{n}]" for n in range(store.type.count("/"))]
        if store.type.count("/") > 1
        else [written]
    )
    body_json = {
        "type": child["type"],
        "apiVersion": child["version"],
        "name": child["name"],
        "dependsOn": [f"[resourceId('{store.type}', {', '.join(parts)})]"],
        "properties": child["properties"],
    }
    lines = ["{", *indented(as_json(body_json), "  "), "}"]
    return Fix(
        tuple(lines), at.file, f"in {name}, under resources", tuple(_array_edits(at.line, lines, text))
    )


def _written(language: str, store: DeclaredStore, template: Mapping[str, Any], text: Sequence[str]) -> Fix:
    """What is neither a property nor a child, as the data has it."""
    at, name = store.location, store.address
    words = template[language].replace("{self}", name.rpartition(".")[2])
    words = words.replace("{name}", name[1:-1] if name.startswith("[") else f"'{name}'")
    lines = words.rstrip("\n").split("\n")
    if language == "bicep":
        last = max(at.line, at.end_line)
        return Fix(tuple(lines), at.file, f"below {name}", (Edit(last, last, ("", *lines)),))
    return Fix(
        tuple(lines), at.file, f"in {name}, under resources", tuple(_array_edits(at.line, lines, text))
    )


def _array_edits(first: int, lines: Sequence[str], text: Sequence[str]) -> Iterator[Edit]:
    if not 0 < first <= len(text):
        return
    region = Region(first, closing(text, first))
    if region.flat:
        return
    there = setting(text, region, _key("json", "resources"))
    if there is None:
        block = ['"resources": [', *indented(lines, "  "), "],"]
        yield Edit(region.first, region.first, indented(block, inner_margin(text, region)))
    elif not there.flat:
        empty = not any(text[n - 1].strip() for n in range(there.first + 1, there.last))
        put = list(lines) if empty else [*lines[:-1], "},"]
        yield Edit(there.first, there.first, indented(put, inner_margin(text, there)))
