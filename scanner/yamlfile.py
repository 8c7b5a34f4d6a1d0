"""YAML with positions: every mistake of a file is noted with line and column, none stops the reading."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from scanner.errors import Problem

Path = tuple[str | int, ...]
"""Keys and list positions from the top of the document."""

# libyaml's parser is some twenty times faster; wheels have it, a source build may not.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_MERGE = "tag:yaml.org,2002:merge"
_DEEPEST = 100
_LARGEST = 10_000
"""Nodes to which aliases may always come; beyond that, twenty times what is written."""


class Document:
    """One parsed file: `data` in plain types, and where each part of it stands."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.problems: list[Problem] = []
        self.data: Any = None
        self._nodes: dict[Path, Any] = {}
        try:
            node = yaml.compose(text, Loader=_LOADER)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
            self.problems.append(
                Problem(f"not valid YAML: {error.problem or error.context}", file, line, column)
            )
            return
        except yaml.reader.ReaderError as error:
            at = text[: max(0, int(error.position))]
            what = "a character that YAML does not allow"
            self.problems.append(
                Problem(f"not valid YAML: {what}", file, at.count("\n") + 1, len(at) - at.rfind("\n"))
            )
            return
        except (yaml.YAMLError, RecursionError) as error:
            self.problems.append(Problem(f"not valid YAML: {type(error).__name__}", file))
            return
        if node is not None and self._bounded(node):
            self.data = self._plain(node, ())

    def _bounded(self, top: Any) -> bool:
        """Whether what aliases stand for comes to an end, and is not blown up beyond reason by them.

        Counts each node once, bottom up: the sum for an alias is that of what it names.
        """
        sizes: dict[int, int] = {}
        within: set[int] = set()
        stack = [(top, False)]
        while stack:
            node, done = stack.pop()
            inner = _inside(node)
            if done:
                within.discard(id(node))
                sizes[id(node)] = 1 + sum(sizes[id(child)] for child in inner)
            elif id(node) in within:
                self._note_at(node, "an alias names something that it lies in")
                return False
            elif id(node) not in sizes:
                within.add(id(node))
                if len(within) > _DEEPEST:
                    self._note_at(node, f"nested more than {_DEEPEST} levels deep")
                    return False
                stack.append((node, True))
                stack.extend((child, False) for child in inner)
        if sizes[id(top)] > _LARGEST + 20 * len(sizes):
            self._note_at(top, "its aliases stand for far more than is written")
            return False
        return True

    def _note_at(self, node: Any, message: str) -> None:
        mark = node.start_mark
        self.problems.append(Problem(message, self.file, mark.line + 1, mark.column + 1))

    def _plain(self, node: Any, path: Path) -> Any:
        self._nodes[path] = node
        if isinstance(node, yaml.MappingNode):
            based_on = self._merged(node, path)
            out: dict[str, Any] = {}
            for key_node, value_node in node.value:
                if key_node.tag == _MERGE:
                    continue
                key = str(key_node.value)
                if key in out:
                    mark = key_node.start_mark
                    self.problems.append(
                        Problem(
                            "given twice", self.file, mark.line + 1, mark.column + 1, _dotted((*path, key))
                        )
                    )
                    continue
                out[key] = self._plain(value_node, (*path, key))
            return based_on | out
        if isinstance(node, yaml.SequenceNode):
            return [self._plain(item, (*path, i)) for i, item in enumerate(node.value)]
        return _scalar(node)

    def _merged(self, node: Any, path: Path) -> dict[str, Any]:
        """What `<<: *base` or `<<: [*one, *two]` brings in; of several the first says."""
        out: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if key_node.tag != _MERGE:
                continue
            for base in value_node.value if isinstance(value_node, yaml.SequenceNode) else [value_node]:
                if isinstance(base, yaml.MappingNode):
                    out = self._plain(base, path) | out
                else:
                    self._note_at(value_node, "`<<` needs the alias of keys and values")
        self._nodes[path] = node
        return out

    def note(self, path: Path, message: str, line: int = 1, column: int = 1) -> None:
        """A problem at `path`; `line` and `column` count within the text of that scalar."""
        at_line, at_column = self.position(path, line, column)
        self.problems.append(Problem(message, self.file, at_line, at_column, _dotted(path)))

    def position(self, path: Path, line: int = 1, column: int = 1) -> tuple[int, int]:
        """Line and column in the file of a place within the scalar at `path` (or its parent's)."""
        node = self._nodes.get(path)
        while node is None and path:
            path = path[:-1]
            node = self._nodes.get(path)
        if node is None:
            return (1, 1)
        mark = node.start_mark
        if not isinstance(node, yaml.ScalarNode):
            return (mark.line + 1, mark.column + 1)
        if node.style == "|":
            lines = self.text.splitlines()
            first = mark.line + 1
            while first < len(lines) and not lines[first].strip():
                first += 1
            indent = len(lines[first]) - len(lines[first].lstrip()) if first < len(lines) else 0
            return (first + line, indent + column)
        if line > 1 or node.end_mark.line != mark.line:
            return (mark.line + 1, mark.column + 1)  # folded: only the start is certain
        return (mark.line + 1, mark.column + column + (1 if node.style in ("'", '"') else 0))

    # --- typed access; each notes what is wrong and gives an empty value ------------------

    def get(self, path: Path) -> Any:
        value = self.data
        for step in path:
            if isinstance(value, Mapping):
                value = value.get(step)
            elif isinstance(value, list) and isinstance(step, int) and step < len(value):
                value = value[step]
            else:
                return None
        return value

    def keys(self, path: Path, allowed: Iterable[str]) -> Mapping[str, Any]:
        """The mapping at `path`; keys that are not allowed are noted."""
        value = self.get(path)
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            self.note(path, "needs keys and values")
            return {}
        known = tuple(allowed)
        for key in value:
            if key not in known:
                self.note((*path, key), f"not a key here; expected {', '.join(known)}")
        return value

    def string(self, path: Path, required: bool = False) -> str:
        value = self.get(path)
        if value is None:
            if required:
                self.note(path, "is missing")
            return ""
        if not isinstance(value, str):
            self.note(path, "needs a text (put it in quotes)")
            return ""
        text = value.strip()
        if required and not text:
            self.note(path, "is empty")
        return text

    def strings(self, path: Path) -> tuple[str, ...]:
        """A list of texts, or one text."""
        value = self.get(path)
        if value is None:
            return ()
        if isinstance(value, str):
            return (value,)
        if not isinstance(value, list):
            self.note(path, "needs a list of texts")
            return ()
        out = []
        for index, item in enumerate(value):
            if isinstance(item, str):
                out.append(item)
            else:
                self.note((*path, index), "needs a text (put it in quotes)")
        return tuple(out)

    def flag(self, path: Path) -> bool:
        value = self.get(path)
        if value is not None and not isinstance(value, bool):
            self.note(path, "needs true or false")
        return value is True

    def number(self, path: Path, default: int) -> int:
        value = self.get(path)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            self.note(path, "needs a whole number")
            return default
        return value

    def choice(self, path: Path, allowed: Iterable[str], required: bool = False) -> str:
        value = self.string(path, required)
        known = tuple(allowed)
        if value and value not in known:
            self.note(path, f"is {value!r}; expected one of {', '.join(known)}")
            return ""
        return value


def _inside(node: Any) -> list[Any]:
    if isinstance(node, yaml.MappingNode):
        return [part for pair in node.value for part in pair]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def _dotted(path: Path) -> str:
    return ".".join(str(step) for step in path)


def _scalar(node: Any) -> Any:
    kind = str(node.tag).rpartition(":")[2]
    value = node.value
    if kind == "null":
        return None
    if kind == "bool":
        return value.lower() in ("true", "yes", "on")
    if kind == "int":
        try:
            return int(value.replace("_", ""), 0)
        except ValueError:
            return value  # sexagesimal and octal of YAML 1.1: nobody means them
    if kind == "float":
        try:
            return float(value)
        except ValueError:
            return value
    return value
