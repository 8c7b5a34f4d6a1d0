"""Numbers of people, and records of people, in source code and other text.

Only what stands around figures is shown to the recogniser: most lines of code hold none, and a
repository has to be looked through in seconds.
"""

from __future__ import annotations

import bisect
import dataclasses
import re
from collections.abc import Callable, Iterator, Sequence

from scanner.model import Detection
from scanner.repository.weighing import counts, facets, placeholder

Scan = Callable[[Sequence[str]], list[list[Detection]]]

_FIGURES = re.compile(r"\d(?:[ .\-/\u00a0]?\d){4}|<<")
"""Five digits, with a separator between any two: every number of a person holds that many."""
_AROUND = 200
"""Characters looked at before and after a figure, at most; labels stand nearer than that."""
_NEAR = 4
"""Lines that make one record."""
_RECORDS = 2
"""How many records of people a file of code must show: one is an example or an author."""
_WEAK = ("EMAIL_ADDRESS", "PHONE_NUMBER", "ADDRESS", "UK_POSTCODE", "DATE_OF_BIRTH")


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Window:
    """A piece of a text and what was found in it. Its repr shows no text."""

    text: str
    start: int
    found: tuple[Detection, ...]

    def __repr__(self) -> str:
        return f"<{len(self.found)} detections in {len(self.text)} characters>"


def look(text: str, scan: Scan, *, records: bool) -> list[Window]:
    """Windows with what counts in them. `records`: contact details and births count too, if they
    stand together as records do."""
    records = records and _RECORD.search(text) is not None
    spans = list(_windows(text, with_mail=records))
    pieces = [text[start:end] for start, end in spans]
    windows, weak = [], []
    for (start, _), piece, found in zip(spans, pieces, scan(pieces), strict=True):
        sure = [d for d in found if counts(d, piece)]
        loose = [
            d for d in found
            if d.entity_type in _WEAK and not d.test_range and not placeholder(piece[d.start : d.end])
        ]  # fmt: skip
        windows.append((start, piece, sure))
        weak.append([*loose, *(_named(piece) if records and (sure or loose) else ())])
    kept = _in_records(text, windows, weak) if records else [[] for _ in windows]
    return [
        Window(piece, start, tuple(sorted((*sure, *more), key=lambda d: d.start)))
        for (start, piece, sure), more in zip(windows, kept, strict=True)
        if sure or more
    ]


_RECORD = re.compile(r"\w@\w|(?<!\d)(?:19\d\d|200\d)(?!\d)|(?<!\d)0[1237]\d{2,4}\)? ?\d{3}")
"""What every record in code holds at least one of: a mail address, a year of birth, a telephone number."""
_NAMED = re.compile(
    r"(?<![a-z])(?:full_?|first_?|given_?|fore|sur|last_?|family_?)?name[\"']?\s?(?:[:=]|=>)\s?[\"']"
    r"(?P<name>[A-Z][a-z'’-]+(?: [A-Z][A-Za-z'’-]+){0,3})[\"']",
    re.IGNORECASE,
)
_NOBODY = frozenset(
    "doe bloggs smith test tester user example sample foo bar baz dummy admin person name public".split()
)


def _named(piece: str) -> Iterator[Detection]:
    """Names that stand as the value of a key that asks for one, and begin as people's names do."""
    for match in _NAMED.finditer(piece):
        from scanner.common.lexicon import words

        parts = match["name"].lower().split()
        if match["name"][:1].isupper() and parts[0] in words("forenames") and not _NOBODY & set(parts):
            yield Detection(
                "PERSON", *match.span("name"), 0.6, reasons=("lexicon names",), recogniser="lexicon"
            )


def _windows(text: str, *, with_mail: bool) -> Iterator[tuple[int, int]]:
    """Spans around figures (and mail addresses), in order, none overlapping."""
    found = _FIGURES_OR_MAIL if with_mail else _FIGURES
    start = end = -1
    for match in found.finditer(text):
        line = text.rfind("\n", max(0, match.start() - _AROUND), match.start()) + 1
        above = text.rfind("\n", max(0, line - _AROUND), line - 1) + 1 if line else 0
        left = above or line or max(0, match.start() - _AROUND)
        stop = text.find("\n", match.end(), match.end() + _AROUND)
        right = stop if stop >= 0 else min(len(text), match.end() + _AROUND)
        if left > end:
            if end >= 0:
                yield start, end
            start = left
        end = max(end, right)
    if end >= 0:
        yield start, end


_FIGURES_OR_MAIL = re.compile(rf"{_FIGURES.pattern}|\w@\w|\d[ \-/]\w")


def _in_records(
    text: str, windows: list[tuple[int, str, list[Detection]]], weak: list[list[Detection]]
) -> list[list[Detection]]:
    """The weak detections that stand within a few lines of one of another sort, if there are
    several such places, or one with a date of birth."""
    placed: list[tuple[int, int, Detection]] = []
    ends = [match.start() for match in re.finditer("\n", text)]
    for number, (start, _, sure) in enumerate(windows):
        for found in (*sure, *weak[number]):
            placed.append((bisect.bisect_left(ends, start + found.start), number, found))
    placed.sort(key=lambda item: item[0])
    out: list[list[Detection]] = [[] for _ in windows]
    groups: list[list[tuple[int, int, Detection]]] = []
    for item in placed:
        if groups and item[0] - groups[-1][0][0] < _NEAR:
            groups[-1].append(item)
        else:
            groups.append([item])
    told = [group for group in groups if len(facets(found.entity_type for _, _, found in group)) >= 2]
    births = any(found.entity_type == "DATE_OF_BIRTH" for group in told for _, _, found in group)
    if len(told) < _RECORDS and not births:
        return out
    for group in told:
        for _, number, found in group:
            if found in weak[number]:
                out[number].append(found)
    return out
