"""Expressions to values, in the three-valued way: what cannot be known stays `Unknown`."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import Any

from scanner.declared.model import Unknown
from scanner.declared.terraform.functions import FUNCTIONS, call
from scanner.declared.terraform.scope import Scope
from scanner.declared.terraform.syntax import template, text_of
from scanner.declared.terraform.values import Either, Ref, first_unknown, is_unknown, to_text

_ESCAPES = re.compile(r'\\(n|r|t|"|\\|u[0-9a-fA-F]{4})')
_PLAIN = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


def evaluate(node: Any, scope: Scope) -> Any:
    """The value of a syntax node, or of a value in JSON syntax."""
    if isinstance(node, str):
        if "${" not in node and "%{" not in node:
            return node
        inner = _json_template(node)
        if inner is None:
            return Unknown("template that does not parse")
        value = evaluate(inner, scope)
        return value.removesuffix("\n") if isinstance(value, str) else value
    if isinstance(node, dict):
        return {key: evaluate(value, scope) for key, value in node.items() if key != "//"}
    if isinstance(node, list):
        return [evaluate(value, scope) for value in node]
    if node is None or isinstance(node, (bool, int, float)):
        return node
    return _KINDS.get(node.type, _other)(node, scope)


@functools.lru_cache(maxsize=512)
def _json_template(text: str) -> Any:
    return template(text)


def _other(node: Any, scope: Scope) -> Any:
    named = [c for c in node.children if c.is_named]
    if len(named) == 1:
        return evaluate(named[0], scope)
    return Unknown(f"expression of a kind not evaluated ({node.type})")


def _expression(node: Any, scope: Scope) -> Any:
    """An expression with the steps (`.a`, `[0]`, `[*]`) that follow it."""
    children = [c for c in node.children if c.type not in ("(", ")", "comment")]
    if not children:
        return Unknown("empty expression")
    head, rest = children[0], children[1:]
    if head.type == "variable_expr":
        root = text_of(head)
        steps = [_step(c, scope) for c in rest]
        if root in scope.extra:
            return take(scope.extra[root], steps)
        if not steps and root in ("True", "False"):
            return root == "True"  # not HCL, but the intent is plain
        value, left = scope.names.lookup(root, steps)
        return take(value, left)
    value = evaluate(head, scope)
    return take(value, [_step(c, scope) for c in rest]) if rest else value


def _step(node: Any, scope: Scope) -> Any:
    """A key to take next; a splat is a tuple of the steps to take in every item."""
    if node.type == "get_attr":
        return text_of(node.children[-1])
    if node.type == "splat":
        inner = node.children[0]
        return ("*", [_step(c, scope) for c in inner.children if c.type in ("get_attr", "index")])
    if node.type == "index":
        node = node.children[0]
    if node.type == "new_index":
        return evaluate(node.children[1], scope)
    text = text_of(node).strip(".[]")
    return int(text) if text.isdigit() else Unknown("index that is not known")


def take(value: Any, steps: list[Any]) -> Any:
    for step in steps:
        if isinstance(step, tuple):
            if isinstance(value, Unknown):
                return value
            items = value if isinstance(value, list) else [] if value is None else [value]
            value = [take(item, step[1]) for item in items]
            continue
        if isinstance(value, Ref):
            value = Ref(value.reason, value.address, value.attribute or str(step))
            continue
        if isinstance(value, Unknown):
            return value
        if isinstance(step, Unknown):
            return step
        value = _item(value, step)
    return value


def _item(value: Any, step: Any) -> Any:
    if isinstance(step, dict | list):
        return Unknown("no attribute of that name")
    if isinstance(value, dict):
        if step in value:
            return value[step]
        if str(step) in value:
            return value[str(step)]
        if isinstance(step, int) and 0 <= step < len(value):
            return Unknown("index of a map")
        return Unknown(f"no attribute {step}")
    if isinstance(value, list):
        try:
            at = int(step)
        except (TypeError, ValueError):
            return take(value[0], [step]) if len(value) == 1 else Unknown(f"no attribute {step}")
        return value[at] if -len(value) <= at < len(value) else Unknown("index out of range")
    return Unknown(f"no attribute {step}")


def _literal(node: Any, scope: Scope) -> Any:
    inner = node.children[0]
    if inner.type == "string_lit":
        return _quoted(inner, scope)
    text = text_of(inner)
    if inner.type == "numeric_lit":
        number = float(text)
        return int(number) if number.is_integer() else number
    return {"true": True, "false": False}.get(text)


def _quoted(node: Any, scope: Scope) -> Any:  # noqa: ARG001 - one signature for every kind
    parts = [_unescape(text_of(c)) for c in node.children if c.type == "template_literal"]
    return "".join(parts)


def _unescape(text: str) -> str:
    def one(found: re.Match[str]) -> str:
        code = found[1]
        return chr(int(code[1:], 16)) if code[0] == "u" and len(code) > 1 else _PLAIN[code]

    return _ESCAPES.sub(one, text).replace("$${", "${").replace("%%{", "%{")


def _template(node: Any, scope: Scope) -> Any:
    inner = node.children[0]
    return _heredoc(inner, scope) if inner.type == "heredoc_template" else _quoted_template(inner, scope)


def _quoted_template(node: Any, scope: Scope) -> Any:
    parts = [c for c in node.children if c.type not in ("quoted_template_start", "quoted_template_end")]
    if len(parts) == 1 and parts[0].type == "template_interpolation":
        return _interpolated(parts[0], scope)
    return _joined(node, parts, scope, _unescape)


def _interpolated(node: Any, scope: Scope) -> Any:
    for child in node.children:
        if child.type == "expression":
            return evaluate(child, scope)
    return ""


def _heredoc(node: Any, scope: Scope) -> Any:
    children = node.children
    parts = children[2:-1]
    if not parts:
        return ""
    source = (node.text or b"").decode("utf-8", "replace")
    head, _, body = source.partition("\n")
    body = body.rpartition("\n")[0] + "\n"
    if all(part.type == "template_literal" for part in parts):
        # The grammar trims white space around literals; the text itself is whole.
        return _outdent(body, head).replace("$${", "${").replace("%%{", "%{")
    start = node.start_byte
    raw = node.text or b""
    at = raw.find(b"\n") + 1
    end = raw.rfind(b"\n") + 1
    out = ""
    for part in parts:
        first, last = part.start_byte - start, part.end_byte - start
        if part.type == "template_literal":
            out += raw[at:last].decode("utf-8", "replace")
        else:
            out += raw[at:first].decode("utf-8", "replace") + _part(part, scope)
        at = last
    out += raw[at:end].decode("utf-8", "replace")
    if len(parts) == 1 and not raw[raw.find(b"\n") + 1 : parts[0].start_byte - start].strip():
        only = parts[0]
        if only.type == "template_interpolation" and not raw[only.end_byte - start : end].strip():
            value = _interpolated(only, scope)
            if not isinstance(value, str):
                return value
    return _outdent(out, head).replace("$${", "${").replace("%%{", "%{")


def _outdent(body: str, head: str) -> str:
    if not head.startswith("<<-"):
        return body
    lines = body.split("\n")
    depth = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "\n".join(line[depth:] for line in lines)


def _joined(node: Any, parts: list[Any], scope: Scope, literal: Callable[[str], str]) -> str:
    """Parts as one text; bytes between them are white space that the grammar left out."""
    base, raw = node.start_byte, node.text or b""
    at = parts[0].start_byte - base if parts else 0
    if node.type == "quoted_template" and node.children and node.children[0].type == "quoted_template_start":
        at = node.children[0].end_byte - base
    out = ""
    for part in parts:
        out += raw[at : part.start_byte - base].decode("utf-8", "replace")
        out += literal(text_of(part)) if part.type == "template_literal" else _part(part, scope)
        at = part.end_byte - base
    return out


def _part(part: Any, scope: Scope) -> str:
    if part.type == "template_interpolation":
        return to_text(_interpolated(part, scope))
    if part.type == "template_directive":
        return _directive(part.children[0], scope)
    return text_of(part)


def _directive(node: Any, scope: Scope) -> str:
    children = node.children
    if node.type == "template_if":
        condition = evaluate(next(c for c in children[0].children if c.type == "expression"), scope)
        if not isinstance(condition, bool):
            return to_text(Unknown("template condition that is not known"))
        branch, taken = "", True
        for child in children[1:]:
            if child.type == "template_else_intro":
                taken = False
            elif child.type != "template_if_end" and taken is condition:
                branch += text_of(child) if child.type == "template_literal" else _part(child, scope)
        return branch
    intro = children[0]
    names = [text_of(c) for c in intro.children if c.type == "identifier"]
    items = evaluate(next(c for c in intro.children if c.type == "expression"), scope)
    if isinstance(items, Unknown):
        return to_text(items)
    out = ""
    for key, value in _pairs(items):
        inner = scope.plus(
            **(dict(zip(names, (key, value), strict=False)) if len(names) > 1 else {names[0]: value})
        )
        for child in children[1:]:
            if child.type != "template_for_end":
                out += text_of(child) if child.type == "template_literal" else _part(child, inner)
    return out


def _pairs(items: Any) -> list[tuple[Any, Any]]:
    if isinstance(items, dict):
        return list(items.items())
    return list(enumerate(items)) if isinstance(items, list) else []


def _tuple(node: Any, scope: Scope) -> list[Any]:
    return [evaluate(c, scope) for c in node.children if c.type == "expression"]


def _object(node: Any, scope: Scope) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for element in node.children:
        if element.type != "object_elem":
            continue
        key_node, value_node = [c for c in element.children if c.type == "expression"][:2]
        head = key_node.children[0]
        bare = head.type == "variable_expr" and len(key_node.children) == 1
        key = text_of(head) if bare else evaluate(key_node, scope)
        out[to_text(key)] = evaluate(value_node, scope)
    return out


def _for(node: Any, scope: Scope) -> Any:
    body = node.children[0]
    keyed = body.type == "for_object_expr"
    intro = next(c for c in body.children if c.type == "for_intro")
    names = [text_of(c) for c in intro.children if c.type == "identifier"]
    items = evaluate(next(c for c in intro.children if c.type == "expression"), scope)
    if isinstance(items, Unknown):
        return items
    results = [c for c in body.children if c.type == "expression"]
    condition = next((c for c in body.children if c.type == "for_cond"), None)
    grouped = any(c.type == "ellipsis" for c in body.children)
    out: list[Any] = []
    made: dict[str, Any] = {}
    for key, value in _pairs(items):
        inner = scope.plus(**({names[0]: key, names[1]: value} if len(names) > 1 else {names[0]: value}))
        if condition is not None:
            keep = evaluate(next(c for c in condition.children if c.type == "expression"), inner)
            if isinstance(keep, Unknown):
                return Unknown("filter that is not known")
            if keep is not True:
                continue
        if not keyed:
            out.append(evaluate(results[0], inner))
            continue
        name = to_text(evaluate(results[0], inner))
        if grouped:
            made.setdefault(name, []).append(evaluate(results[1], inner))
        else:
            made[name] = evaluate(results[1], inner)
    return made if keyed else out


def _conditional(node: Any, scope: Scope) -> Any:
    test, yes, no = [c for c in node.children if c.type == "expression"][:3]
    condition = boolean(evaluate(test, scope))
    if isinstance(condition, Unknown):
        first, second = evaluate(yes, scope), evaluate(no, scope)
        same = type(first) is type(second) and not isinstance(first, Unknown) and first == second
        if same or type(first) is Unknown or type(second) is Unknown:
            return first if same else condition
        return Either(condition.reason, (first, second))
    return evaluate(yes if condition else no, scope)


def boolean(value: Any) -> Any:
    """True, False or Unknown."""
    if isinstance(value, bool):
        return value
    if isinstance(value, Unknown):
        return value
    if isinstance(value, str) and value in ("true", "false"):
        return value == "true"
    return Unknown("condition that is neither true nor false")


def _operation(node: Any, scope: Scope) -> Any:
    inner = node.children[0]
    if inner.type == "unary_operation":
        value = _operand([c for c in inner.children[1:] if c.is_named and c.type != "comment"], scope)
        if isinstance(value, Unknown):
            return value
        if inner.children[0].type == "!":
            truth = boolean(value)
            return truth if isinstance(truth, Unknown) else not truth
        return -value if isinstance(value, (int, float)) else Unknown("minus a text")
    operands, operator = [], ""
    depth: list[Any] = []
    for child in inner.children:
        if child.type in ("(", ")", "comment"):
            continue
        if child.is_named and child.type not in ("get_attr", "index", "splat"):
            depth = [child]
            operands.append(depth)
        elif child.is_named:
            depth.append(child)
        else:
            operator = child.type
    left, right = (_operand(group, scope) for group in operands[:2])
    return _binary(operator, left, right)


def evaluate_operand(node: Any, scope: Scope) -> Any:
    return _operand([node], scope)


def _operand(group: list[Any], scope: Scope) -> Any:
    """An operand is an expression without its node: a head and the steps after it."""
    head, rest = group[0], group[1:]
    if head.type == "variable_expr":
        root = text_of(head)
        steps = [_step(c, scope) for c in rest]
        if root in scope.extra:
            return take(scope.extra[root], steps)
        value, left = scope.names.lookup(root, steps)
        return take(value, left)
    return take(evaluate(head, scope), [_step(c, scope) for c in rest])


def _binary(operator: str, left: Any, right: Any) -> Any:
    if operator in ("&&", "||"):
        a, b = boolean(left), boolean(right)
        decisive = operator == "||"
        if a is decisive or b is decisive:
            return decisive
        unknown = first_unknown(a, b)
        return unknown if unknown is not None else not decisive
    if operator in ("==", "!="):
        if (left is None or right is None) and (isinstance(left, Ref) or isinstance(right, Ref)):
            return operator == "!="  # a built resource's attribute is set
        if is_unknown(left) or is_unknown(right):
            unknown = first_unknown(left, right)
            return Unknown("text with a part that is not known") if unknown is None else unknown
        same = left == right or (
            left is not None and right is not None and not isinstance(left, (dict, list))
            and not isinstance(right, (dict, list)) and to_text(left) == to_text(right)
        )  # fmt: skip
        return same is (operator == "==")
    unknown = first_unknown(left, right)
    if unknown is not None:
        return unknown
    try:
        return _ARITHMETIC[operator](_number(left), _number(right))
    except (KeyError, ValueError, TypeError, ZeroDivisionError):
        return Unknown("arithmetic that is not defined")


def _number(value: Any) -> Any:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    number = float(value)
    return int(number) if number.is_integer() else number


_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / b,
    "%": lambda a, b: a % b, "<": lambda a, b: a < b, ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b, ">=": lambda a, b: a >= b,
}  # fmt: skip


def _call(node: Any, scope: Scope) -> Any:
    name = text_of(node.children[0]).rpartition("::")[2]
    arguments: list[Any] = []
    for child in node.children:
        if child.type != "function_arguments":
            continue
        nodes = [c for c in child.children if c.type == "expression"]
        spread = any(c.type == "ellipsis" for c in child.children)
        if name in ("try", "can"):
            return _try(name, nodes, scope)
        arguments = [evaluate(c, scope) for c in nodes]
        if spread and arguments:
            last = arguments.pop()
            if isinstance(last, Unknown):
                return last
            arguments += last if isinstance(last, list) else [last]
    if name in ("file", "templatefile", "filebase64"):
        return _file(name, arguments, scope)
    if name == "templatestring" or name not in FUNCTIONS:
        return Unknown(f"function {name} is not evaluated")
    return call(name, arguments)


def _try(name: str, nodes: list[Any], scope: Scope) -> Any:
    for node in nodes:
        value = evaluate(node, scope)
        failed = isinstance(value, Unknown) and value.reason.startswith(("no attribute", "index"))
        if name == "can":
            return value if isinstance(value, Unknown) and not failed else not failed
        if not failed:
            return value
    return Unknown("try without an answer")


def _file(name: str, arguments: list[Any], scope: Scope) -> Any:
    if not arguments or is_unknown(arguments[0]):
        return Unknown("path of a file that is not known")
    text = scope.names.file(str(arguments[0]))
    if name != "templatefile" or isinstance(text, Unknown) or len(arguments) < 2:
        return text
    if not isinstance(arguments[1], dict):
        return Unknown("variables of a template that are not known")
    inner = _json_template(text)
    return (
        Unknown("template that does not parse")
        if inner is None
        else evaluate(inner, Scope(scope.names, arguments[1]))
    )


_KINDS: dict[str, Callable[[Any, Scope], Any]] = {
    "expression": _expression,
    "literal_value": _literal,
    "string_lit": _quoted,
    "template_expr": _template,
    "quoted_template": _quoted_template,
    "heredoc_template": _heredoc,
    "tuple": _tuple,
    "object": _object,
    "for_expr": _for,
    "conditional": _conditional,
    "operation": _operation,
    "function_call": _call,
    "variable_expr": lambda node, scope: evaluate_operand(node, scope),
}
