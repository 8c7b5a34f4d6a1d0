"""How much is read, and how politely: bounds that every plugin gets and none decides."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping


@dataclasses.dataclass(frozen=True, slots=True)
class FormatCap:
    """How much of one file of a format is read. None: no bound beyond the general ones."""

    bytes: int | None = None
    """Largest file that is opened (of text, the first so many bytes are read)."""
    rows: int | None = None
    """Rows of all its tables, with those of files found inside."""
    pages: int | None = None
    chars: int | None = None
    """Characters of running text."""


@dataclasses.dataclass(frozen=True, slots=True)
class Limits:
    """Politeness towards a host and bounds on memory. All configurable (`limits:`)."""

    connections_per_host: int = 2
    requests_in_flight: int = 8
    """Stores of a target that are asked about at once, before anything is read."""
    connect_timeout: float = 10.0
    """Seconds."""
    read_timeout: float = 30.0
    statement_timeout: float = 30.0
    lock_timeout: float = 1.0
    unit_timeout: float = 120.0
    """Seconds one unit may take to examine."""
    object_bytes: int = 256 * 1024 * 1024
    """Largest object (or member, unpacked) read whole; past it spans or a part are read."""
    span_bytes: int = 1024 * 1024
    """Size of one span of a split object."""
    spans: int = 32
    """Spans drawn at random from a split object."""
    archive_depth: int = 10
    archive_members: int = 1_000_000
    archive_bytes: int = 1024 * 1024 * 1024
    """Unpacked bytes in all, per archive."""
    archive_ratio: int = 200
    """Unpacked ÷ packed beyond which a member is taken for a bomb."""
    batch_rows: int = 200_000
    cell_chars: int = 100_000
    formats: Mapping[str, FormatCap] = dataclasses.field(default_factory=dict)
    """Extractor's name to the bounds of its formats."""
    ocr_pages: int = 2
    """Scanned pages and pictures of one object whose text is recognised; 0: none."""
    ocr_dpi: int = 300
    """Dots per inch at which pages are drawn for it."""
    ocr_language: str = "eng"
    """As Tesseract names its models; several joined by `+`."""


@dataclasses.dataclass(slots=True)
class PageBudget:
    """Pages that may still be read by optical character recognition, in one object and all inside it."""

    left: int

    def take(self) -> bool:
        """True if one more page may be read."""
        self.left -= 1
        return self.left >= 0
