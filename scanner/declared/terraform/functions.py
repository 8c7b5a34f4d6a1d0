"""Terraform's functions, as far as they decide what a store looks like."""

from __future__ import annotations

import base64
import binascii
import hashlib
import itertools
import json
import math
import re
from collections.abc import Callable
from typing import Any

from scanner.declared.model import Unknown
from scanner.declared.terraform.values import Ref, encode, first_unknown, is_unknown, to_text

# These answer although an argument is unknown, or part of it.
_TOLERANT = {"jsonencode", "yamlencode", "coalesce", "coalescelist", "format", "join", "tolist", "toset", "tomap",
             "list", "map", "compact", "merge", "concat", "lookup", "length", "flatten", "one", "tostring",
             "replace", "lower", "upper", "trimspace", "sensitive", "nonsensitive", "distinct"}  # fmt: skip


def call(name: str, arguments: list[Any]) -> Any:
    """The function's answer; Unknown where an argument is, or where it is not defined."""
    if name not in _TOLERANT:
        unknown = first_unknown(*arguments)
        if unknown is not None:
            return unknown
    try:
        return FUNCTIONS[name](*arguments)
    except (TypeError, ValueError, KeyError, IndexError, AttributeError, ArithmeticError, re.error,
            binascii.Error, RecursionError):  # fmt: skip
        unknown = first_unknown(*arguments)
        return (
            unknown
            if unknown is not None
            else Unknown(f"function {name} with arguments it is not defined for")
        )


def _coalesce(*values: Any) -> Any:
    for value in values:
        if isinstance(value, Unknown) or value not in (None, ""):
            return value
    return None


def _coalescelist(*values: Any) -> Any:
    return next((value for value in values if isinstance(value, Unknown) or value), [])


def _merge(*maps: Any) -> Any:
    out: dict[str, Any] = {}
    for one in maps:
        if isinstance(one, Unknown):
            return one
        out |= one or {}
    return out


def _concat(*lists: Any) -> Any:
    unknown = first_unknown(*lists)
    return unknown if unknown is not None else list(itertools.chain(*lists))


def _lookup(map: Any, key: Any, *default: Any) -> Any:
    if isinstance(map, Unknown) or isinstance(key, Unknown):
        return map if isinstance(map, Unknown) else key
    return map[key] if key in map else default[0]


def _join(sep: str, *lists: Any) -> Any:
    unknown = first_unknown(*lists)
    return sep.join(to_text(v) for items in lists for v in items) if unknown is None else unknown


def _length(value: Any) -> Any:
    if is_unknown(value):
        return value if isinstance(value, Unknown) else Unknown("length of a text that is not known")
    return len(value)


def _flatten(value: Any) -> Any:
    if isinstance(value, Unknown):
        return value
    out: list[Any] = []
    for item in value:
        out += _flatten(item) if isinstance(item, list) else [item]
    return out


def _distinct(value: Any) -> Any:
    if isinstance(value, Unknown):
        return value
    out: list[Any] = []
    for item in value:
        if isinstance(item, Unknown) or item not in out:
            out.append(item)
    return out


def _one(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    return value[0] if value else None


def _tostring(value: Any) -> Any:
    return value if isinstance(value, Unknown) or value is None else to_text(value)


def _tobool(value: Any) -> Any:
    return value if isinstance(value, bool) else {"true": True, "false": False}[value]


def _tonumber(value: Any) -> Any:
    number = float(value)
    return int(number) if number.is_integer() else number


def _replace(text: Any, old: Any, new: Any) -> Any:
    unknown = first_unknown(text, old, new)
    if unknown is not None:
        return unknown
    if len(old) > 1 and old[0] == old[-1] == "/":
        return re.sub(old[1:-1], re.sub(r"\$\{?(\d+)\}?", r"\\\1", new), text)
    return text.replace(old, new)


def _format(form: str, *values: Any) -> str:
    items = iter(values)

    def one(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return "%"
        value = next(items)
        if found[0][-1] in "dbox" and isinstance(value, (int, float)):
            return found[0].replace("b", "d") % int(value)
        return to_text(value)

    return re.sub(r"%[-+# 0]*\d{0,3}(?:\.\d{1,3})?[vsdqfgtbox%]", one, form)


def _slice(items: list[Any], start: int, end: int) -> list[Any]:
    return items[start:end]


def _element(items: list[Any], index: int) -> Any:
    return items[int(index) % len(items)]


def _setproduct(*sets: list[Any]) -> list[list[Any]]:
    _bounded(math.prod(map(len, sets)), _MOST_ITEMS)
    return [list(row) for row in itertools.product(*sets)]


def _range(*bounds: Any) -> list[int]:
    numbers = range(*map(int, bounds))
    _bounded(len(numbers), _MOST_IN_RANGE)
    return list(numbers)


def _indent(spaces: int, text: str) -> str:
    _bounded(spaces, _MOST_ITEMS)
    return text.replace("\n", "\n" + " " * spaces)


_MOST_IN_RANGE = 1024
"""Terraform's own limit ("range Function")."""
_MOST_ITEMS = 100_000


def _bounded(number: int, most: int) -> None:
    """Raise ValueError where a change that nobody has looked at yet asks for more than any real one does."""
    if number > most:
        raise ValueError


def _regex(pattern: str, text: str) -> Any:
    found = re.search(pattern, text)
    if found is None:
        raise ValueError
    return found.groupdict() or (list(found.groups()) if found.groups() else found[0])


def _text(change: Callable[[str], Any]) -> Callable[[Any], Any]:
    return lambda value: value if isinstance(value, Unknown) else change(to_text(value))


def _same(value: Any, *_: Any) -> Any:
    return value


def _digest(name: str) -> Callable[[str], str]:
    return lambda text: hashlib.new(name, text.encode(), usedforsecurity=False).hexdigest()


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "abs": abs, "ceil": math.ceil, "floor": math.floor, "max": max, "min": min, "pow": math.pow,
    "parseint": lambda text, base: int(text, base), "signum": lambda n: (n > 0) - (n < 0),
    "lower": _text(str.lower), "upper": _text(str.upper), "title": _text(str.title),
    "trimspace": _text(str.strip), "chomp": _text(lambda t: t.rstrip("\r\n")), "strrev": _text(lambda t: t[::-1]),
    "trim": lambda t, c: t.strip(c), "trimprefix": str.removeprefix, "trimsuffix": str.removesuffix,
    "startswith": str.startswith, "endswith": str.endswith, "strcontains": lambda t, s: s in t,
    "substr": lambda t, o, n: t[o:] if n < 0 else t[o : o + n],
    "split": lambda sep, text: text.split(sep), "replace": _replace, "format": _format,
    "join": _join,
    "indent": _indent,
    "formatlist": lambda form, items: [_format(form, item) for item in items],
    "regex": _regex, "regexall": lambda p, t: re.findall(p, t),
    "tostring": _tostring, "tobool": _tobool, "tonumber": _tonumber, "tolist": _same, "toset": _distinct,
    "tomap": _same, "list": lambda *v: list(v), "sensitive": _same, "nonsensitive": _same, "type": _same,
    "map": lambda *v: dict(zip(v[::2], v[1::2], strict=True)),
    "jsonencode": encode, "jsondecode": lambda text: json.loads(text),
    "yamlencode": encode, "base64encode": lambda t: base64.b64encode(t.encode()).decode(),
    "base64decode": lambda t: base64.b64decode(t).decode(), "urlencode": _same,
    "md5": _digest("md5"), "sha1": _digest("sha1"), "sha256": _digest("sha256"), "sha512": _digest("sha512"),
    "length": _length, "coalesce": _coalesce, "coalescelist": _coalescelist, "merge": _merge, "concat": _concat,
    "lookup": _lookup, "flatten": _flatten, "distinct": _distinct, "one": _one,
    "compact": lambda items: items if isinstance(items, Unknown) else [
        i for i in items if isinstance(i, Unknown) or i not in (None, "")],
    "contains": lambda items, value: value in items or (
        Unknown("list with items that are not known") if any(is_unknown(i) for i in items) else False),
    "index": lambda items, value: items.index(value), "element": _element, "slice": _slice,
    "keys": lambda m: sorted(m), "values": lambda m: [m[k] for k in sorted(m)],
    "zipmap": lambda k, v: dict(zip(map(to_text, k), v, strict=False)),
    "range": _range, "reverse": lambda items: items[::-1], "sort": sorted,
    "sum": sum, "alltrue": lambda items: all(i is True or i == "true" for i in items),
    "anytrue": lambda items: any(i is True or i == "true" for i in items),
    "setunion": lambda *s: _distinct([i for one in s for i in one]),
    "setintersection": lambda a, *s: [i for i in a if all(i in o for o in s)],
    "setsubtract": lambda a, b: [i for i in a if i not in b], "setproduct": _setproduct,
    "chunklist": lambda items, n: [items[i : i + n] for i in range(0, len(items), n)],
    "matchkeys": lambda v, k, s: [a for a, b in zip(v, k, strict=True) if b in s],
    "transpose": lambda m: {v: [k for k in m if v in m[k]] for items in m.values() for v in items},
    "basename": lambda p: p.rpartition("/")[2], "dirname": lambda p: p.rpartition("/")[0] or ".",
    "abspath": _same, "pathexpand": _same,
    "timestamp": lambda: Unknown("computed after apply"), "uuid": lambda: Unknown("computed after apply"),
    "plantimestamp": lambda: Unknown("computed after apply"),
    "cidrhost": lambda *_: Unknown("network address that is not evaluated"),
    "cidrsubnet": lambda *_: Unknown("network address that is not evaluated"),
}  # fmt: skip

__all__ = ["FUNCTIONS", "Ref", "call"]
