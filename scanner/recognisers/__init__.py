"""Presidio behind a fast path, and the UK recognisers."""
