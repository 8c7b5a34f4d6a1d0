"""Change a package: add parts, relationships, content types; replace text in a part."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def patched(
    data: bytes,
    add: Mapping[str, str | bytes] | None = None,
    change: Mapping[str, Callable[[str], str]] | None = None,
    relate: Mapping[str, list[tuple[str, str]]] | None = None,
    types: Mapping[str, str] | None = None,
) -> bytes:
    """`relate`: part to [(relationship kind, target)]; `types`: part to content type."""
    parts: dict[str, bytes] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    for name, made in (add or {}).items():
        parts[name] = made.encode() if isinstance(made, str) else made
    for name, function in (change or {}).items():
        before = parts[name].decode()
        after = function(before)
        assert after != before, f"nothing changed in {name}"
        parts[name] = after.encode()
    for part, relations in (relate or {}).items():
        folder, _, last = part.rpartition("/")
        rels = f"{folder}/_rels/{last}.rels" if folder else f"_rels/{last}.rels"
        text = parts.get(rels, f'<Relationships xmlns="{RELS}"></Relationships>'.encode()).decode()
        if text.rstrip().endswith("/>"):
            text = text.rstrip()[:-2] + "></Relationships>"
        for number, (kind, target) in enumerate(relations, 900):
            mode = ' TargetMode="External"' if "://" in target else ""
            whole = kind if "://" in kind else f"{OFFICE}/{kind}"
            entry = f'<Relationship Id="rId{number}" Type="{whole}" Target="{target}"{mode}/>'
            text = text.replace("</Relationships>", entry + "</Relationships>")
        parts[rels] = text.encode()
    if types:
        text = parts["[Content_Types].xml"].decode()
        for part, kind in types.items():
            entry = f'<Override PartName="/{part}" ContentType="{kind}"/>'
            text = text.replace("</Types>", entry + "</Types>")
        parts["[Content_Types].xml"] = text.encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, made in parts.items():
            target.writestr(name, made)
    return out.getvalue()
