"""Conditions in CEL (Common Expression Language), asked with three answers.

CEL's `&&`, `||`, `!`, `exists` and `all` are Kleene's when an unknown is a name *left
unbound*: `true || x` is true and `x && false` is false whatever `x` is, anything else that
needs `x` comes back as an error value. `Condition.ask` turns that into True, False or None.

Holdings are open-world, so `holdings.exists(h, P)` and `holdings.all(h, P)` are folded here
rather than inside CEL: `P` is compiled by itself over typed variables `h.special`, … (a
missing field is an unbound variable), asked once per distinct set of fields, and the answers
folded. A list that may have more members than were seen ends in an unknown, whatever `P`
says. It also lifts CEL's budget of 10,000 iterations, which a large store would exceed.

Language: https://github.com/google/cel-spec (package `cel-expr-python`, Google's C++ runtime).
"""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from scanner.ruleset.lint import Mistake, Quantified, Token, check, inputs_of, quantifiers, tokens
from scanner.ruleset.variables import BOOL, HOLDING_FIELDS, HOLDINGS, INT, MAP, STRING, STRINGS, VARIABLES

Answer = bool | None
"""None is "cannot tell"."""

_MOST_QUANTIFIERS = 8
_POSITION = re.compile(r"ERROR: <input>:(\d+):(\d+): (.*)")


class BadExpression(Exception):
    """An expression does not load; every mistake found, with its place in the source."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("; ".join(m.message for m in mistakes))


class RuleFault(Exception):
    """An expression with all its inputs known gave no answer: a bug in the rule.

    The message is CEL's (it may quote names of stores and places, never content).
    """


@dataclasses.dataclass(frozen=True, slots=True)
class Quantifier:
    """One `holdings.exists(h, …)` or `holdings.all(h, …)`."""

    kind: Literal["exists", "all"]
    fields: tuple[str, ...]
    inputs: tuple[str, ...]
    program: Any = dataclasses.field(repr=False, compare=False)

    def about(self, holding: Mapping[str, Any], bound: Mapping[str, Any]) -> Answer:
        """The predicate's answer for one holding."""
        data = {name: bound[name] for name in self.inputs if name in bound}
        data |= {f"h.{name}": holding[name] for name in self.fields if name in holding}
        complete = len(data) == len(self.inputs) + len(self.fields)
        return _evaluate(self.program, data, complete)

    def decides(self, answer: Answer) -> bool:
        """True if one such holding settles the whole."""
        return answer is (self.kind == "exists")

    def fold(self, holdings: Iterable[Mapping[str, Any]], more: bool, bound: Mapping[str, Any]) -> Answer:
        """`more`: there may be holdings that were not seen."""
        cache: dict[tuple[Any, ...], Answer] = {}
        doubt = more
        for holding in holdings:
            key = tuple(_frozen(holding.get(name, _MISSING)) for name in self.fields)
            if key not in cache:
                cache[key] = self.about(holding, bound)
                if self.decides(cache[key]):
                    return self.kind == "exists"
                doubt = doubt or cache[key] is None
        return None if doubt else self.kind == "all"


_MISSING = object()


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


@dataclasses.dataclass(frozen=True, slots=True)
class Condition:
    """A compiled expression."""

    source: str
    inputs: tuple[str, ...]
    """Variables it names, sorted; `holdings` where it quantifies over them."""
    quantifiers: tuple[Quantifier, ...]
    program: Any = dataclasses.field(repr=False, compare=False)
    outer: tuple[str, ...] = ()
    """Variables named outside the quantifiers."""

    def ask(self, bound: Mapping[str, Any], holdings: Sequence[Mapping[str, Any]], more: bool) -> Answer:
        """True, False or None.

        `bound` holds the known variables by name, `holdings` one mapping a holding with the
        fields that are known, `more` says that others may exist. Raises RuleFault.
        """
        data = {name: bound[name] for name in self.outer if name in bound}
        complete = len(data) == len(self.outer)
        for number, quantifier in enumerate(self.quantifiers):
            answer = quantifier.fold(holdings, more, bound)
            if answer is None:
                complete = False
            else:
                data[f"q{number}"] = answer
        return _evaluate(self.program, data, complete)


def compile_condition(source: str, subjects: tuple[str, ...]) -> Condition:
    """Check and compile. Raises BadExpression with every mistake that could be found."""
    found = tokens(source)
    mistakes = check(found, source, subjects)
    if mistakes:
        raise BadExpression(mistakes)
    outer_env, inner_env = _environments()
    parts = quantifiers(found)
    if len(parts) > _MOST_QUANTIFIERS:
        raise BadExpression([_at(source, found[0], f"more than {_MOST_QUANTIFIERS} questions to holdings")])
    compiled: list[Quantifier] = []
    outer_source = source
    for number, part in enumerate(parts):
        # Blanked rather than cut, so that CEL's line and column stay those of the source.
        inner_source = _blank(source[: part.body_start]) + source[part.body_start : part.body_end]
        program = _compile(inner_env, inner_source, mistakes)
        body = [t for t in found if part.body_start <= t.start < part.body_end]
        compiled.append(Quantifier(part.kind, _fields(body), inputs_of(body), program))
        span = outer_source[part.start : part.end]
        name = f"q{number}"
        outer_source = (
            outer_source[: part.start] + name + _blank(span)[len(name) :] + outer_source[part.end :]
        )
    program = _compile(outer_env, outer_source, mistakes)
    if mistakes:
        raise BadExpression(mistakes)
    outside = [t for t in found if not any(p.start <= t.start < p.end for p in parts)]
    outer = inputs_of(outside)
    inputs = set(outer).union(*(q.inputs for q in compiled), [HOLDINGS] if parts else [])
    return Condition(source, tuple(sorted(inputs)), tuple(compiled), program, outer)


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def _fields(body: Sequence[Token]) -> tuple[str, ...]:
    named = {
        body[i + 2].text
        for i, token in enumerate(body[:-2])
        if token.text == "h" and token.kind == "name" and body[i + 1].text == "."
    }
    return tuple(sorted(named & set(HOLDING_FIELDS)))


def _at(source: str, token: Token, message: str) -> Mistake:
    line = source.count("\n", 0, token.start) + 1
    return Mistake(message, line, token.start - source.rfind("\n", 0, token.start))


@functools.cache
def _types() -> Any:
    from cel_expr_python import cel  # type: ignore[import-untyped]

    kinds = {
        BOOL: cel.Type.BOOL,
        INT: cel.Type.INT,
        STRING: cel.Type.STRING,
        STRINGS: cel.Type.List(cel.Type.STRING),
        MAP: cel.Type.Map(cel.Type.STRING, cel.Type.STRING),
    }
    return cel, kinds


@functools.cache
def _environments() -> tuple[Any, Any]:
    """(for whole expressions, for what is asked of one holding)."""
    cel, kinds = _types()
    variables = {name: kinds[variable.type] for name, variable in VARIABLES.items()}
    answers = {f"q{number}": cel.Type.BOOL for number in range(_MOST_QUANTIFIERS)}
    fields = {f"h.{name}": kinds[field.type] for name, field in HOLDING_FIELDS.items()}
    return cel.NewEnv(variables=variables | answers), cel.NewEnv(variables=variables | fields)


def _compile(env: Any, source: str, mistakes: list[Mistake]) -> Any:
    cel, _ = _types()
    try:
        program = env.compile(source)
    except RuntimeError as error:  # the library's only kind of error
        places = [Mistake(m[3], int(m[1]), int(m[2])) for m in _POSITION.finditer(str(error))]
        mistakes.extend(places or [Mistake(str(error).partition("\n")[0], 1, 1)])
        return None
    if program.return_type() != cel.Type.BOOL:
        column = len(source) - len(source.lstrip()) + 1
        line = source[: column - 1].count("\n") + 1
        mistakes.append(
            Mistake(f"gives {program.return_type().name()} where true or false is needed", line, column)
        )
    return program


def _evaluate(program: Any, data: Mapping[str, Any], complete: bool) -> Answer:
    """BOOL is an answer; anything else is doubt if an input was missing, and a bug if none was.

    The value of an error is a (truthy) string, so the type is looked at first.
    """
    cel, _ = _types()
    try:
        result = program.eval(data=data)
    except RuntimeError as error:  # the iteration budget raises; other errors come back as values
        raise RuleFault(str(error)) from error
    if result.type() == cel.Type.BOOL:
        return bool(result.value())
    if not complete:
        return None
    raise RuleFault(str(result.value()))


__all__ = ["Answer", "BadExpression", "Condition", "Quantified", "RuleFault", "compile_condition"]
