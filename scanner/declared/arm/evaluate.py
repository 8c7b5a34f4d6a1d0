"""Values of template expressions: parameters by their defaults, and the functions that need no Azure.

Functions: "ARM template functions" and "Bicep functions", Microsoft Learn. Names are found in any case.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from scanner.declared.arm.nodes import (
    Array,
    Call,
    Choice,
    Index,
    Joined,
    Literal,
    Loop,
    Member,
    Name,
    NoExpression,
    Object,
    Shown,
    parse,
)
from scanner.declared.located import DEEPEST
from scanner.declared.model import Unknown

Lookup = Callable[[str], Any]


class Evaluator:
    """Evaluates expressions and trees. `parameters`, `variables` and `names` find values by name."""

    def __init__(self, parameters: Lookup, variables: Lookup, names: Lookup) -> None:
        self._parameters, self._variables, self._names = parameters, variables, names
        self._locals: dict[str, Any] = {}

    def text(self, value: str, depth: int = 0) -> Any:
        """The value of a text of a JSON template."""
        if not (value.startswith("[") and value.endswith("]")):
            return value
        if value.startswith("[["):
            return value[1:]
        try:
            node = parse(value[1:-1])
        except NoExpression:
            return Shown("the expression cannot be read", value)
        return self.value(node, depth + 1)

    def tree(self, value: Any, depth: int = 0) -> Any:
        """The value of a JSON tree, expressions evaluated."""
        if depth > DEEPEST:
            return Unknown("nested too deeply to follow")
        if isinstance(value, str):
            return self.text(value, depth)
        if isinstance(value, Mapping):
            out = {key: self.tree(inner, depth + 1) for key, inner in value.items() if key != "copy"}
            copies = value.get("copy")
            for copy in (
                copies if isinstance(copies, list) else ()
            ):  # a property written once, meant many times
                if isinstance(copy, Mapping) and isinstance(copy.get("name"), str):
                    out[copy["name"]] = [self.tree(copy.get("input"), depth + 1)]
            return out
        if isinstance(value, list):
            return [self.tree(item, depth + 1) for item in value]
        return value

    def value(self, node: Any, depth: int = 0) -> Any:
        """The value of an expression."""
        if depth > DEEPEST:
            return Unknown("nested too deeply to follow")
        if isinstance(node, Literal):
            return self.text(node.value, depth) if _bracketed(node.value) else node.value
        if isinstance(node, Name):
            return self._locals[node.name] if node.name in self._locals else self._names(node.name)
        if isinstance(node, Joined):
            return together([self.value(part, depth + 1) for part in node.parts])
        if isinstance(node, Choice):
            return self._choice(node.condition, node.yes, node.no, depth)
        if isinstance(node, Object):
            return self._object(node, depth)
        if isinstance(node, Array):
            return [self.value(item, depth + 1) for item, _ in node.items]
        if isinstance(node, Loop):
            return self._loop(node, depth)
        if isinstance(node, Member):
            return member(self.value(node.of, depth + 1), node.name)
        if isinstance(node, Index):
            return member(self.value(node.of, depth + 1), self.value(node.by, depth + 1))
        if isinstance(node, Call):
            return self._call(node, depth + 1)
        return Unknown("an expression of a kind that is not read")

    def _choice(self, condition: Any, yes: Any, no: Any, depth: int) -> Any:
        answer = self.value(condition, depth + 1)
        if isinstance(answer, Unknown):
            first, second = self.value(yes, depth + 1), self.value(no, depth + 1)
            if not isinstance(first, Unknown) and first == second:
                return first
            return Unknown(f"it depends on a condition: {answer.reason}")
        return self.value(yes if _true(answer) else no, depth + 1)

    def _object(self, node: Object, depth: int) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for key, value, _ in node.entries:
            if key is None:
                spread = self.value(value, depth + 1)
                out.update(spread if isinstance(spread, dict) else {})
                continue
            name = key if isinstance(key, str) else self.value(key, depth + 1)
            out[name.shown if isinstance(name, Shown) else str(name)] = self.value(value, depth + 1)
        return out

    def _loop(self, node: Loop, depth: int) -> Any:
        over = self.value(node.over, depth + 1)
        items: list[Any] = over if isinstance(over, list) and over else []
        if isinstance(over, dict):
            items = [{"key": k, "value": v} for k, v in over.items()]
        if not isinstance(over, list | dict):
            items = [Shown("one of a list that is not known", f"${{{node.item}}}")]
        kept = dict(self._locals)
        out = []
        for number, item in enumerate(items[:50]):
            self._locals[node.item] = item
            if node.index:
                self._locals[node.index] = number
            out.append(self.value(node.body, depth + 1))
        self._locals = kept
        return out

    def _call(self, node: Call, depth: int) -> Any:
        name = node.name.lower().rpartition(".")[2]
        if name == "if" and len(node.arguments) == 3:
            return self._choice(*node.arguments, depth)
        given = [self.value(argument, depth) for argument in node.arguments]
        if name in ("parameters", "variables") and len(given) == 1:
            if isinstance(given[0], Unknown):
                return given[0]
            return (self._parameters if name == "parameters" else self._variables)(str(given[0]))
        if name in ("and", "or", "&&", "||"):
            return _logic(name in ("and", "&&"), given)
        if name in ("concat", "format", "uri"):
            return _texts(name, given)
        if name in ("resourceid", "subscriptionresourceid", "tenantresourceid", "extensionresourceid"):
            return _resource_id(given)
        if name == "reference" and given:
            whole = given[0].shown if isinstance(given[0], Shown) else str(given[0])
            return Shown("what another resource says is known at deployment", f"${{{whole}}}", whole)
        if name == "copyindex":
            return next((g for g in given if isinstance(g, int)), 0)
        if name == "coalesce" or name == "??":
            return next((g for g in given if g is not None), None)
        if name == "union" and any(isinstance(g, Unknown) for g in given):
            merged: dict[str, Any] = {}
            for g in given:
                merged.update(g if isinstance(g, dict) else {})
            return merged if merged else given[0]
        for value in given:
            if isinstance(value, Unknown) and name in PURE:
                return _shown_call(node.name, given, value.reason)
        if name in PURE:
            try:
                return PURE[name](*given)
            except (TypeError, ValueError, IndexError, KeyError, AttributeError, ZeroDivisionError):
                return Unknown(f"{node.name} was given values it does not take")
        return _shown_call(node.name, given, f"{node.name}() is worked out at deployment")


def member(of: Any, name: Any) -> Any:
    """`of.name` or `of[name]`."""
    if isinstance(of, Shown):
        return Shown(of.reason, f"{of.shown}.{name}", of.target)
    if isinstance(of, Unknown):
        return of
    if isinstance(name, Unknown):
        return Unknown(name.reason)
    if isinstance(name, Mapping | list):
        return Unknown("no property has such a name")
    if isinstance(of, Mapping):
        if name in of:
            return of[name]
        return next((v for k, v in of.items() if k.casefold() == str(name).casefold()), None)
    if isinstance(of, list) and isinstance(name, int):
        return of[name] if -len(of) <= name < len(of) else None
    return None


def together(parts: list[Any]) -> Any:
    """One text of texts, some of which may not be known."""
    why = next((part for part in parts if isinstance(part, Unknown)), None)
    text = "".join(shown(part) for part in parts)
    return text if why is None else Shown(why.reason, text, getattr(why, "target", ""))


def shown(value: Any) -> str:
    """A value written down, unknown parts as `${...}`."""
    if isinstance(value, Shown):
        return value.shown
    if isinstance(value, Unknown):
        return "${?}"
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else value if isinstance(value, str) else json.dumps(value, default=str)


def _bracketed(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("[") and value.endswith("]") and "(" in value


def _shown_call(name: str, given: list[Any], reason: str) -> Shown:
    return Shown(reason, f"${{{name.lower()}({','.join(shown(value) for value in given)})}}")


def _logic(both: bool, given: list[Any]) -> Any:
    if any(not isinstance(value, Unknown) and _true(value) is not both for value in given):
        return not both
    return next((value for value in given if isinstance(value, Unknown)), both)


def _texts(name: str, given: list[Any]) -> Any:
    if name == "concat" and given and all(isinstance(value, list) for value in given):
        return [item for value in given for item in value]
    if name == "format" and given:
        if isinstance(given[0], Unknown):
            return given[0]
        pieces: list[Any] = [str(given[0])]
        for number, value in enumerate(given[1:]):
            pieces = [
                part
                for piece in pieces
                for part in (_placed(piece, f"{{{number}}}", value) if isinstance(piece, str) else [piece])
            ]
        return together(pieces)
    if name == "uri" and len(given) == 2:
        return together([given[0], "" if shown(given[0]).endswith("/") else "/", given[1]])
    return together(given)


def _placed(text: str, place: str, value: Any) -> list[Any]:
    parts: list[Any] = []
    for number, piece in enumerate(text.split(place)):
        parts.extend([value, piece] if number else [piece])
    return parts


def _resource_id(given: list[Any]) -> Any:
    # Arguments before the type name a subscription or a resource group.
    at = next((i for i, g in enumerate(given) if isinstance(g, str) and "/" in g and "." in g), None)
    if at is None:
        return Shown("a resource's id is known at deployment", "${resourceId}")
    names = "/".join(shown(value) for value in given[at + 1 :])
    return f"{given[at]}:{names}"


def _true(value: Any) -> bool:
    return value.lower() == "true" if isinstance(value, str) else bool(value)


def _int(value: Any) -> int:
    return int(value)


def _same(left: Any, right: Any) -> bool:
    return bool(left == right)


def _contains(of: Any, what: Any) -> bool:
    if isinstance(of, Mapping):
        return str(what).casefold() in {key.casefold() for key in of}
    return what in of


def _merge(*parts: Any) -> Any:
    if all(isinstance(part, list) for part in parts):
        return [
            item for i, part in enumerate(parts) for item in part if not any(item in p for p in parts[:i])
        ]
    out: dict[str, Any] = {}
    for part in parts:
        out.update(part)
    return out


PURE: dict[str, Callable[..., Any]] = {
    "tolower": lambda text: text.lower(),
    "toupper": lambda text: text.upper(),
    "trim": lambda text: text.strip(),
    "string": lambda value: shown(value),
    "int": _int,
    "bool": lambda value: _true(value),
    "array": lambda value: value if isinstance(value, list) else [value],
    "json": lambda text: json.loads(text),
    "length": len,
    "empty": lambda value: value is None or len(value) == 0,
    "first": lambda value: value[0] if value else None,
    "last": lambda value: value[-1] if value else None,
    "contains": _contains,
    "equals": _same,
    "==": _same,
    "!=": lambda left, right: not _same(left, right),
    "=~": lambda left, right: left.casefold() == right.casefold(),
    "!~": lambda left, right: left.casefold() != right.casefold(),
    "not": lambda value: not _true(value),
    "!": lambda value: not _true(value),
    "less": lambda a, b: a < b,
    "<": lambda a, b: a < b,
    "lessorequals": lambda a, b: a <= b,
    "<=": lambda a, b: a <= b,
    "greater": lambda a, b: a > b,
    ">": lambda a, b: a > b,
    "greaterorequals": lambda a, b: a >= b,
    ">=": lambda a, b: a >= b,
    "add": lambda a, b: a + b,
    "+": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "-": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "*": lambda a, b: a * b,
    "div": lambda a, b: a // b,
    "/": lambda a, b: a // b,
    "mod": lambda a, b: a % b,
    "%": lambda a, b: a % b,
    "neg": lambda a: -a,
    "min": lambda *v: min(v[0] if isinstance(v[0], list) else v),
    "max": lambda *v: max(v[0] if isinstance(v[0], list) else v),
    "range": lambda start, count: list(range(start, start + min(count, 50))),
    "split": lambda text, by: text.split(by if isinstance(by, str) else by[0]),
    "join": lambda items, by: by.join(shown(item) for item in items),
    "replace": lambda text, old, new: text.replace(old, new),
    "substring": lambda text, start, length=None: text[start : None if length is None else start + length],
    "take": lambda value, number: value[:number],
    "skip": lambda value, number: value[number:],
    "startswith": lambda text, start: text.lower().startswith(start.lower()),
    "endswith": lambda text, end: text.lower().endswith(end.lower()),
    "indexof": lambda text, part: text.lower().find(part.lower()),
    "padleft": lambda text, width, fill=" ": str(text).rjust(width, fill),
    "union": _merge,
    "intersection": lambda a, b: [item for item in a if item in b],
    "createarray": lambda *items: list(items),
    "createobject": lambda *pairs: dict(zip(pairs[::2], pairs[1::2], strict=False)),
    "null": lambda: None,
    "true": lambda: True,
    "false": lambda: False,
    "any": lambda value: value,
    "tryget": lambda of, name: member(of, name),
}
