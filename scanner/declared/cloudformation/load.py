"""A file to templates, a template to resources: SAM globals merged, local nested stacks entered."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from scanner.declared.cloudformation.look import AwsLook, Peers
from scanner.declared.cloudformation.loops import repeated
from scanner.declared.cloudformation.values import Values, tagged
from scanner.declared.located import Block, Broken, line_paths, read_json, read_yaml
from scanner.declared.model import Location, Resource

LARGEST = 8 * 1024 * 1024
"""Bytes of a template read; CloudFormation itself takes 1 MB."""
_SAM = {"AWS::Serverless::SimpleTable": "AWS::DynamoDB::Table"}
_DEEPEST_STACK = 5


def read(text: str) -> list[Any]:
    """The documents of a template file. Raises `Broken`."""
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        return [read_json(text)]
    return read_yaml(text, tagged)


def looks(
    folder: Path,
    file: str,
    template: Any,
    *,
    prefix: str = "",
    given: Mapping[str, Any] | None = None,
    depth: int = 0,
) -> Iterator[Peers]:
    """The resources of a template and of local nested stacks, one mapping by logical id for each."""
    if not isinstance(template, Block) or not isinstance(template.get("Resources"), Block):
        return
    values = Values(template, given)
    found = Peers()
    resources = repeated(template["Resources"], values)
    nested: list[tuple[str, str, dict[str, Any]]] = []
    for name, node in resources.items():
        if not isinstance(node, Block) or not isinstance(node.get("Type"), str):
            continue
        raw = node.get("Properties")
        raw = raw if isinstance(raw, Block) else Block(node.line)
        kind = node["Type"]
        if kind.startswith("AWS::Serverless::"):
            raw = _with_globals(template, kind, raw)
            kind = _SAM.get(kind, kind)
        attributes = values.value(raw)
        attributes = attributes if isinstance(attributes, dict) else {}
        if kind in ("AWS::CloudFormation::Stack", "AWS::Serverless::Application"):
            place = attributes.get("TemplateURL", attributes.get("Location"))
            parameters = attributes.get("Parameters")
            if isinstance(place, str) and depth < _DEEPEST_STACK:
                nested.append((name, place, parameters if isinstance(parameters, dict) else {}))
        line = resources.lines.get(name, node.line)
        lines = line_paths(raw)
        found[name] = AwsLook(
            Resource(
                prefix + name,
                kind,
                attributes,
                Location(file, line, max([line, *lines.values()])),
                lines,
                {"deletion_policy": node.get("DeletionPolicy")},
            ),
            raw,
            values,
            found,
        )
    yield found
    for name, place, parameters in nested:
        inner = posixpath.normpath(posixpath.join(posixpath.dirname(file), place))
        if place.startswith(("http:", "https:", "s3:")) or inner.startswith(("..", "/")):
            continue
        text = read_text(folder / inner)
        if text is None:
            continue
        try:
            documents = read(text)
        except Broken:
            continue  # stated once, where the file itself is read
        for document in documents:
            yield from looks(
                folder, inner, document, prefix=f"{prefix}{name}.", given=parameters, depth=depth + 1
            )


def nested_in(file: str, template: Any) -> Iterator[str]:
    """Files that a template's stacks use: judged with the parameters they are given there."""
    resources = template.get("Resources") if isinstance(template, Block) else None
    for node in resources.values() if isinstance(resources, Block) else ():
        properties = node.get("Properties") if isinstance(node, Block) else None
        if not isinstance(properties, Block):
            continue
        if node.get("Type") in ("AWS::CloudFormation::Stack", "AWS::Serverless::Application"):
            place = properties.get("TemplateURL", properties.get("Location"))
            if isinstance(place, str) and "://" not in place:
                yield posixpath.normpath(posixpath.join(posixpath.dirname(file), place))


def read_text(path: Path) -> str | None:
    """The file's text; None if it is not there, too large or no text."""
    try:
        if path.stat().st_size > LARGEST:
            return None
        return path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None


def _with_globals(template: Block, kind: str, raw: Block) -> Block:
    block = template.get("Globals")
    own = block.get(kind.rpartition("::")[2]) if isinstance(block, Block) else None
    if not isinstance(own, Block):
        return raw
    merged = Block(raw.line)
    for source in (own, raw):
        merged.update(source)
        merged.lines.update(source.lines)
    return merged
