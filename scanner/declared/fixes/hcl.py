"""Fixes in HCL: attributes and blocks put into a resource, or resources of their own beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scanner.declared.fixes import Edit, Fix, together
from scanner.declared.fixes.regions import Region, closing, indented, inner_margin, setting
from scanner.declared.model import DeclaredStore

_NAME = re.compile(r"^([\w-]+)\s*(=|\{|\")")
_RESOURCE = re.compile(r'^resource "([\w-]+)"')
_REPEATED = ("database_flags", "lifecycle_rule", "rule", "statement")
"""Blocks of which there may be several: another one is added, none is replaced."""
_SELF = "{self}"


def alone(template: Mapping[str, Any], resource_type: str, label: str) -> str:
    """The lines by themselves, attributes in the block of their resource."""
    names = (label, f"{resource_type}.{label}")
    out: list[str] = []
    if "inside" in template:
        body = _within(template, _named(template["inside"], *names))
        out += [f'resource "{resource_type}" "{label}" {{', *indented(body, "  "), "}"]
    if "beside" in template:
        out += [*([""] if out else []), *_named(template["beside"], *names)]
    return "\n".join(out) + "\n"


def fitted(store: DeclaredStore, template: Mapping[str, Any], text: Sequence[str]) -> Fix | None:
    """The lines for one resource as it stands in `text`; None where it is made by a foreign module."""
    own = _own_address(store)
    if own is None:
        return None
    label, reference = own
    region = Region(store.location.line, max(store.location.line, store.location.end_line))
    if "inside" in template:
        body = _named(template["inside"], label, reference)
        inside = _inside(store.location.file, store.address, region, template.get("within", ""), body, text)
        if "beside" not in template:
            return inside
        return together([inside, _beside(store, region, _named(template["beside"], label, reference))])
    present = template.get("present")
    if any(part.type == present for part in store.parts):
        body = _named(template["instead"], label, reference)
        where = next(part.address for part in store.parts if part.type == present)
        return Fix(tuple(body), store.location.file, f"in the policy of {where}")
    body = _named(template["beside"], label, reference)
    existing = _existing(store, body, reference, text)
    if existing is not None:
        return existing
    return _beside(store, region, body)


def _beside(store: DeclaredStore, region: Region, body: Sequence[str]) -> Fix:
    edit = Edit(region.last, region.last, ("", *body))
    return Fix(tuple(body), store.location.file, f"below {store.address}", (edit,))


def _own_address(store: DeclaredStore) -> tuple[str, str] | None:
    """(label, reference) of a resource; None where the address is that of a module."""
    match = re.search(rf"(?:^|\.){re.escape(store.type)}\.([\w-]+)(\[.*\])?$", store.address)
    return (match[1], f"{store.type}.{match[1]}{match[2] or ''}") if match else None


def _named(lines: str, label: str, reference: str) -> list[str]:
    return lines.replace(_SELF, reference).replace("{label}", label).rstrip("\n").split("\n")


def _within(template: Mapping[str, Any], body: Sequence[str]) -> Sequence[str]:
    name = template.get("within")
    return [f"{name} {{", *indented(body, "  "), "}"] if name else body


def _existing(store: DeclaredStore, body: Sequence[str], reference: str, text: Sequence[str]) -> Fix | None:
    """What a satellite that is there already lacks."""
    for chunk in _chunks(body):
        match = _RESOURCE.match(chunk[0])
        part = next((p for p in store.parts if match and p.type == match[1]), None)
        if part is None or part.location.file != store.location.file:
            continue
        inner = [line[2:] for line in chunk[1:-1] if f" {reference}." not in line]
        while inner and not inner[0]:
            inner.pop(0)
        region = Region(part.location.line, max(part.location.line, part.location.end_line))
        return _inside(part.location.file, part.address, region, "", inner, text)
    return None


def _inside(
    file: str, address: str, region: Region, within: str, body: Sequence[str], text: Sequence[str]
) -> Fix:
    shown: Sequence[str] = body
    place = f"in {address}"
    if within:
        shown = _within({"within": within}, body)
        body = shown
    if region.last > len(text) or region.flat or closing(text, region.first) != region.last:
        return Fix(tuple(shown), file, place)
    edits = tuple(_edits(region, body, text))
    replaced = sorted(n for edit in edits for n in range(edit.after + 1, edit.until + 1))
    if replaced:
        place += f", in place of line {replaced[0]}" + (f" to {replaced[-1]}" if len(replaced) > 1 else "")
    return Fix(_shown(edits, shown), file, place, edits)


def inside(file: str, address: str, region: Region, body: Sequence[str], text: Sequence[str]) -> Fix:
    """Attributes and blocks put into a resource, in place of those of the same names."""
    return _inside(file, address, region, "", body, text)


def _shown(edits: Sequence[Edit], whole: Sequence[str]) -> tuple[str, ...]:
    """What the edits add, moved to the margin; the whole where that would tear blocks apart."""
    added = [line for edit in edits for line in edit.lines if line.strip()]
    margins = {len(line) - len(line.lstrip()) for line in added if not line.lstrip().startswith("}")}
    return tuple(line.strip() for line in added) if len(margins) == 1 else tuple(whole)


def _edits(region: Region, body: Sequence[str], text: Sequence[str]) -> Iterator[Edit]:
    """Each attribute or block: in place of the one there is, else at the end of the region."""
    by = inner_margin(text, region)
    for chunk in _chunks(body):
        match = _NAME.match(chunk[0])
        assert match is not None  # the data is tested to consist of attributes and blocks
        name = re.compile(rf"^\s*{match[1]}\s*(=|\{{|\")")
        there = setting(text, region, name) if match[1] not in _REPEATED else None
        if there is None:
            yield Edit(region.last - 1, region.last - 1, indented(chunk, by))
        elif len(chunk) > 1 and not there.flat:
            yield from _edits(there, [line[2:] for line in chunk[1:-1]], text)
        elif len(chunk) > 1 or text[there.first - 1].split() != chunk[0].split():
            yield Edit(there.first - 1, there.last, indented(chunk, by))


def _chunks(body: Sequence[str]) -> Iterator[list[str]]:
    """Attributes and blocks, each with all its lines."""
    number = 1
    while number <= len(body):
        if not body[number - 1].strip():
            number += 1
            continue
        end = closing(body, number)
        yield list(body[number - 1 : end])
        number = end + 1
