"""Reduce names that can name people: object keys, files, sheets, members.

One function, patterns and a lexicon only, no model, so that live stores, declared
stores and CI reduce alike. Names of scopes, stores, schemas, tables and columns are
the department's own words and stay as they are.
"""

from __future__ import annotations

import dataclasses
import functools
import re

from scanner.common.lexicon import words
from scanner.model import Gap, Place

_KEPT = frozenset({"schema", "table", "column"})
_DIGITS = re.compile(r"\d")
_EMAIL = re.compile(r"[^\s/\\@]+@[^\s/\\@]+")
_NINO = re.compile(r"(?<![A-Za-z])[A-Za-z]{2}[ _-]?\d\d[ _-]?\d\d[ _-]?\d\d[ _-]?[A-Da-d]?(?![A-Za-z])")
_POSTCODE = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z]{1,2}\d[A-Za-z\d]?[ _-]?\d[A-Za-z]{2}(?![A-Za-z0-9])", re.ASCII
)
_PLATE = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}[ _-]?[A-Za-z]{3}(?![A-Za-z0-9])")
# Extensions that are also somebody's name.
_EXTENSIONS = frozenset(
    "au avi bak deb dif doc dot geo key las line oda org ota ots ott pages pyc tex".split()
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def reduce_place(place: Place) -> Place:
    """The place as it may leave the run."""
    if all(kind in _KEPT for kind, _ in place.steps):
        return place
    return Place(
        tuple(
            (kind, reduce_column(name))
            if kind == "column"
            else (kind, name if kind in _KEPT else reduce_name(name))
            for kind, name in place.steps
        )
    )


def reduce_gap(gap: Gap) -> Gap:
    """The gap with its place reduced."""
    return dataclasses.replace(gap, place=reduce_place(gap.place)) if gap.place.steps else gap


@functools.lru_cache(maxsize=65536)
def reduce_name(name: str) -> str:
    """`hr/Okonkwo, Chidinma/QQ123456C 2024.docx` becomes `hr/(name)/(id) ####.docx`."""
    return "/".join(_segment(segment) for segment in name.split("/"))


@functools.lru_cache(maxsize=65536)
def reduce_column(name: str) -> str:
    """A column header of a file: kept, unless it looks like a value taken for a header."""
    out = _EMAIL.sub("(e-mail)", name)
    out = _NINO.sub("(id)", out)
    out = _POSTCODE.sub("(postcode)", out)
    if sum(map(str.isdigit, out)) > 4:
        out = _DIGITS.sub("#", out)
    return out


def _segment(segment: str) -> str:
    stem, dot, extension = segment.rpartition(".")
    if not dot or len(extension) > 8 or not extension.isalnum() or _is_name(extension.lower()):
        stem, dot, extension = segment, "", ""
    stem = _EMAIL.sub("(e-mail)", stem)
    stem = _NINO.sub("(id)", stem)
    stem = _PLATE.sub("(id)", stem)
    stem = _POSTCODE.sub("(postcode)", stem)
    stem = _people(stem)
    return _DIGITS.sub("#", stem) + dot + _DIGITS.sub("#", extension)


def _is_name(extension: str) -> bool:
    """Whether what looks like an extension may be somebody's: home folders are called `jane.smith`."""
    return extension not in _EXTENSIONS and (
        extension in words("surnames") or extension in words("forenames")
    )


def _people(stem: str) -> str:
    """Words that together name a person become one `(name)`."""
    spaced = _CAMEL.sub(" ", stem)
    found = list(_WORD.finditer(spaced))
    if not found:
        return stem
    # "Post", "Mark" and "May" are names and everyday words: alone they name a file, not a person.
    given, family = words("forenames"), words("surnames")
    common = words("everyday") | words("name_words")
    known = [
        (m.group().lower() in given, m.group().lower() in family, m.group().lower() in common) for m in found
    ]
    hide: set[int] = set()
    for index, (is_given, is_family, everyday) in enumerate(known):
        neighbours = [i for i in (index - 1, index + 1) if 0 <= i < len(known)]
        beside_a_name = any((known[i][0] or known[i][1]) and not known[i][2] for i in neighbours)
        if is_given and not everyday:
            hide.add(index)
            # Whatever stands beside a forename in a file name is most likely the surname.
            hide.update(i for i in neighbours if known[i][1] and not known[i][2])
        elif (is_family and not everyday) or ((is_given or is_family) and beside_a_name):
            hide.add(index)
    if not hide:
        return stem
    out, position, last_hidden = "", 0, False
    for index, match in enumerate(found):
        between = spaced[position : match.start()]
        if index in hide:
            if last_hidden and not any(map(str.isalnum, between)):
                pass
            else:
                out += between + "(name)"
            last_hidden = True
        else:
            out += between + match.group()
            last_hidden = False
        position = match.end()
    return out + spaced[position:]
