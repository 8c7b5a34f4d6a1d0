"""Units of work and what comes back from examining them. Nothing here can hold a value."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence

from scanner.model.facts import WHOLE_STORE, Gap, Place
from scanner.model.states import Inspected, Presence, Sensitivity


@dataclasses.dataclass(frozen=True, slots=True)
class Span:
    """Part of an object, in bytes, end exclusive."""

    start: int
    end: int


@dataclasses.dataclass(frozen=True, slots=True)
class Unit:
    """A piece of a store that one worker reads. Holds true names, so it never leaves the run.

    `repr` shows the store only: object names can name people.
    """

    id: str = dataclasses.field(repr=False)
    """Stable within the store for the same content position (key plus span or sample round)."""
    store_id: str
    target: str
    """Configured target whose connector can read it."""
    place: Place = dataclasses.field(repr=False)
    size: int | None = None
    """Bytes this unit will read; None where unknown (tables)."""
    modified: dt.datetime | None = None
    version: str = ""
    """ETag, generation or mtime: changes when the content does."""
    stratum: str = dataclasses.field(default="", repr=False)
    """Population it is drawn from. "" is the store's own (objects: the core samples among
    them); a table is its own stratum, so that every table is read."""
    params: Mapping[str, str] = dataclasses.field(default_factory=dict, repr=False)
    """The connector's own words for reading it (names only, never secrets)."""


@dataclasses.dataclass(frozen=True, slots=True)
class Detection:
    """One hit in one text: positions and reasons, never the value."""

    entity_type: str
    start: int
    """Offset of the first character in the text given."""
    end: int
    """Offset after the last character."""
    score: float
    """0 to 1."""
    validated: bool = False
    """True if a check digit, issued range or equally strong check passed."""
    reasons: tuple[str, ...] = ()
    """Why, in the words `pattern …`, `check …`, `context …`, `header …`, `column …`, `model …`."""
    recogniser: str = ""
    test_range: bool = False
    """True if the value lies in a range reserved for tests or fiction."""


@dataclasses.dataclass(frozen=True, slots=True)
class CellHits:
    """Where one type was seen in a column: parallel row numbers and spans."""

    rows: Sequence[int] = dataclasses.field(repr=False)
    """Row numbers in the batch, rising; a row appears once per hit."""
    spans: tuple[tuple[int, int], ...] | None = dataclasses.field(default=None, repr=False)
    """Character spans, or None where the whole cell is the value."""
    validated: int = 0
    test_range: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class ColumnResult:
    """What one column holds."""

    entity_type: str | None
    """The one type that the column is made of, or None."""
    score: float = 0.0
    share: float = 0.0
    """Share of non-empty cells that are of `entity_type` (0 to 1)."""
    types: frozenset[str] = frozenset()
    """Types seen inside free text, or rare hits of other kinds."""
    special_categories: frozenset[str] = frozenset()
    """Article 9 entity types, e.g. `HEALTH`."""
    criminal_offence: bool = False
    reasons: tuple[str, ...] = ()
    test_range_share: float = 0.0
    possible: frozenset[str] = frozenset()
    """Those of the above that are only possible (free-text mentions)."""
    hits: Mapping[str, CellHits] = dataclasses.field(default_factory=dict, repr=False)


@dataclasses.dataclass(frozen=True, slots=True)
class TypeTally:
    """Counts of one entity type in one column (or text) of one container."""

    entity_type: str
    values: int = 0
    """Cells or mentions of this type."""
    validated: int = 0
    test_range: int = 0
    shapes: Mapping[str, int] = dataclasses.field(default_factory=dict)
    """Value shapes (`AA######A`) and how often, at most eight kept."""
    sketch: bytes = b""
    """Mergeable distinct-count sketch over keyed digests."""
    possible: bool = False
    hidden: int = 0
    """How many of the values sat where a reader would not see them."""
    score: float = 0.0


@dataclasses.dataclass(frozen=True, slots=True)
class PlaceTally:
    """What one unit (or many, merged) showed of one container place."""

    place: Place
    """Table, file, member or sheet; reduced."""
    records: int = 0
    """Rows (or text fragments) examined."""
    personal_records: int = 0
    """Rows (or fragments) with at least one personal value."""
    columns: Mapping[tuple[str, str], TypeTally] = dataclasses.field(default_factory=dict)
    """Keyed by (column name or "", entity type)."""
    free_text: bool = False
    parts: int = 1
    """Files (or table samples) merged into it."""
    oldest: dt.datetime | None = None
    newest: dt.datetime | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Sampled:
    """How a unit's own content was sampled (a table sampled in the database, say)."""

    population: int | None
    """Rows (or clusters) there are; None if unknown."""
    read: int
    """Rows read, or clusters where whole blocks were drawn."""
    random: bool
    """False for "the first N rows": then no bound can be given."""
    what: str = "rows"
    """What `population` and `read` count: `rows`, `blocks`, `spans`."""

    @property
    def complete(self) -> bool:
        return self.population is not None and self.read >= self.population


@dataclasses.dataclass(frozen=True, slots=True)
class UnitResult:
    """One examined unit. Holds counts, shapes and sketches, so it may be stored."""

    unit_key: str
    """Keyed digest of the unit's id; lets a later run find the unit again without its name."""
    store_id: str
    stratum_key: str = ""
    tallies: tuple[PlaceTally, ...] = ()
    gaps: tuple[Gap, ...] = ()
    bytes_read: int = 0
    sampled: Sampled | None = None
    """None means the unit was read whole."""
    modified: dt.datetime | None = None
    read: bool = True
    """False if nothing of it could be read (see gaps)."""


@dataclasses.dataclass(frozen=True, slots=True)
class Stratum:
    """One population of units within a store and how many of them were read."""

    key: str
    population: int
    """Units there are."""
    read: int
    """Units of it read."""
    random: bool = True
    bytes: int = 0
    bytes_read: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class Estimate:
    """A count with its 95 % bounds."""

    low: int
    high: int
    method: str = "counted"
    """`counted`, `sketched` (distinct values), `scaled` (from a sample) or `not estimated`."""

    def __str__(self) -> str:
        return f"{self.low:,}" if self.low == self.high else f"{self.low:,} to {self.high:,}"


@dataclasses.dataclass(frozen=True, slots=True)
class HoldingType:
    """One entity type in a holding, for people and rules."""

    entity_type: str
    column: str
    """Column name, or "" for free text."""
    values: int
    validated: int
    distinct: Estimate
    shape: str
    """Most frequent shape, "" where a shape would tell nothing (names, free text)."""
    presence: Presence
    test_range_share: float
    hidden: int = 0
    score: float = 0.0


@dataclasses.dataclass(frozen=True, slots=True)
class Holding:
    """What is known of the personal data at one place (table, file, member or sheet)."""

    store_id: str
    place: Place
    types: tuple[HoldingType, ...]
    sensitivity: Sensitivity
    records_examined: int
    records: Estimate
    """Rows (or text fragments) with personal data, scaled to what was not read."""
    individuals: Estimate
    special_categories: Mapping[str, Presence]
    """Article 9 category (lower case, as `entities.SPECIAL_CATEGORIES`) to YES or POSSIBLE."""
    criminal_offence: Presence
    test_range_share: float
    mostly_test_data: bool
    """More than half of the identifying values lie in test ranges."""
    oldest: dt.datetime | None = None
    newest: dt.datetime | None = None
    """Modification times of the units it was seen in (UTC)."""
    free_text: bool = False
    hidden: bool = False
    coverage: str = ""
    """For people: `300 of about 41,000 rows`, `all 12 files`."""


@dataclasses.dataclass(frozen=True, slots=True)
class StoreSummary:
    """One per store, always: what was looked at, and the highest of what was found."""

    store_id: str
    inspected: Inspected
    bound_reached: bool
    """True if everything was read or the sample supports the bound asked."""
    bound: float | None
    """At most this share of units can hold undetected personal data (95 %); None: no bound."""
    strata: tuple[Stratum, ...]
    sensitivity: Sensitivity | None
    """None where nothing was inspected."""
    personal: Presence
    records: Estimate
    individuals: Estimate
    test_range_share: float
    mostly_test_data: bool
    bytes_total: int = 0
    bytes_read: int = 0
    oldest: dt.datetime | None = None
    newest: dt.datetime | None = None
    note: str = ""
    """For people: what "not found" means here."""


__all__ = [
    "WHOLE_STORE",
    "CellHits",
    "ColumnResult",
    "Detection",
    "Estimate",
    "Holding",
    "HoldingType",
    "PlaceTally",
    "Sampled",
    "Span",
    "StoreSummary",
    "Stratum",
    "TypeTally",
    "Unit",
    "UnitResult",
]
