"""Folders of Terraform to resources: variables, locals, modules, `count`, `for_each`, `dynamic`."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from scanner.declared.model import Location, Resource, Unknown
from scanner.declared.terraform import documents, plan
from scanner.declared.terraform.declarations import Declarations
from scanner.declared.terraform.evaluate import evaluate
from scanner.declared.terraform.maps.modules import understood
from scanner.declared.terraform.project import CODE, Project, literal
from scanner.declared.terraform.scope import Scope
from scanner.declared.terraform.syntax import Block
from scanner.declared.terraform.types import completed
from scanner.declared.terraform.values import Ref, Text, size_of
from scanner.model import Gap, GapReason

_MOST_INSTANCES = 200
_DEEPEST = 12
_DEEP = "expression nested too deeply"
_MOST_PARTS = 1_000_000
"""Of a named value; ten lines that repeat each other can stand for ten thousand million."""
# Attributes that a provider computes even where the code gives the resource a name.
_COMPUTED = {"id", "arn", "self_link", "endpoint", "address"}


def resources(folder: Path, files: Sequence[str]) -> tuple[tuple[Resource, ...], tuple[Gap, ...]]:
    """Every resource declared under `folder`, modules called from within evaluated per call."""
    project = Project(folder)
    by_folder: dict[str, list[Block]] = {}
    found: list[Resource] = []
    for path in files:
        if path.endswith(CODE):
            block = project.parsed(path)
            if block is not None:
                by_folder.setdefault(posixpath.dirname(path), []).append(block)
        elif not path.endswith((".tfvars", ".tfvars.json")):
            found += plan.resources(folder, path, project.gaps)
    project.folders = by_folder
    called = project.called()
    for place in sorted(by_folder):
        if place not in called:
            found += Module(project, place, "", None, 0).resources()
    return tuple(found), tuple(project.gaps)


class Module:
    """One call of a module (or a root): names, and the resources it makes."""

    def __init__(
        self, project: Project, place: str, prefix: str, inputs: Mapping[str, Any] | None, depth: int,
        root_place: str | None = None, key: str = "", providers: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        self.project, self.place, self.prefix, self.depth, self.key = project, place, prefix, depth, key
        self.root_place = place if root_place is None else root_place
        blocks = project.blocks(place)
        names = Declarations(blocks)
        self.variables, self.locals, self.outputs = names.variables, names.locals, names.outputs
        self.calls, self.made, self.by_name, self.data = names.calls, names.made, names.by_name, names.data
        self.provider_blocks = names.provider_blocks
        self.inputs = self._tfvars() if inputs is None else inputs
        self.busy: set[str] = set()
        self.known: dict[str, Any] = {}
        self._sizes: dict[int, tuple[Any, int]] = {}
        self.modules: dict[str, Any] = {}
        self.providers = providers if providers else self._providers()

    def _tfvars(self) -> dict[str, Any]:
        """Values of terraform.tfvars and *.auto.tfvars, in Terraform's order."""
        folder = self.project.root / self.place
        try:
            names = sorted(p.name for p in folder.iterdir() if ".tfvars" in p.name)
        except OSError:
            return {}
        chosen: list[str] = [n for n in ("terraform.tfvars", "terraform.tfvars.json") if n in names]
        chosen += [n for n in names if n.endswith((".auto.tfvars", ".auto.tfvars.json"))]
        out: dict[str, Any] = {}
        for name in chosen:
            path = posixpath.join(self.place, name)
            if name.endswith(".json"):
                data = self.project.json(path)
                out |= data if isinstance(data, dict) else {}
            elif (block := self.project.parsed(path)) is not None:
                out |= {key: evaluate(value.node, Scope(self)) for key, value in block.attributes.items()}
        return out

    def _providers(self) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for block in self.provider_blocks:
            values, _ = self._body(block, Scope(self))
            alias = values.get("alias")
            name = block.labels[0] + (f".{alias}" if isinstance(alias, str) else "")
            out.setdefault(name, values)
        return out

    # --- names -----------------------------------------------------------------

    def lookup(self, root: str, steps: list[Any]) -> tuple[Any, list[Any]]:
        name = steps[0] if steps and isinstance(steps[0], str) else ""
        if root == "var":
            return self.variable(name), steps[1:]
        if root == "local":
            return self._lazily(f"local.{name}", lambda: self._local(name)), steps[1:]
        if root == "module":
            return self._lazily(f"module.{name}", lambda: self._module(name)), steps[1:]
        if root == "path":
            return {"module": ".", "root": ".", "cwd": "."}.get(name, "."), steps[1:]
        if root == "terraform":
            return ("default" if name == "workspace" else Unknown("terraform's own state")), steps[1:]
        if root == "data":
            return self._data(steps)
        if root in ("each", "count", "self"):
            return Unknown(f"{root} outside its block"), steps
        return self._resource(root, name, steps[1:])

    def file(self, path: str) -> Any:
        return self.project.text(self.place, path)

    def variable(self, name: str) -> Any:
        block = self.variables.get(name)
        constraint = block.attributes.get("type") if block is not None else None
        if name in self.inputs and self.inputs[name] is not None:
            given = self.inputs[name]
            return given if constraint is None else completed(given, constraint.node, Scope(self))
        if block is None:
            return self.inputs.get(name, Unknown(f"variable {name} is not declared"))
        default = block.attributes.get("default")
        if default is None:
            return Unknown(f"variable {name} has no default")
        kind = constraint.node if constraint is not None else None
        return self._lazily(
            f"var.{name}", lambda: completed(evaluate(default.node, Scope(self)), kind, Scope(self))
        )

    def _local(self, name: str) -> Any:
        expression = self.locals.get(name)
        return (
            Unknown(f"local {name} is not declared")
            if expression is None
            else evaluate(expression.node, Scope(self))
        )

    def _lazily(self, key: str, make: Any) -> Any:
        if key in self.known:
            return self.known[key]
        if key in self.busy:
            return Unknown("value that refers to itself")
        self.busy.add(key)
        try:
            made = make()
            large = size_of(made, self._sizes) > _MOST_PARTS
            self.known[key] = Unknown("value with more parts than any real one has") if large else made
        except RecursionError:
            self.known[key] = Unknown(_DEEP)
        finally:
            self.busy.discard(key)
        return self.known[key]

    def _data(self, steps: list[Any]) -> tuple[Any, list[Any]]:
        if len(steps) < 2 or not isinstance(steps[0], str) or not isinstance(steps[1], str):
            return Unknown("data source"), []
        kind, name, rest = steps[0], steps[1], steps[2:]
        rest = rest[1:] if rest and not isinstance(rest[0], str) and not isinstance(rest[0], tuple) else rest
        block = self.data.get((kind, name))
        if (
            kind == "aws_iam_policy_document"
            and block is not None
            and rest
            and rest[0] in ("json", "minified_json")
        ):
            return self._lazily(f"data.{kind}.{name}", lambda: self._policy(block)), rest[1:]
        attribute = rest[0] if rest and isinstance(rest[0], str) else ""
        address = f"{self.prefix}data.{kind}.{name}"
        if block is not None and attribute in block.attributes and attribute not in _COMPUTED:
            value = evaluate(block.attributes[attribute].node, Scope(self))
            return (Text.of(value, address) if type(value) is str else value), rest[1:]
        return Ref("read from the provider when applied", address, attribute), []

    def _policy(self, block: Block) -> Any:
        values, _ = self._body(block, Scope(self))
        return documents.policy(values)

    def _resource(self, kind: str, name: str, steps: list[Any]) -> tuple[Any, list[Any]]:
        address = f"{self.prefix}{kind}.{name}"
        block = self.by_name.get((kind, name))
        key, rest = None, list(steps)
        splat = None
        if rest and isinstance(rest[0], tuple):
            splat, rest = rest[0][1], rest[1:]
        elif rest and (isinstance(rest[0], (int, Unknown)) or (
            block is not None and "for_each" in block.attributes and isinstance(rest[0], str)
        )):  # fmt: skip
            key, rest = rest[0], rest[1:]
        if isinstance(key, int) and block is not None and "count" in block.attributes:
            address += f"[{key}]"
        elif isinstance(key, str):
            address += f'["{key}"]'
        path = list(splat if splat is not None else rest)
        attribute = path[0] if path and isinstance(path[0], str) else ""
        reason = "computed after apply" if block is not None else f"{kind}.{name} is not declared"
        value: Any = Ref(reason, address, attribute)
        left: list[Any] = []
        if (
            block is not None
            and attribute
            and attribute not in _COMPUTED
            and attribute in block.attributes
            and "for_each" not in block.attributes
            and "count" not in block.attributes
        ):
            given = self._lazily(
                f"{address}.{attribute}", lambda: evaluate(block.attributes[attribute].node, Scope(self))
            )
            if not isinstance(given, Unknown) and not isinstance(given, dict):
                value = Text.of(given, address) if type(given) is str else given
                left = path[1:]
        return ([value], rest if splat is not None else []) if splat is not None else (value, left)

    # --- modules ---------------------------------------------------------------

    def _module(self, name: str) -> Any:
        block = self.calls.get(name)
        if block is None:
            return Unknown(f"module {name} is not declared")
        instances = self.instances(name)
        if isinstance(instances, Unknown):
            return instances
        many = "for_each" in block.attributes or "count" in block.attributes
        values = {key: _Outputs(module).all() for key, module in instances.items()}
        if not many:
            return next(iter(values.values()), Unknown("module that is switched off"))
        return list(values.values()) if "count" in block.attributes else values

    def instances(self, name: str) -> Any:
        """Instances of a module call by key; Unknown if the module's code is not here."""
        if name not in self.modules:
            self.modules[name] = self._instances(name, self.calls[name])
        return self.modules[name]

    def _instances(self, name: str, block: Block) -> Any:
        source = (
            evaluate(block.attributes["source"].node, Scope(self)) if "source" in block.attributes else None
        )
        key = f"{self.key}.{name}" if self.key else name
        place = self.project.local(self.place, source) or self.project.installed(self.root_place, key)
        if place is None or self.depth >= _DEEPEST or not self.project.blocks(place):
            return Unknown(f"module {name} is not present")
        out: dict[Any, Module] = {}
        for instance, suffix, scope in self._expanded(block):
            given = {
                k: evaluate(v.node, scope)
                for k, v in block.attributes.items()
                if k not in ("source", "version", "count", "for_each", "depends_on", "providers")
            }
            prefix = f"{self.prefix}module.{name}{suffix}."
            out[instance] = Module(
                self.project, place, prefix, given, self.depth + 1, self.root_place, key, self.providers
            )
        return out

    # --- resources -------------------------------------------------------------

    def resources(self) -> list[Resource]:
        out: list[Resource] = []
        for block in self.made:
            out += self._made(block)
        for (kind, name), block in self.data.items():
            if kind in ("aws_kms_key", "aws_kms_alias", "google_iam_policy"):
                # Whose key it is depends on the alias looked up; who is let in, on the bindings.
                values, lines = self._body(block, Scope(self))
                at = Location(block.file, block.line, block.end_line)
                provider = {"root module": self.root_place}
                out.append(
                    Resource(f"{self.prefix}data.{kind}.{name}", f"data.{kind}", values, at, lines, provider)
                )
        for name, block in self.calls.items():
            instances = self.instances(name)
            if not isinstance(instances, Unknown):
                for module in instances.values():
                    out += module.resources()
                continue
            out += self._remote(name, block)
        return out

    def _remote(self, name: str, block: Block) -> Iterable[Resource]:
        """A call of a module that is not here: its inputs, under the type `module`."""
        source = literal(block.attributes.get("source"))
        if not understood(source):
            self.project.gap(
                block.file,
                GapReason.UNREACHABLE,
                f"line {block.line}: the module's code is not here, so what it declares is unknown",
                "run `terraform init` first, or check a plan",
            )
        for _, suffix, scope in self._expanded(block):
            values, lines = self._body(block, scope)
            yield Resource(
                f"{self.prefix}module.{name}{suffix}", "module", values,
                Location(block.file, block.line, block.end_line), lines, self._provider(values, "aws"),
            )  # fmt: skip

    def _made(self, block: Block) -> Iterable[Resource]:
        kind, name = block.labels
        for _, suffix, scope in self._expanded(block):
            values, lines = self._body(block, scope)
            yield Resource(
                f"{self.prefix}{kind}.{name}{suffix}", kind, values,
                Location(block.file, block.line, block.end_line), lines,
                self._provider(values, kind.partition("_")[0]),
            )  # fmt: skip

    def _provider(self, values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
        given = values.get("provider")
        if isinstance(given, Ref):
            # `provider = aws.london` reads like a reference to a resource
            name = given.address.removeprefix(self.prefix)
        return {**self.providers.get(name, {}), "root module": self.root_place}

    def _expanded(self, block: Block) -> Iterable[tuple[Any, str, Scope]]:
        """(key, suffix of the address, scope) of every instance."""
        scope = Scope(self)
        if "count" in block.attributes:
            count = evaluate(block.attributes["count"].node, scope)
            if isinstance(count, str) and count.isdigit():
                count = int(count)
            if isinstance(count, bool) or not isinstance(count, int):
                yield 0, "[0]", scope.plus(count={"index": 0})
                return
            for index in range(min(count, _MOST_INSTANCES)):
                yield index, f"[{index}]", scope.plus(count={"index": index})
        elif "for_each" in block.attributes:
            each = evaluate(block.attributes["for_each"].node, scope)
            if each is not None and not isinstance(each, dict | list | Unknown):
                each = Unknown("for_each of something that is neither map nor set")
            each = self._chained(each)
            if isinstance(each, Unknown):
                # A reference stays one: what is made for each of another resource's instances belongs to them.
                value = each if isinstance(each, Ref) else Unknown(each.reason)
                yield None, "", scope.plus(each={"key": Unknown(each.reason), "value": value})
                return
            pairs = (
                each.items()
                if isinstance(each, dict)
                else [(v, v) for v in each or () if not isinstance(v, Unknown)]
            )
            for key, value in list(pairs)[:_MOST_INSTANCES]:
                yield str(key), f'["{key}"]', scope.plus(each={"key": key, "value": value})
        else:
            yield None, "", scope

    def _chained(self, each: Any) -> Any:
        """Of `for_each = aws_s3_bucket.b` a reference to each instance by its key, where the keys are known."""
        if not isinstance(each, Ref) or each.attribute:
            return each
        kind, _, name = each.address.removeprefix(self.prefix).partition(".")
        target, mark = self.by_name.get((kind, name)), f"instances of {each.address}"
        if target is None or "for_each" not in target.attributes or mark in self.busy:
            return each
        self.busy.add(mark)
        try:
            keys = [key for key, _, _ in self._expanded(target)]
        finally:
            self.busy.discard(mark)
        if None in keys:
            return each
        return {key: Ref(each.reason, f'{each.address}["{key}"]') for key in keys}

    def _body(self, block: Block, scope: Scope) -> tuple[dict[str, Any], dict[str, int]]:
        """Attributes and nested blocks as plain values, with the line of every path."""
        values: dict[str, Any] = {}
        lines: dict[str, int] = {}
        self._fill(block, scope, values, lines, "")
        return values, lines

    def _fill(
        self, block: Block, scope: Scope, values: dict[str, Any], lines: dict[str, int], prefix: str
    ) -> None:
        for name, expression in block.attributes.items():
            if name == "dynamic" and isinstance(expression.node, dict):
                _json_dynamic(expression.node, scope, values)
                continue
            try:
                values[name] = evaluate(expression.node, scope)
            except RecursionError:
                values[name] = Unknown(_DEEP)
            lines[prefix + name] = expression.line
        for inner in block.blocks:
            if inner.type == "dynamic" and inner.labels:
                self._dynamic(inner, scope, values, lines, prefix)
                continue
            content: dict[str, Any] = {}
            lines.setdefault(prefix + inner.type, inner.line)
            self._fill(inner, scope, content, lines, f"{prefix}{inner.type}.")
            _append(values, inner.type, content)

    def _dynamic(
        self, block: Block, scope: Scope, values: dict[str, Any], lines: dict[str, int], prefix: str
    ) -> None:
        name = block.labels[0]
        lines.setdefault(prefix + name, block.line)
        body = next(block.of("content"), None)
        if body is None or "for_each" not in block.attributes:
            return
        items = evaluate(block.attributes["for_each"].node, scope)
        if isinstance(items, Unknown):
            values.setdefault(name, Unknown(items.reason))
            return
        iterator = literal(block.attributes.get("iterator")) or name
        if "iterator" in block.attributes:
            iterator = (getattr(block.attributes["iterator"].node, "text", b"") or b"").decode(
                "utf-8", "replace"
            ) or name
        pairs = (
            items.items()
            if isinstance(items, dict)
            else enumerate(items if isinstance(items, list) else [items])
        )
        for key, value in list(pairs)[:_MOST_INSTANCES]:
            inner = scope.plus(
                **{iterator: {"key": value if not isinstance(items, dict) else key, "value": value}}
            )
            content: dict[str, Any] = {}
            self._fill(body, inner, content, lines, f"{prefix}{name}.")
            _append(values, name, content)


def _json_dynamic(node: Mapping[str, Any], scope: Scope, values: dict[str, Any]) -> None:
    """`dynamic` of the JSON syntax: blocks by name, each with `for_each` and `content`."""
    for name, written in node.items():
        for one in written if isinstance(written, list) else [written]:
            if not isinstance(one, dict):
                continue
            items = evaluate(one.get("for_each"), scope)
            if isinstance(items, Unknown):
                values.setdefault(name, Unknown(items.reason))
                continue
            pairs = items.items() if isinstance(items, dict) else [(v, v) for v in items or ()]
            iterator = str(one.get("iterator", name))
            for key, value in list(pairs)[:_MOST_INSTANCES]:
                content = evaluate(one.get("content"), scope.plus(**{iterator: {"key": key, "value": value}}))
                if isinstance(content, dict):
                    _append(values, name, content)


def _append(values: dict[str, Any], name: str, content: dict[str, Any]) -> None:
    present = values.get(name)
    if isinstance(present, list):
        present.append(content)
    elif not isinstance(present, Unknown):
        values[name] = [content]


class _Outputs:
    """Outputs of one module instance."""

    def __init__(self, module: Module) -> None:
        self.module = module

    def all(self) -> dict[str, Any]:
        out = {}
        for name, block in self.module.outputs.items():
            if "value" in block.attributes:
                out[name] = evaluate(block.attributes["value"].node, Scope(self.module))
        return out
