"""ARM templates in JSON to resources: every way of writing a child, nested deployments, copy loops once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from scanner.declared.arm.evaluate import Evaluator, shown
from scanner.declared.arm.nodes import Shown
from scanner.declared.located import Block
from scanner.declared.model import Location, Resource, Unknown

_DEEPEST = 8
"""Deployments within deployments."""


class _Scope:
    """Parameters and variables of one template."""

    def __init__(self, template: Mapping[str, Any], given: Mapping[str, Any]) -> None:
        self._parameters = _mapping(template.get("parameters"))
        self._variables = _mapping(template.get("variables"))
        self._given = {key.casefold(): value for key, value in given.items()}
        self._busy: set[str] = set()
        self.evaluator = Evaluator(self.parameter, self.variable, self._name)

    def parameter(self, name: str) -> Any:
        if name.casefold() in self._given:
            return self._given[name.casefold()]
        declared = _find(self._parameters, name)
        if not isinstance(declared, Mapping):
            return Shown("it refers to a parameter that is not declared", f"${{{name}}}")
        if "defaultValue" not in declared:
            allowed = declared.get("allowedValues")
            if isinstance(allowed, list) and len(allowed) == 1:
                return allowed[0]
            return Shown(f"parameter {name} has no default", f"${{{name}}}")
        return self._once(f"p:{name}", declared["defaultValue"])

    def variable(self, name: str) -> Any:
        value = _find(self._variables, name)
        if value is None:
            copies = self._variables.get("copy")
            for copy in copies if isinstance(copies, list) else ():
                if isinstance(copy, Mapping) and copy.get("name") == name:
                    return [self._once(f"v:{name}", copy.get("input"))]
            return Shown("it refers to a variable that is not declared", f"${{{name}}}")
        return self._once(f"v:{name}", value)

    def secure(self, name: str) -> bool:
        declared = _find(self._parameters, name)
        return isinstance(declared, Mapping) and str(declared.get("type", "")).lower().startswith("secure")

    def _name(self, name: str) -> Any:
        return Shown(f"{name} is not declared", f"${{{name}}}")

    def _once(self, key: str, value: Any) -> Any:
        if key.casefold() in self._busy:
            return Unknown("it is defined by itself")
        self._busy.add(key.casefold())
        try:
            return self.evaluator.tree(value)
        finally:
            self._busy.discard(key.casefold())


def resources(template: Any, file: str, given: Mapping[str, Any] | None = None) -> Iterator[Resource]:
    """The resources of a template, children and nested deployments included."""
    if not isinstance(template, Block):
        return
    properties = template.get("properties")
    inner = properties.get("template") if isinstance(properties, Block) else None
    if isinstance(inner, Block) and "resources" not in template:  # an artifact of a blueprint
        template = inner
    yield from _template(template, file, given or {}, 0)


def _template(template: Block, file: str, given: Mapping[str, Any], depth: int) -> Iterator[Resource]:
    yield from _secure_parameters(template, file)
    yield from _list(template.get("resources"), _Scope(template, given), file, "", "", "", depth)


def _secure_parameters(template: Block, file: str) -> Iterator[Resource]:
    """Secure parameters with a default: a secret that everybody who reads the template has."""
    parameters = template.get("parameters")
    for name, declared in parameters.items() if isinstance(parameters, Block) else ():
        if isinstance(declared, Block) and str(declared.get("type")).lower() == "securestring":
            default = declared.get("defaultValue")
            if default is not None:
                line = declared.lines.get("defaultValue", declared.line)
                attributes = {"default": default}
                yield Resource(
                    name, "secureString", attributes, Location(file, line), {"default": line}, {"name": name}
                )


def _list(
    nodes: Any, scope: _Scope, file: str, type: str, name: str, written: str, depth: int
) -> Iterator[Resource]:
    if isinstance(nodes, Mapping):  # symbolic names (languageVersion 2.0)
        nodes = list(nodes.values())
    for node in nodes if isinstance(nodes, list) else ():
        if isinstance(node, Block) and isinstance(node.get("type"), str):
            yield from _resource(node, scope, file, type, name, written, depth)


def _resource(
    node: Block, scope: _Scope, file: str, above: str, above_name: str, above_written: str, depth: int
) -> Iterator[Resource]:
    kind = str(node["type"])
    raw_name = node.get("name")
    own = shown(scope.evaluator.tree(raw_name)) if isinstance(raw_name, str) else ""
    written = raw_name if isinstance(raw_name, str) else ""
    nested = above and not kind.lower().startswith(above.lower() + "/")
    if nested and kind.split("/")[0].lower() == above.split("/")[0].lower() and "/" in kind:
        nested = False
    full_type = f"{above}/{kind}" if nested else kind
    full_name = (
        f"{above_name}/{own}" if nested or (above and own.count("/") < full_type.count("/") - 1) else own
    )
    line = node.line
    if kind.lower() == "microsoft.resources/deployments":
        yield from _deployment(node, scope, file, depth)
        return
    attributes = scope.evaluator.tree({k: v for k, v in node.items() if k != "resources"})
    lines: dict[str, int] = {}
    flatten(node, "", lines, skip=("resources",))
    yield Resource(
        written,
        full_type,
        attributes if isinstance(attributes, dict) else {},
        Location(file, line, max([line, *lines.values()])),
        lines,
        {
            "name": full_name,
            "secure": scope.secure,
            "raw": node,
            "existing": bool(node.get("existing")),
            "nested": bool(nested),
            "above": above_written,
        },
    )
    yield from _list(node.get("resources"), scope, file, full_type, full_name, written, depth)


def _deployment(node: Block, scope: _Scope, file: str, depth: int) -> Iterator[Resource]:
    properties = node.get("properties")
    inner = properties.get("template") if isinstance(properties, Block) else None
    if not isinstance(inner, Block) or depth >= _DEEPEST or not isinstance(properties, Block):
        return
    options = _mapping(properties.get("expressionEvaluationOptions"))
    given: dict[str, Any] = {}
    for key, value in _mapping(properties.get("parameters")).items():
        if isinstance(value, Mapping) and "value" in value:
            given[key] = scope.evaluator.tree(value["value"])
        else:
            given[key] = Shown(f"parameter {key} comes from a secret at deployment", f"${{{key}}}")
    if str(options.get("scope", "outer")).lower() == "inner":
        yield from _template(inner, file, given, depth + 1)
    else:
        own = _mapping(inner.get("parameters"))
        if own:  # most authors mean the inner template's own parameters, whatever the option says
            yield from _template(inner, file, given, depth + 1)
        else:
            yield from _list(inner.get("resources"), scope, file, "", "", "", depth + 1)


def flatten(node: Any, path: str, into: dict[str, int], skip: tuple[str, ...] = ()) -> None:
    """Dotted paths of a tree to their lines."""
    if isinstance(node, Block):
        pairs = [(k, v, node.lines.get(k, node.line)) for k, v in node.items() if k not in skip]
    elif isinstance(node, list) and hasattr(node, "lines"):
        pairs = [(str(i), v, node.lines[i]) for i, v in enumerate(node)]
    else:
        return
    for key, value, line in pairs:
        inner = f"{path}.{key}" if path else key
        into[inner] = line
        flatten(value, inner, into)


def _find(of: Mapping[str, Any], name: str) -> Any:
    return (
        of[name] if name in of else next((v for k, v in of.items() if k.casefold() == name.casefold()), None)
    )


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
