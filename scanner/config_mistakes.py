"""Mistakes in a configuration in plain words: what was expected, and which word was probably meant.

Never with the value that was given: it may be a password in the wrong place.
"""

from __future__ import annotations

import difflib
import typing
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, ValidationError

from scanner.errors import ConfigError, Problem
from scanner.yamlfile import Document, Path

_EXPECTED = {
    "tuple_type": "expected a list, such as [one, two]",
    "list_type": "expected a list, such as [one, two]",
    "dict_type": "expected keys and values",
    "model_type": "expected keys and values",
    "model_attributes_type": "expected keys and values",
    "string_type": "expected text (put it in quotes)",
    "path_type": "expected a path",
    "int_type": "expected a whole number",
    "int_parsing": "expected a whole number",
    "int_from_float": "expected a whole number",
    "float_type": "expected a number",
    "float_parsing": "expected a number",
    "bool_type": "expected true or false",
    "bool_parsing": "expected true or false",
    "date_type": "expected a date such as 2026-01-31",
    "date_parsing": "expected a date such as 2026-01-31",
    "date_from_datetime_parsing": "expected a date such as 2026-01-31",
    "date_from_datetime_inexact": "expected a date such as 2026-01-31",
    "missing": "is required",
}
"""Pydantic's error types that have words of their own; others keep pydantic's."""


def mistakes(error: ValidationError, model: type[BaseModel]) -> list[tuple[Path, str]]:
    """Where each mistake is, and what was expected there."""
    out = []
    for one in error.errors(include_input=False, include_url=False):
        path = tuple(one["loc"])
        if one["type"] == "extra_forbidden":
            out.append((path, unknown_key(str(path[-1]), _keys(model, path[:-1]))))
        else:
            message = str(one["msg"]).removeprefix("Value error, ")
            out.append((path, _EXPECTED.get(one["type"], message[:1].lower() + message[1:])))
    return out


def unknown_key(key: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(key, list(known), 1)
    return "is not a key that is known here" + (f"; is {near[0]!r} meant?" if near else "")


def located(error: ConfigError, document: Document) -> ConfigError:
    """The same problems with their file and line, for those that name a key of the document."""
    placed = []
    for problem in error.problems:
        if problem.file or not problem.key:
            placed.append(problem)
            continue
        path = tuple(int(step) if step.isdigit() else step for step in problem.key.split("."))
        line, column = document.position(path)
        placed.append(Problem(problem.message, document.file, line, column, problem.key))
    return type(error)(*placed)


def _keys(model: type[BaseModel], path: Path) -> Iterable[str]:
    """Keys that are known at a place of the model."""
    found: type[BaseModel] | None = model
    for step in path:
        if found is None:
            return ()
        if isinstance(step, str) and step in (names := _fields(found)):
            found = _part(names[step])
    return _fields(found) if found is not None else ()


def _fields(model: type[BaseModel]) -> dict[str, Any]:
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def _part(annotation: Any) -> type[BaseModel] | None:
    """The section inside `tuple[Section, ...]`, `dict[str, Section]`, `Section | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for inner in typing.get_args(annotation) if (found := _part(inner))), None)
