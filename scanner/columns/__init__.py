"""Columns judged as columns: header, values, checks against chance, neighbours."""

from scanner.columns.judge import judge_columns

__all__ = ["judge_columns"]
