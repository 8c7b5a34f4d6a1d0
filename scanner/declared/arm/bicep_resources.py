"""Bicep declarations to resources of the same shape as ARM's: children, parents, modules, loops once."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from scanner.declared.arm.bicep import Declaration, read_bicep
from scanner.declared.arm.evaluate import Evaluator, shown
from scanner.declared.arm.nodes import Array, Choice, Literal, Loop, Object, Shown
from scanner.declared.model import Location, Resource, Unknown

_DEEPEST = 6
"""Modules within modules."""

Reader = Callable[[str], str | None]
"""A file's text by its path in the folder, None if it is not there."""


class _File:
    """The names of one Bicep file."""

    def __init__(self, declarations: list[Declaration], given: Mapping[str, Any]) -> None:
        self._named = {d.name: d for d in _all(declarations) if d.keyword != "output"}
        self._given = given
        self._busy: set[str] = set()
        self.evaluator = Evaluator(self.find, self.find, self.find)

    def find(self, name: str) -> Any:
        declared = self._named.get(name)
        if declared is None:
            return Shown("it refers to something this file does not declare", f"${{{name}}}")
        if declared.keyword in ("resource", "module"):
            what = "another resource" if declared.keyword == "resource" else "a module"
            return Shown(f"what {what} says is known at deployment", f"${{{name}}}", name)
        if declared.keyword == "param" and name in self._given:
            return self._given[name]
        if declared.body is None:
            return Shown(f"parameter {name} has no default", f"${{{name}}}")
        if name in self._busy:
            return Unknown("it is defined by itself")
        self._busy.add(name)
        try:
            return self.evaluator.value(declared.body)
        finally:
            self._busy.discard(name)

    def secure(self, name: str) -> bool:
        declared = self._named.get(name)
        return declared is not None and any(d.rpartition(".")[2] == "secure" for d in declared.decorators)

    def default(self, name: str) -> Any:
        declared = self._named.get(name)
        return declared.body if declared is not None else None


def resources(
    declarations: list[Declaration],
    file: str,
    read: Reader,
    given: Mapping[str, Any] | None = None,
    prefix: str = "",
    depth: int = 0,
) -> Iterator[Resource]:
    """The resources of a file and of the local modules it uses."""
    names = _File(declarations, given or {})
    for declaration in declarations:
        if declaration.keyword == "param" and declaration.body is not None and names.secure(declaration.name):
            default = declaration.body.value if isinstance(declaration.body, Literal) else "[expression]"
            at = Location(file, declaration.line)
            attributes = {"default": default}
            yield Resource(
                prefix + declaration.name, "secureString", attributes, at, {}, {"name": declaration.name}
            )
        elif declaration.keyword == "resource":
            yield from _resource(declaration, names, file, prefix, None)
        elif declaration.keyword == "module" and depth < _DEEPEST:
            yield from _module(declaration, names, file, read, prefix, depth)


def modules(declarations: list[Declaration], file: str) -> Iterator[str]:
    """Local files that a file uses as modules."""
    for declaration in declarations:
        if declaration.keyword == "module" and ":" not in declaration.type:
            yield posixpath.normpath(posixpath.join(posixpath.dirname(file), declaration.type))


def _module(
    declaration: Declaration, names: _File, file: str, read: Reader, prefix: str, depth: int
) -> Iterator[Resource]:
    path = next(modules([declaration], file), None)
    text = read(path) if path is not None and path.endswith(".bicep") else None
    if path is None or text is None:
        return
    body = _plain(_body(declaration), names)
    parameters = body.get("params") if isinstance(body, Mapping) else None
    given = dict(parameters) if isinstance(parameters, Mapping) else {}
    inner, _ = read_bicep(text)
    yield from resources(inner, path, read, given, f"{prefix}{declaration.name}.", depth + 1)


def _resource(
    declaration: Declaration, names: _File, file: str, prefix: str, above: Resource | None
) -> Iterator[Resource]:
    body = _body(declaration)
    attributes = _plain(body, names)
    attributes = attributes if isinstance(attributes, dict) else {}
    own = shown(attributes.get("name"))
    type = declaration.type
    parent = attributes.get("parent")
    symbol = parent.target if isinstance(parent, Shown) else ""
    if above is not None:
        if not type.lower().startswith("microsoft."):
            type = f"{above.type}/{type}"
        own = f"{above.provider['name']}/{own}"
        symbol = above.address
    elif symbol:
        own = f"${{{symbol}}}/{own}"
    lines: dict[str, int] = {}
    flatten(body, "", lines)
    resource = Resource(
        prefix + declaration.name,
        type,
        attributes,
        Location(file, declaration.line, declaration.end_line),
        lines,
        {
            "name": own,
            "parent": prefix + symbol if symbol and above is None else symbol,
            "existing": declaration.existing,
            "version": declaration.version,
            "secure": names.secure,
            "default": names.default,
            "raw": body,
            "prefix": prefix,
        },
    )
    yield resource
    for child in body.children if isinstance(body, Object) else ():
        if child.keyword == "resource":
            yield from _resource(child, names, file, prefix, resource)


def _body(declaration: Declaration) -> Any:
    body = declaration.body
    while isinstance(body, Loop | Choice):
        body = body.body if isinstance(body, Loop) else body.yes
    return body


def _plain(body: Any, names: _File) -> Any:
    # The item of a loop is none of the file's names: it stands as a text of its own.
    return names.evaluator.value(body) if isinstance(body, Object) else {}


def _all(declarations: list[Declaration]) -> Iterator[Declaration]:
    for declaration in declarations:
        yield declaration
        body = _body(declaration) if declaration.keyword == "resource" else None
        if isinstance(body, Object):
            yield from _all([child for child in body.children if isinstance(child, Declaration)])


def flatten(node: Any, path: str, into: dict[str, int]) -> None:
    """Dotted paths of an object to their lines; of two branches the first that names a key."""
    if isinstance(node, Choice):
        flatten(node.yes, path, into)
        flatten(node.no, path, into)
    elif isinstance(node, Object):
        for key, value, line in node.entries:
            if isinstance(key, str):
                inner = f"{path}.{key}" if path else key
                into.setdefault(inner, line)
                flatten(value, inner, into)
    elif isinstance(node, Array):
        for number, (value, line) in enumerate(node.items):
            into[f"{path}.{number}"] = line
            flatten(value, f"{path}.{number}", into)


def literal(node: Any) -> bool:
    """Whether an expression is a text written out."""
    return isinstance(node, Literal) and isinstance(node.value, str)
