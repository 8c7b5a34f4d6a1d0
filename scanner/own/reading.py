"""The department's recognisers from YAML; every mistake of a file is told at once, with line and key."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path as FilePath
from typing import TypeGuard

from scanner.common import check_digits
from scanner.errors import ConfigError, Problem
from scanner.own.recogniser import Check, OwnIdentifier, OwnRecogniser
from scanner.yamlfile import Document, Path

_KEYS = (
    "name",
    "entity_type",
    "pattern",
    "check",
    "context",
    "headers",
    "needs_context",
    "case_sensitive",
    "examples",
)
_CHECK_KEYS = ("kind", "weights", "modulus", "remainder")
_TYPE = re.compile(r"[A-Z][A-Z0-9_]{2,39}")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")


def read(text: str, file: str) -> tuple[OwnIdentifier, ...]:
    """The recognisers of one file. `file`: its name, for messages.

    Raises ConfigError with every problem: unknown keys, patterns that are not valid or could match nothing,
    examples that are not recognised as they should be.
    """
    document = Document(text, file)
    if document.problems:
        raise ConfigError(*document.problems)
    document.keys((), ("recognisers",))
    listed = document.get(("recognisers",))
    if not isinstance(listed, list) or not listed:
        document.note(("recognisers",), "needs a list, each with name, entity_type, pattern and examples")
        raise ConfigError(*document.problems)
    found = [_one(document, ("recognisers", i)) for i in range(len(listed))]
    names = [own.name for own in found if own]
    for i, name in enumerate(names):
        if name in names[:i]:
            document.note(("recognisers", i, "name"), f"another recogniser is called {name!r} already")
    if document.problems:
        raise ConfigError(*document.problems)
    return tuple(own for own in found if own)


def read_files(files: Sequence[FilePath]) -> tuple[OwnIdentifier, ...]:
    """The recognisers of several files. Raises ConfigError with the problems of the first file that has any."""
    found: list[OwnIdentifier] = []
    for file in files:
        try:
            text = file.read_text("utf-8-sig")
        except OSError as error:
            raise ConfigError(
                Problem(f"cannot be read ({(error.strerror or '').lower()})", str(file))
            ) from None
        except UnicodeDecodeError:
            raise ConfigError(Problem("is not UTF-8 text", str(file))) from None
        found += read(text, str(file))
    return tuple(found)


def _one(document: Document, path: Path) -> OwnIdentifier | None:
    before = len(document.problems)
    document.keys(path, _KEYS)
    name = document.string((*path, "name"), required=True)
    if name and not _NAME.fullmatch(name):
        document.note((*path, "name"), "needs lower-case letters, digits and hyphens, e.g. housing-reference")
    entity_type = document.string((*path, "entity_type"), required=True)
    if entity_type and not _TYPE.fullmatch(entity_type):
        document.note(
            (*path, "entity_type"), "needs capitals, digits and underscores, e.g. HOUSING_REFERENCE"
        )
    pattern = document.string((*path, "pattern"), required=True)
    _pattern(document, (*path, "pattern"), pattern)
    check = _check(document, (*path, "check"))
    needs_context = document.flag((*path, "needs_context"))
    ignore_case = not document.flag((*path, "case_sensitive"))
    context = tuple(word.lower() for word in document.strings((*path, "context")))
    if needs_context and not context:
        document.note((*path, "context"), "is missing, though needs_context is true")
    headers = tuple(word.lower() for word in document.strings((*path, "headers")))
    if len(document.problems) > before:
        return None
    own = OwnIdentifier(name, entity_type, pattern, check, context, headers, needs_context, ignore_case)
    _examples(document, (*path, "examples"), own)
    return own


def _pattern(document: Document, path: Path, pattern: str) -> None:
    if not pattern:
        return
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        document.note(path, f"is not a regular expression: {error.msg}", 1, (error.pos or 0) + 1)
        return
    if compiled.groupindex:
        document.note(path, "may have no named groups")
    if compiled.match(""):
        document.note(path, "matches nothing at all as well; it must need at least one character")
    if _runs_away(pattern):
        document.note(
            path,
            "is not one that can be matched in linear time: look-around and back-references are not allowed",
        )


def _runs_away(pattern: str) -> bool:
    """Whole columns are matched by RE2, which refuses what may take for ever."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        pc.match_substring_regex(pa.array([""]), pattern)
    except pa.ArrowInvalid:
        return True
    return False


def _check(document: Document, path: Path) -> Check | None:
    value = document.get(path)
    if value is None:
        return None
    if isinstance(value, str):
        if value in check_digits.NAMED:
            return Check(value)
        document.note(path, f"expected one of {', '.join(check_digits.NAMED)}, or weights and modulus")
        return None
    document.keys(path, _CHECK_KEYS)
    if not isinstance(value, dict):
        return None
    weights, modulus, remainder = value.get("weights"), value.get("modulus"), value.get("remainder", 0)
    if value.get("kind", "weighted") != "weighted":
        document.note((*path, "kind"), "is `weighted` where weights are given")
    if not _whole(weights):
        document.note((*path, "weights"), "needs a list of whole numbers, one for each digit")
        return None
    if not isinstance(modulus, int) or not 2 <= modulus <= 1000:
        document.note((*path, "modulus"), "needs a whole number from 2 to 1000")
        return None
    if not isinstance(remainder, int) or not 0 <= remainder < modulus:
        document.note((*path, "remainder"), f"needs a whole number from 0 to {modulus - 1}")
        return None
    return Check("weighted", tuple(weights), modulus, remainder)


def _whole(weights: object) -> TypeGuard[list[int]]:
    return isinstance(weights, list) and len(weights) >= 2 and all(isinstance(w, int) for w in weights)


def _examples(document: Document, path: Path, own: OwnIdentifier) -> None:
    """Each recogniser brings its own test: what it must find, and what it must not."""
    document.keys(path, ("match", "no_match"))
    hits, misses = document.strings((*path, "match")), document.strings((*path, "no_match"))
    if not hits or not misses:
        document.note(path, "needs at least one text under match and one under no_match (invented ones)")
        return
    for key, texts, wanted in (("match", hits, True), ("no_match", misses, False)):
        for number, found in enumerate(_found(own, texts)):
            if found is not wanted:
                document.note(
                    (*path, key, number),
                    "is not recognised" if wanted else "is recognised, and should not be",
                )


def _found(own: OwnIdentifier, texts: Sequence[str]) -> list[bool]:
    return [bool(found) for found in OwnRecogniser([own]).text(texts)]
