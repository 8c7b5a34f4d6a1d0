"""Render a Report. Reporters never recompute."""
