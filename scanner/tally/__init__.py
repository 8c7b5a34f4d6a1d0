"""Unit results to holdings and store summaries: counts, estimates and bounds."""

from scanner.tally.summary import summarise

__all__ = ["summarise"]
