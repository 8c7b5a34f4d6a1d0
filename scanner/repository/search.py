"""A repository's files to holdings, with the lines at which what counts stands."""

from __future__ import annotations

import bisect
import dataclasses
import functools
import re
import secrets
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scanner import plugins
from scanner.common import encoding
from scanner.contracts import TableFragment, TextFragment
from scanner.model import CellHits, ColumnResult, Detection, Gap, Holding, Place
from scanner.repository import columns, reading, texts
from scanner.repository.kinds import Kind, is_prose, kind_of, opens
from scanner.repository.masking import masked
from scanner.repository.walking import LARGEST, Found, Walk

if TYPE_CHECKING:
    from scanner.collect import Collector

STORE = "declared:repository"
"""Store id of everything that is committed: the same on every machine, so that fingerprints are too."""
_CHUNK = 500
"""Rows judged at once are bounded by the file's own size; texts are scanned so many at a time."""


@dataclasses.dataclass(frozen=True, slots=True)
class Committed:
    """One file with personal data in it."""

    path: str
    holding: Holding
    lines: tuple[int, ...]
    """1-based, rising: where what counts stands."""
    shown: str = ""
    """The first of these lines, without its literals."""


@dataclasses.dataclass(frozen=True, slots=True)
class Searched:
    """What a search of a repository gave."""

    found: tuple[Committed, ...]
    gaps: tuple[Gap, ...]
    files: int
    """How many were looked at."""


class Recognising:
    """The pattern and lexicon passes; `names` adds the names model. Presidio and spaCy stay out."""

    names_model = "none: patterns only"

    def __init__(self, *, names: bool = False) -> None:
        self._names = names

    @functools.cached_property
    def _uk(self) -> Any:
        return plugins.load("recognisers", "uk")()

    @functools.cached_property
    def _people(self) -> Any:
        return plugins.load("recognisers", "names")(None) if self._names else None

    def text(self, pieces: Sequence[str]) -> list[list[Detection]]:
        from scanner.overlaps import resolve

        pieces = list(pieces)  # columns hand over views that are read one by one
        out: list[list[Detection]] = []
        for at in range(0, len(pieces), _CHUNK):
            some = pieces[at : at + _CHUNK]
            out += [resolve(t, found) for t, found in zip(some, self._uk.text(some), strict=True)]
        return out

    def people(self, pieces: Sequence[str]) -> list[list[Detection]]:
        """Names found by the model; nothing unless that was asked for."""
        if self._people is None:
            return [[] for _ in pieces]
        return [
            [found for found in each if found.entity_type == "PERSON"] for each in self._people.text(pieces)
        ]

    def columns(self, table: Mapping[str, Sequence[str | None]]) -> dict[str, ColumnResult]:
        from scanner.columns import judge_columns

        ask = (lambda values: list(self._people.text(values))) if self._people is not None else None
        return judge_columns(
            table, identifiers=self._uk.identifiers(), detect_text=self.text, detect_names=ask
        )  # fmt: skip


class _Counting:
    """Counts what was decided beforehand, as a scan counts what it finds. Costs nothing until it is used."""

    names_model = ""

    def __init__(self, path: str) -> None:
        self._place = Place((("object", path),))
        self._found: list[list[Detection]] = []
        self._results: Mapping[str, ColumnResult] = {}

    @functools.cached_property
    def _collector(self) -> Collector:
        from scanner.collect import Collector

        # Digests are compared within this one file, so the key is thrown away with it.
        return Collector(self, secrets.token_bytes(32))

    def add_table(self, table: TableFragment, results: Mapping[str, ColumnResult]) -> None:
        self._results = results
        self._collector.add(TableFragment({name: table.columns[name] for name in results}, self._place))

    def add_text(self, text: str, found: list[Detection]) -> None:
        self._found.append(found)
        self._collector.add(TextFragment(text, self._place))

    def holding(self) -> Holding | None:
        from scanner.tally.holdings import holding

        tallies = self._collector.tallies()
        return holding(STORE, tallies[0], (), treat_test_data_as_real=False) if tallies else None

    # --- what the collector asks, in the order in which it was given

    def text(self, texts: Sequence[str]) -> list[list[Detection]]:
        taken, self._found = self._found[: len(texts)], self._found[len(texts) :]
        return taken

    def columns(self, columns: Mapping[str, Sequence[str | None]]) -> dict[str, ColumnResult]:
        return {name: self._results[name] for name in columns}


def search(
    root: Path,
    *,
    names: bool = False,
    wanted: Callable[[str], bool] | None = None,
    added: Mapping[str, Collection[int]] | None = None,
) -> Searched:
    """Look through a folder (or one file).

    `wanted`: whether a path (relative to `root`) is to be looked at. `added`: for files whose change
    is known, the lines that count; a file that is not named there counts whole.
    """
    recognising = Recognising(names=names)
    walk = Walk(root, wanted)
    found = []
    for file in walk.files():
        try:
            one = _committed(file, recognising, walk, None if added is None else added.get(file.path))
        except Exception as error:  # noqa: BLE001 - the boundary of a search: a bug costs one file, and says so
            walk.failed(file.path, type(error).__name__)
            continue
        if one is not None:
            found.append(one)
    return Searched(tuple(found), walk.gaps, walk.seen)


def _committed(
    file: Found, recognising: Recognising, walk: Walk, added: Collection[int] | None
) -> Committed | None:
    text = _text(file)
    finding = _Finding(file.path, text or "", recognising, added if text is not None else None)
    if text is not None:
        if not file.whole:
            walk.cut(file.path)
        kind = kind_of(file.path)
        for table in reading.tables(file.path, file.data, kind, text):
            finding.table(table)
        if not finding.where or kind not in (Kind.DELIMITED, Kind.SQL):
            finding.text(text, records=kind is not Kind.CREDITS)
        if is_prose(file.path):
            finding.names(text)
    elif not opens(file.path):
        walk.leave("binary files")
    elif not file.whole:
        walk.leave(f"workbooks, documents and archives over {LARGEST // 1_000_000} MB")
    else:
        for fragment in reading.opened(file.path, file.data):
            if isinstance(fragment, Gap):
                walk.leave("parts of workbooks, documents and archives that could not be read")
            elif isinstance(fragment, TableFragment):
                finding.table(fragment)
            else:
                finding.text(fragment.text, records=True)
                finding.names(fragment.text)
    return finding.result()


def _text(file: Found) -> str | None:
    as_written = encoding.detect(file.data[:65_536])
    return None if as_written is None else as_written.decode(file.data[as_written.bom :])


class _Finding:
    """What one file has shown so far, and at which lines."""

    def __init__(self, path: str, text: str, recognising: Recognising, added: Collection[int] | None) -> None:
        self._path, self._recognising, self._added = path, recognising, added
        self._lines, self._by_line = _Lines(text), bool(text)
        self._counting = _Counting(path)
        self.where: set[int] = set()

    def table(self, table: TableFragment) -> None:
        if table.rows < reading.FEWEST:
            return
        results = columns.counted(self._recognising.columns(table.columns), table.columns)
        results, rows = _within(results, table, self._lines, self._added)
        if results:
            self._counting.add_table(table, results)
            self.where |= rows

    def text(self, text: str, *, records: bool) -> None:
        for window in texts.look(text, self._recognising.text, records=records):
            at = [self._lines.of(window.start + d.start) for d in window.found]
            counts = [self._added is None or line in self._added for line in at]
            new = {line for line, counted in zip(at, counts, strict=True) if counted}
            # A table's cells are seen by the text pass again; what is opened has no lines to tell by.
            if new and (not self._by_line or not new <= self.where):
                kept = [d for d, counted in zip(window.found, counts, strict=True) if counted]
                self._counting.add_text(window.text, kept)
                self.where |= new

    def names(self, text: str) -> None:
        """With the names model: paragraphs that name people. A few names may be anybody's; from three
        different ones on they count (see `tally.holdings`)."""
        pieces = list(re.finditer(r"[^\n]+(?:\n[^\n]+)*", text))
        for match, found in zip(pieces, self._recognising.people([m[0] for m in pieces]), strict=True):
            at = {self._lines.of(match.start() + d.start) for d in found}
            if found and (self._added is None or at & set(self._added)):
                self._counting.add_text(match[0], found)
                self.where |= at

    def result(self) -> Committed | None:
        held = self._counting.holding() if self.where else None
        if held is None:
            return None
        numbers = tuple(sorted(self.where))
        return Committed(self._path, held, numbers, masked(self._lines.text(numbers[0])))


def _within(
    results: Mapping[str, ColumnResult], table: TableFragment, lines: _Lines, added: Collection[int] | None
) -> tuple[dict[str, ColumnResult], set[int]]:
    """The results with the hits on the lines that count, and these lines."""
    out: dict[str, ColumnResult] = {}
    where: set[int] = set()
    for name, result in results.items():
        at = lines.of_cells(f"{table.place.text}\0{name}", table.columns[name])
        hits = {}
        for kind, found in result.hits.items():
            kept = [i for i, row in enumerate(found.rows) if added is None or at[row] in added]
            if kept:
                rows = tuple(found.rows[i] for i in kept)
                spans = None if found.spans is None else tuple(found.spans[i] for i in kept)
                hits[kind] = CellHits(
                    rows, spans, min(found.validated, len(rows)), min(found.test_range, len(rows))
                )
                where |= {at[row] for row in rows}
        if hits:
            out[name] = dataclasses.replace(result, hits=hits)
    return out, where


class _Lines:
    """Offsets and cells to lines, 1-based."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *_after_newlines(text)]
        self._reached: dict[str, int] = {}

    def of(self, offset: int) -> int:
        return bisect.bisect_right(self._starts, offset)

    def text(self, line: int) -> str:
        end = self._starts[line] if line < len(self._starts) else len(self._text)
        return self._text[self._starts[line - 1] : end].rstrip("\n")

    def of_cells(self, column: str, cells: Sequence[str | None]) -> list[int]:
        """The line of each cell of a column (a table comes in batches), looked for in order; where it
        is written otherwise than it reads (escaped, quoted), the line of the one before."""
        at, out = self._reached.get(column, 0), []
        for cell in cells:
            found = self._text.find(cell, at) if cell else -1
            if found >= 0 and cell:
                out.append(self.of(found))
                at = found + len(cell)
            else:
                out.append(self.of(min(at, max(0, len(self._text) - 1))))
        self._reached[column] = at
        return out


def _after_newlines(text: str) -> Iterator[int]:
    at = text.find("\n")
    while at >= 0:
        yield at + 1
        at = text.find("\n", at + 1)
