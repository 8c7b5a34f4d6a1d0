"""Runs, findings over time, and the journal that lets a killed run resume."""
