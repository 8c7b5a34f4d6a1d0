"""The values of a CloudFormation template: parameters, mappings, conditions and intrinsic functions.

Semantics: "Intrinsic function reference" and "Condition functions", AWS CloudFormation User Guide.
A value that only a deployment gives is `Unknown` with the reason; what a parameter's default says is
taken as the value, since it is what a deployment that says nothing gets.
"""

from __future__ import annotations

import base64
import dataclasses
import re
from collections.abc import Mapping
from typing import Any

from scanner.declared.located import DEEPEST, Block
from scanner.declared.model import Unknown

_TAGS = {
    "!Ref": "Ref",
    "!Condition": "Condition",
}
_FUNCTIONS = frozenset(
    "Ref Condition Fn::If Fn::Sub Fn::Join Fn::Select Fn::Split Fn::FindInMap Fn::GetAtt Fn::ImportValue "
    "Fn::Base64 Fn::GetAZs Fn::Cidr Fn::Transform Fn::And Fn::Or Fn::Not Fn::Equals Fn::Length "
    "Fn::ToJsonString Fn::ForEach".split()
)
_VARIABLE = re.compile(r"\$\{([^!}][^}]*)\}")
_RESOLVE = re.compile(r"\{\{resolve:")


@dataclasses.dataclass(frozen=True, slots=True)
class Pointer(Unknown):
    """A reference to another resource of the template: what it is will be known, what it is of is."""

    target: str = ""
    attribute: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Mixed(Unknown):
    """A text of which parts are not known; they stand as `${name}`."""

    text: str = ""
    targets: tuple[str, ...] = ()


class _Removed:
    """`AWS::NoValue`: as if the property were not there."""


REMOVED = _Removed()
_PSEUDO = {
    "AWS::AccountId": "the account is known at deployment",
    "AWS::Region": "the region is known at deployment",
    "AWS::StackName": "the stack's name is known at deployment",
    "AWS::StackId": "the stack's id is known at deployment",
    "AWS::NotificationARNs": "notification topics are given at deployment",
}


def tagged(tag: str, value: Any) -> Any:
    """A YAML tag (`!Sub`) in the long form (`Fn::Sub`)."""
    name = _TAGS.get(tag, "Fn::" + tag[1:])
    block = Block()
    if name == "Fn::GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    block[name] = value
    return block


class Values:
    """Evaluates one template."""

    def __init__(self, template: Mapping[str, Any], given: Mapping[str, Any] | None = None) -> None:
        """`given`: parameters set by a parent stack, already evaluated."""
        self.parameters = _mapping(template.get("Parameters"))
        self.resources = _mapping(template.get("Resources"))
        self._given = given or {}
        self._mappings = _mapping(template.get("Mappings"))
        self._conditions = _mapping(template.get("Conditions"))
        self._asked: list[str] = []

    # --- conditions: True, False, or None where nobody can know ----------------------------

    def condition(self, name: str) -> bool | None:
        if name in self._asked or name not in self._conditions:
            return None
        self._asked.append(name)
        try:
            return self.truth(self._conditions[name])
        finally:
            self._asked.pop()

    def truth(self, node: Any) -> bool | None:
        name, argument = function(node)
        if name is None:
            return node if isinstance(node, bool) else {"true": True, "false": False}.get(str(node).lower())
        parts = argument if isinstance(argument, list) else [argument]
        if name == "Condition":
            return self.condition(str(argument))
        if name == "Fn::Not":
            inner = self.truth(parts[0]) if parts else None
            return None if inner is None else not inner
        if name == "Fn::And":
            answers = [self.truth(part) for part in parts]
            return False if False in answers else None if None in answers else True
        if name == "Fn::Or":
            answers = [self.truth(part) for part in parts]
            return True if True in answers else None if None in answers else False
        if name == "Fn::Equals" and len(parts) == 2:
            left, right = self.value(parts[0]), self.value(parts[1])
            if isinstance(left, Unknown) or isinstance(right, Unknown):
                return None
            return _text(left) == _text(right)
        return None

    # --- values ---------------------------------------------------------------------------

    def value(self, node: Any, depth: int = 0) -> Any:
        """The value of a node in plain types, with `Unknown` where it cannot be known."""
        if depth > DEEPEST:
            return Unknown("nested too deeply to follow")
        name, argument = function(node)
        if name is not None:
            return self._call(name, argument, depth + 1)
        if isinstance(node, Mapping):
            out: dict[str, Any] = {}
            for key, inner in node.items():
                if key.startswith("Fn::ForEach"):
                    continue  # loops over resources are taken apart before (loops.py)
                value = self.value(inner, depth + 1)
                if value is not REMOVED:
                    out[key] = value
            return out
        if isinstance(node, list):
            values = (self.value(item, depth + 1) for item in node)
            return [value for value in values if value is not REMOVED]
        if isinstance(node, str) and _RESOLVE.search(node):
            return Mixed("resolved at deployment from a secret or parameter store", node)
        return node

    def _call(self, name: str, argument: Any, depth: int) -> Any:
        if name == "Ref":
            return self.reference(str(argument))
        if name == "Fn::If":
            return self._if(argument, depth)
        if name == "Fn::GetAtt":
            parts = argument if isinstance(argument, list) else str(argument).split(".", 1)
            target = str(parts[0]) if parts else ""
            attribute = ".".join(str(part) for part in parts[1:])
            return Pointer(f"{target}.{attribute} is known after deployment", target, attribute)
        if name == "Fn::Sub":
            return self._sub(argument, depth)
        if name == "Fn::Join":
            return self._join(argument, depth)
        if name == "Fn::FindInMap":
            return self._find(argument, depth)
        if name in ("Fn::Select", "Fn::Split", "Fn::Base64", "Fn::Length"):
            return self._pure(name, argument, depth)
        if name == "Fn::ToJsonString":
            return self.value(argument, depth)  # a policy is read from either form
        if name == "Fn::ImportValue":
            return Unknown("imported from another stack at deployment")
        return Unknown(f"{name} is worked out at deployment")

    def reference(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return REMOVED
        if name == "AWS::Partition":
            return "aws"
        if name == "AWS::URLSuffix":
            return "amazonaws.com"
        if name in _PSEUDO:
            return Unknown(_PSEUDO[name])
        if name in self.resources:
            return Pointer(f"{name} is known after deployment", name)
        if name in self._given:
            return self._given[name]
        if name not in self.parameters:
            return Unknown("it refers to something this template does not declare")
        parameter = _mapping(self.parameters[name])
        kind = str(parameter.get("Type", "String"))
        if kind.startswith("AWS::SSM::"):
            return Unknown(f"parameter {name} is read from the parameter store at deployment")
        if parameter.get("Default") is None:
            allowed = parameter.get("AllowedValues")
            if isinstance(allowed, list) and len(allowed) == 1:
                return allowed[0]
            return Unknown(f"parameter {name} has no default")
        default = parameter["Default"]
        if kind in ("CommaDelimitedList", "List<Number>") or kind.startswith("List<"):
            return [part.strip() for part in str(default).split(",") if part.strip()]
        return default

    def _if(self, argument: Any, depth: int) -> Any:
        if not isinstance(argument, list) or len(argument) != 3:
            return Unknown("Fn::If needs a condition and two values")
        answer = self.condition(str(argument[0]))
        if answer is not None:
            return self.value(argument[1 if answer else 2], depth)
        either, other = self.value(argument[1], depth), self.value(argument[2], depth)
        if either is REMOVED and other is REMOVED:
            return REMOVED
        if either == other and not isinstance(either, Unknown):
            return either
        return Unknown(f"condition {argument[0]} depends on what is given at deployment")

    def _sub(self, argument: Any, depth: int) -> Any:
        own: Mapping[str, Any] = {}
        if isinstance(argument, list):
            own = _mapping(argument[1]) if len(argument) > 1 else {}
            argument = argument[0] if argument else ""
        if not isinstance(argument, str):
            return Unknown("Fn::Sub needs a text")
        pieces: list[Any] = []
        last = 0
        for match in _VARIABLE.finditer(argument):
            pieces.append(argument[last : match.start()])
            last = match.end()
            name = match[1].strip()
            if name in own:
                pieces.append((name, self.value(own[name], depth)))
            elif "." in name:
                target, _, attribute = name.partition(".")
                pieces.append((name, Pointer(f"{name} is known after deployment", target, attribute)))
            else:
                pieces.append((name, self.reference(name)))
        pieces.append(argument[last:])
        return _together(pieces, "", unescape=True)

    def _join(self, argument: Any, depth: int) -> Any:
        if not isinstance(argument, list) or len(argument) != 2:
            return Unknown("Fn::Join needs a delimiter and a list")
        values = self.value(argument[1], depth)
        if not isinstance(values, list):
            return values if isinstance(values, Unknown) else Unknown("Fn::Join needs a list")
        return _together([(f"part {i}", value) for i, value in enumerate(values)], str(argument[0]))

    def _find(self, argument: Any, depth: int) -> Any:
        if not isinstance(argument, list) or len(argument) < 3:
            return Unknown("Fn::FindInMap needs a map and two keys")
        keys = [self.value(part, depth) for part in argument[:3]]
        at: Any = self._mappings
        for key in keys:
            if isinstance(key, Unknown):
                # A map in which every branch holds the same answer needs no key.
                return Unknown(f"which row of a mapping is used: {key.reason}")
            if not isinstance(at, Mapping) or _text(key) not in at:
                return Unknown("the mapping has no such key")
            at = at[_text(key)]
        return self.value(at, depth)

    def _pure(self, name: str, argument: Any, depth: int) -> Any:
        value = self.value(argument, depth)
        if isinstance(value, Unknown):
            return value
        if name == "Fn::Base64":
            return (
                base64.b64encode(value.encode()).decode() if isinstance(value, str) else Unknown("Fn::Base64")
            )
        if name == "Fn::Length":
            return len(value) if isinstance(value, list) else Unknown("Fn::Length needs a list")
        if not isinstance(value, list) or len(value) != 2:
            return Unknown(f"{name} needs two arguments")
        first, second = value
        if isinstance(second, Unknown):
            return second
        if isinstance(first, Unknown):
            return first
        if name == "Fn::Split":
            return str(second).split(str(first))
        try:
            return second[int(first)] if isinstance(second, list) else Unknown("Fn::Select needs a list")
        except (ValueError, IndexError, TypeError):
            return Unknown("Fn::Select names no item")


def function(node: Any) -> tuple[str | None, Any]:
    """(`Fn::Sub`, argument) if the node is a call of an intrinsic function."""
    if isinstance(node, Mapping) and len(node) == 1:
        ((name, argument),) = node.items()
        if name in _FUNCTIONS:
            # `Condition` is also a key of its own in policies and resources, where a mapping follows.
            if name == "Condition" and not isinstance(argument, str):
                return None, None
            if name == "Fn::Transform":
                return name, argument
            return name, argument
    return None, None


def _together(pieces: list[Any], delimiter: str, *, unescape: bool = False) -> Any:
    """The text of all pieces: strings, and (name, value) pairs whose values may be unknown."""
    texts: list[str] = []
    reasons: list[str] = []
    targets: list[str] = []
    for piece in pieces:
        if isinstance(piece, str):
            texts.append(piece.replace("${!", "${") if unescape else piece)
            continue
        name, value = piece
        if value is REMOVED:
            continue
        if isinstance(value, Pointer):
            targets.append(value.target)
            reasons.append(value.reason)
            texts.append("${" + value.target + ("." + value.attribute if value.attribute else "") + "}")
        elif isinstance(value, Mixed):
            targets.extend(value.targets)
            reasons.append(value.reason)
            texts.append(value.text)
        elif isinstance(value, Unknown):
            reasons.append(value.reason)
            texts.append("${" + name + "}")
        else:
            texts.append(_text(value))
    text = delimiter.join(texts)
    return Mixed(reasons[0], text, tuple(targets)) if reasons else text


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
