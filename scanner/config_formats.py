"""The configuration's words for formats: how much of a file is read, and text in pictures."""

from __future__ import annotations

from pydantic import Field

from scanner.config_types import Part, Size
from scanner.contracts import FormatCap


class FormatConfig(Part):
    """How much of one file of a format is read; the rest becomes a gap."""

    bytes: Size | None = Field(default=None, ge=1)
    rows: int | None = Field(default=None, ge=1)
    pages: int | None = Field(default=None, ge=1)
    chars: int | None = Field(default=None, ge=1)

    def cap(self) -> FormatCap:
        return FormatCap(self.bytes, self.rows, self.pages, self.chars)


class OcrConfig(Part):
    """Reading text in pictures and scanned pages (`pip install "dpscan[ocr]"`)."""

    pages: int = Field(default=2, ge=0, description="Pages and pictures read of one object; 0: none.")
    dpi: int = Field(default=300, ge=70, le=1200, description="Dots per inch at which pages are drawn.")
    language: str = Field(default="eng", pattern=r"^[A-Za-z_]+(\+[A-Za-z_]+)*$")
