"""Keyed digests: the same thing is recognised again without keeping its name."""

from __future__ import annotations

import functools
from hashlib import blake2b
from pathlib import Path

from scanner.model import Unit


@functools.cache
def read_key(path: Path) -> bytes:
    """The key in a 0600 file beside the history."""
    return path.read_bytes()[:64]


def unit_key(key: bytes, unit: Unit) -> str:
    """Recognises a unit in a later run or after a crash; says nothing without the key."""
    name = f"{unit.store_id}\0{unit.id}".encode("utf-8", "surrogateescape")
    return blake2b(name, digest_size=12, key=key).hexdigest()


def order(seed: str, unit: Unit) -> bytes:
    """Position of a unit in the random order that a seed stands for."""
    name = f"{unit.store_id}\0{unit.id}".encode("utf-8", "surrogateescape")
    return blake2b(name, digest_size=8, key=seed.encode()[:64]).digest()
