"""YAML that remembers where each key stood, and refuses a key given twice."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from scanner.errors import ConfigError, Problem

Path_ = tuple[str | int, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Document:
    """One parsed file."""

    file: str
    data: Any
    marks: dict[Path_, tuple[int, int]]
    """Key path to (line, column), 1-based."""

    def problem(self, path: Sequence[str | int], message: str) -> Problem:
        """A problem at the deepest part of `path` that stands in the file."""
        key = tuple(path)
        while key and key not in self.marks:
            key = key[:-1]
        line, column = self.marks.get(key, (0, 0))
        return Problem(message, self.file, line, column, ".".join(str(part) for part in path))


def load(file: Path) -> Document:
    """Parse one file. Raises ConfigError naming file and line."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ConfigError(Problem(f"cannot be read ({(error.strerror or '').lower()})", str(file))) from None
    except UnicodeDecodeError:
        raise ConfigError(Problem("is not UTF-8 text", str(file))) from None
    return parse(text, str(file))


def parse(text: str, file: str) -> Document:
    """Parse text. Raises ConfigError for bad YAML and for every key given twice."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        data = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = f"is not YAML: {error.problem or error.context}"
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        raise ConfigError(Problem(message, file, line, column)) from None
    except (yaml.YAMLError, ValueError) as error:
        raise ConfigError(Problem(f"is not YAML: {type(error).__name__}", file)) from None
    marks: dict[Path_, tuple[int, int]] = {}
    problems: list[Problem] = []
    if node is not None:
        _walk(node, (), marks, problems, file)
    if problems:
        raise ConfigError(*problems)
    return Document(file, data, marks)


def _walk(
    node: yaml.Node, path: Path_, marks: dict[Path_, tuple[int, int]], problems: list[Problem], file: str
) -> None:
    marks.setdefault(path, (node.start_mark.line + 1, node.start_mark.column + 1))
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            where = key.start_mark.line + 1, key.start_mark.column + 1
            if key.value in seen:
                problems.append(Problem(f"the key {key.value!r} is given twice", file, *where))
            seen.add(key.value)
            marks[(*path, key.value)] = where
            _walk(value, (*path, key.value), marks, problems, file)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            _walk(value, (*path, index), marks, problems, file)
