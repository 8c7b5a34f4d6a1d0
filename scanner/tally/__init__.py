"""Unit results to holdings and store summaries: counts, estimates and bounds."""

from scanner.tally.summary import StoreTally

__all__ = ["StoreTally"]
