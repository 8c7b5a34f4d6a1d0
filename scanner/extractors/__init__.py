"""Bytes to fragments."""
